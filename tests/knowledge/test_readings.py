from __future__ import annotations

from pathlib import Path

import pytest

from bot.knowledge import readings
from bot.knowledge.read import read_folder
from bot.knowledge.readings import ChangingError, Readings
from tests.knowledge.folder import ENTRY, write

BOTOX = "botox/how-long-does-it-last.md"


@pytest.fixture
def parsed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The ids of the files that were parsed."""
    ids: list[str] = []
    real = readings.read_entry

    def read(path: Path, id_: str, sheet: object) -> object:
        ids.append(id_)
        return real(path, id_, sheet)  # type: ignore[arg-type]  # a Sheet

    monkeypatch.setattr(readings, "read_entry", read)
    return ids


def test_what_is_read_again_is_what_reading_anew_gives(tmp_path: Path) -> None:
    """With the lines of every field, in this process and in the next."""
    folder = write(tmp_path)
    mine = Readings(tmp_path / "kept")
    for reader in (mine, mine, Readings(tmp_path / "kept")):
        assert reader.read(folder) == read_folder(folder)


def test_only_what_has_changed_is_parsed(tmp_path: Path, parsed: list[str]) -> None:
    folder = write(tmp_path)
    Readings(tmp_path / "kept").read(folder)
    parsed.clear()
    (folder / BOTOX).write_text(ENTRY.replace("Most people", "Many people"))
    reading = Readings(tmp_path / "kept").read(folder)
    assert parsed == ["botox/how-long-does-it-last"]
    assert reading.knowledge.entries[parsed[0]].short.startswith("Many people")


def test_problems_are_told_each_time(tmp_path: Path) -> None:
    folder = write(tmp_path, {BOTOX: ENTRY.replace("title:", "tittle:")})
    for _ in range(2):
        reading = Readings(tmp_path / "kept").read(folder)
        assert any("tittle" in problem.format() for problem in reading.problems)


def test_what_is_kept_may_be_damaged_or_lost(tmp_path: Path) -> None:
    folder = write(tmp_path)
    file = tmp_path / "kept" / readings.FILE_NAME
    for content in (b"", b"[]", b'{"a": 1', b"\xff\xfe"):
        Readings(file.parent).read(folder)
        file.write_bytes(content)
        assert Readings(file.parent).read(folder) == read_folder(folder)
    file.write_text(file.read_text().replace('"title"', '"titel"'))
    assert Readings(file.parent).read(folder) == read_folder(folder)


def test_files_that_never_settle_are_said_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = write(tmp_path)
    real, count = readings.read_folder, 0

    def read_and_save(*args: object) -> object:
        nonlocal count
        count += 1
        (folder / BOTOX).write_text(ENTRY + "\n" * count)
        return real(*args)  # type: ignore[arg-type]  # as it was called

    monkeypatch.setattr(readings, "read_folder", read_and_save)
    with pytest.raises(ChangingError, match="try again"):
        Readings().read(folder)
