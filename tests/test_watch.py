"""Saved files go live by themselves when they are sound, and in no other case."""

from __future__ import annotations

import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy.engine import Engine

from bot.desk import Desk
from bot.knowledge import readings
from bot.knowledge.encode import Encoder
from bot.knowledge.live import Live
from bot.knowledge.publish import rollback
from bot.settings import Settings
from bot.store.records import list_publications
from bot.store.session import engine_for, migrate
from bot.watch import SETTLED_S, Watch
from tests.conftest import SECRET
from tests.knowledge.folder import ENTRY, WordEncoder, write

ID = "botox/how-long-does-it-last"


@pytest.fixture(scope="module", autouse=True)
def _no_model() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Encoder, "load", lambda _folder, _threads=1: WordEncoder())
        yield


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with the small folder, published, and what checking it has kept."""
    home = tmp_path_factory.mktemp("watch")
    made = at(home, write(home))
    migrate(engine(made))
    desk = Desk(made)
    desk.publish(engine(made), desk.examine(), "AB", "first")
    engine(made).dispose()
    return home


@pytest.fixture
def place(published: Path, tmp_path: Path) -> Settings:
    """A copy of it."""
    shutil.copytree(published, tmp_path, dirs_exist_ok=True)
    return at(tmp_path, tmp_path / "knowledge")


def at(home: Path, knowledge: Path) -> Settings:
    return Settings(
        database_url=f"sqlite:///{home / 'advisor.db'}",
        kept_dir=home / "kept",
        knowledge_dir=knowledge,
        secret_key=SECRET,
    )


def engine(settings: Settings) -> Engine:
    return engine_for(settings.database_url)


def short(settings: Settings) -> str:
    return Live(engine(settings)).current().knowledge.entries[ID].short


def save(settings: Settings, old: str, new: str) -> None:
    (settings.knowledge_dir / f"{ID}.md").write_text(ENTRY.replace(old, new))


def watching(settings: Settings) -> tuple[Watch, list[str]]:
    said: list[str] = []
    watch = Watch(settings, engine(settings), "the watch", said.append)
    watch.prepare()
    return watch, said


def look_until(watch: Watch, done: Callable[[], bool], seconds: float = 10) -> None:
    """Let it look, as its process does, until something has come true."""
    end = time.monotonic() + seconds
    while not done():
        assert time.monotonic() < end, "it has not come true"
        watch.look()
        time.sleep(0.02)


def rest(watch: Watch, seconds: float = 3 * SETTLED_S) -> None:
    """Let it look for long enough that a settled save would have been published."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        watch.look()
        time.sleep(0.02)


def test_a_sound_save_is_live(place: Settings) -> None:
    watch, said = watching(place)
    assert said == []
    save(place, "Most people", "Many people")
    look_until(watch, lambda: bool(said))
    assert short(place).startswith("Many people")
    newest = list_publications(engine(place))[0]
    assert (newest.author, newest.note) == ("the watch", f"saved {ID}")
    assert newest.digest[:12] in said[0]


def test_a_faulty_save_is_reported_once_and_the_mended_one_is_live(place: Settings) -> None:
    watch, said = watching(place)
    save(place, "Most people", "We guarantee that most people")
    look_until(watch, lambda: bool(said))
    rest(watch)
    assert "'guarantee' promises a result" in "\n".join(said)
    assert len([line for line in said if "guarantee" in line]) == 1
    assert short(place).startswith("Most people")
    save(place, "Most people", "Nearly all people")
    look_until(watch, lambda: short(place).startswith("Nearly all"))


