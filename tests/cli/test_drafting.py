from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

import pytest

from bot.cli.drafting import draft
from bot.cli.failure import Failure
from bot.knowledge.live import live
from bot.settings import Settings
from bot.store.records import list_publications
from bot.store.session import engine_for, migrate

ID = "botox/how-long-does-it-last"


@pytest.fixture
def settings(folder: Path) -> Settings:
    return Settings.from_env()


def edit(folder: Path, before: str, after: str) -> None:
    path = folder / f"{ID}.md"
    text = path.read_text(encoding="utf-8")
    assert before in text
    path.write_text(text.replace(before, after), encoding="utf-8")


def test_files_are_what_this_process_answers_from_and_nothing_is_published(
    settings: Settings, folder: Path
) -> None:
    engine = engine_for(settings.database_url)
    migrate(engine)
    edit(folder, "three to four months", "three to five months")
    with draft(settings) as private:
        assert private.database_url != settings.database_url
        assert Settings.from_env() == private
        assert "three to five months" in live().current().knowledge.entries[ID].short
    assert list_publications(engine) == []
    assert Settings.from_env() == settings
    assert not Path(private.database_url.removeprefix("sqlite:///")).exists()


def test_draft_is_an_answer_while_it_is_tried(settings: Settings, folder: Path) -> None:
    edit(folder, "status: sourced", "status: draft")
    with draft(settings):
        assert ID in live().current().knowledge.entries


def test_problems_are_printed_and_do_not_stop_the_trial(
    settings: Settings, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    edit(folder, "[retinol/how-to-start]", "[retinol/how-to-stat]")
    with draft(settings):
        assert ID in live().current().knowledge.entries
    assert "Did you mean 'retinol/how-to-start'?" in capsys.readouterr().err


def test_entry_without_a_text_is_left_out(settings: Settings, folder: Path) -> None:
    edit(folder, "title: How long Botox lasts", "titel: How long Botox lasts")
    with draft(settings):
        assert set(live().current().knowledge.entries) == {
            "retinol/how-to-start",
            "safety/pregnancy",
        }


def test_no_clinic_is_a_failure_and_leaves_the_environment_alone(
    settings: Settings, folder: Path
) -> None:
    (folder / "clinic.yml").unlink()
    before = dict(os.environ)
    with pytest.raises(Failure, match=r"clinic\.yml"), draft(settings):
        pass
    assert dict(os.environ) == before


def test_environment_without_an_address_is_left_without_one(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.delenv("DATABASE_URL")
    with draft(replace(settings, database_url=f"sqlite:///{tmp_path / 'other.db'}")):
        assert "DATABASE_URL" in os.environ
    assert "DATABASE_URL" not in os.environ
