from __future__ import annotations

from pathlib import Path

import pytest

from bot.cli.failure import Failure
from bot.knowledge.encode import Encoder, EncoderError
from tests.cli.conftest import Run
from tests.knowledge.folder import CLINIC, ENTRY


def break_two(root: Path) -> None:
    entry = root / "botox" / "how-long-does-it-last.md"
    entry.write_text(ENTRY.replace("[retinol/how-to-start]", "[retinol/how-to-stat]"))
    (root / "clinic.yml").write_text(CLINIC.replace("country: uk", "country: fr"))


def test_sound_folder_prints_nothing(run: Run) -> None:
    result = run("check")
    assert (result.exit_code, result.stdout) == (0, "")


def test_every_problem_is_printed_and_the_status_is_1(run: Run, folder: Path) -> None:
    break_two(folder)
    result = run("check", "--fast")
    assert result.exit_code == 1
    assert result.stdout.splitlines() == [
        "knowledge/botox/how-long-does-it-last.md:19: [related]"
        " there is no entry 'retinol/how-to-stat'.",
        "    What to do: Did you mean 'retinol/how-to-start'?",
        "knowledge/clinic.yml:3: [country] 'fr' has no line in crisis_lines.",
        "    What to do: Add 'fr: ...' to crisis_lines.",
        "knowledge/clinic.yml:3: [country] 'fr' has no line in emergency_numbers.",
        "    What to do: Add 'fr: ...' to emergency_numbers.",
    ]


def test_paths_choose_what_is_reported(run: Run, folder: Path) -> None:
    break_two(folder)
    assert "clinic.yml" not in run("check", "--fast", str(folder / "botox")).stdout
    assert "botox" not in run("check", "--fast", str(folder / "clinic.yml")).stdout
    result = run("check", "--fast", str(folder / "retinol"))
    assert (result.exit_code, result.stdout) == (0, "")


def test_path_that_is_not_there_or_elsewhere_is_a_failure(
    run: Run,
    folder: Path,
    tmp_path: Path,
) -> None:
    for path in (folder / "nowhere.md", tmp_path):
        result = run("check", "--fast", str(path))
        assert isinstance(result.exception, Failure)
        assert str(path) in str(result.exception)


def test_warnings_are_printed_and_the_status_is_0(run: Run, folder: Path) -> None:
    (folder / "notes.txt").write_text("x")
    result = run("check", "--fast")
    assert result.exit_code == 0
    assert "knowledge/notes.txt:1: warning:" in result.stdout


def test_overlaps_are_listed_on_request(run: Run, folder: Path) -> None:
    path = folder / "retinol" / "how-to-start.md"
    path.write_text(path.read_text().replace("pea of retinol cream at night", "botox fades until"))
    assert "botox fades until" not in run("check").stdout
    result = run("check", "--overlaps")
    assert "search would find 'botox/" in result.stdout or "is nearer to 'botox/" in result.stdout


def test_without_the_encoder_it_says_so_and_fast_works(
    run: Run,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def refuse(_folder: Path, _threads: int = 1) -> Encoder:
        raise EncoderError("no encoder here")

    monkeypatch.setattr(Encoder, "load", refuse)
    result = run("check")
    assert isinstance(result.exception, Failure)
    assert "no encoder here" in str(result.exception) and "--fast" in str(result.exception)
    assert run("check", "--fast").exit_code == 0


def test_database_is_not_needed(
    run: Run,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://nobody@127.0.0.1:1/none")
    assert run("check").exit_code == 0