def test_a_file_that_is_written_slowly_is_not_published_by_halves(place: Settings) -> None:
    """Each half would pass the check."""
    watch, said = watching(place)
    path = place.knowledge_dir / f"{ID}.md"
    parts = ENTRY.replace("Most people", "Slow people").split("\n## What")
    with path.open("w") as file:
        file.write(parts[0] + "\n")
        file.flush()
        for line in ("\n## What" + parts[1]).splitlines(keepends=True):
            rest(watch, SETTLED_S / 2)
            assert short(place).startswith("Most people")
            file.write(line)
            file.flush()
    look_until(watch, lambda: bool(said))
    assert "very long use" in Live(engine(place)).current().knowledge.entries[ID].more
    assert len(list_publications(engine(place))) == 2


def test_files_that_change_while_they_are_read_are_read_again(
    place: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is live is one state of the folder, never some files before and some after."""
    path, other = place.knowledge_dir / f"{ID}.md", place.knowledge_dir / "retinol/how-to-start.md"
    real, changed = readings.read_entry, False

    def read_and_save_another(*args: object) -> object:
        nonlocal changed
        if not changed:
            changed = True
            path.write_text(ENTRY.replace("Most people", "Both people"))
            other.write_text(other.read_text().replace("two nights", "both nights"))
        return real(*args)

    watch, said = watching(place)
    save(place, "Most people", "Only people")
    monkeypatch.setattr(readings, "read_entry", read_and_save_another)
    look_until(watch, lambda: bool(said))
    entries = Live(engine(place)).current().knowledge.entries
    assert "Both people" in entries[ID].short
    assert "both nights" in entries["retinol/how-to-start"].short


def test_what_was_rolled_back_does_not_come_back_with_another_save(place: Settings) -> None:
    watch, said = watching(place)
    save(place, "Most people", "Wrong people")
    look_until(watch, lambda: bool(said))
    rollback(engine(place), None, "AB", WordEncoder())
    other = place.knowledge_dir / "retinol/how-to-start.md"
    other.write_text(other.read_text().replace("two nights", "three nights"))
    look_until(watch, lambda: len(said) > 1)
    assert ID in said[1] and "rollback" in said[1]
    assert short(place).startswith("Most people")
    save(place, "Most people", "Right people")
    look_until(watch, lambda: short(place).startswith("Right people"))
    assert (
        "three nights"
        in Live(engine(place)).current().knowledge.entries["retinol/how-to-start"].short
    )


def test_what_was_changed_before_it_began_is_told_and_not_published(place: Settings) -> None:
    save(place, "Most people", "Earlier people")
    watch, said = watching(place)
    rest(watch)
    assert ID in said[0] and "advisor publish" in said[0]
    assert short(place).startswith("Most people")


def test_what_is_computed_at_rest_is_ended_by_a_save(
    place: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It takes up to a minute, and a save must not wait for it."""
    long = [sys.executable, "-c", "import time; time.sleep(60)"]
    begun: list[subprocess.Popen[bytes]] = []

    def check_everything() -> subprocess.Popen[bytes]:
        begun.append(subprocess.Popen(long))
        return begun[-1]

    monkeypatch.setattr("bot.watch._check_everything", check_everything)
    monkeypatch.setattr("bot.watch.REST_S", 0.2)
    watch, _ = watching(place)
    save(place, "Most people", "Many people")
    look_until(watch, lambda: bool(begun))
    assert short(place).startswith("Many people") and begun[0].poll() is None
    save(place, "Most people", "Some people")
    look_until(watch, lambda: short(place).startswith("Some people"))
    assert begun[0].poll() is not None
    look_until(watch, lambda: len(begun) == 2)
    watch.end_rest()
    assert begun[1].poll() is not None


def test_a_file_that_is_moved_and_one_that_is_deleted_are_taken(place: Settings) -> None:
    watch, said = watching(place)
    (place.knowledge_dir / "retinol/how-to-start.md").rename(
        place.knowledge_dir / "retinol/begin.md"
    )
    save(place, "retinol/how-to-start", "retinol/begin")
    look_until(watch, lambda: bool(said))
    assert set(Live(engine(place)).current().knowledge.entries) == {
        ID,
        "retinol/begin",
        "safety/pregnancy",
    }
