"""What the tests of the whole product need, published and trained once for all of them.

`python -m tests.made` makes it, unless it was made before of the same files.
"""

from __future__ import annotations

import fcntl
import hashlib
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import bot.lean  # noqa: F401  # before Rasa

from bot.settings import ROOT, VAR, Settings, database_in_environment

SECRET = "a-key-of-the-tests-of-32-characters"
MADE = VAR / "tests"
"""What the last test session published and trained."""


def make(home: Path | None = None) -> None:
    """Make the database and the model, which takes some minutes unless they were made before of the
    same files, and copy them to `home`. While one process makes them, others wait for it.
    """
    with _alone():
        kept = MADE / _fingerprint()
        if not kept.is_dir():
            shutil.rmtree(MADE, ignore_errors=True)
            MADE.mkdir(parents=True)
            part = MADE / "part"
            _make(part)
            part.rename(kept)
        if home is not None:
            shutil.copytree(kept, home, dirs_exist_ok=True)


def settings_in(home: Path) -> Settings:
    """Of a database, models and computed numbers in a folder."""
    return Settings(
        database_url=f"sqlite:///{home / 'advisor.db'}",
        model_dir=home / "models",
        kept_dir=home / "kept",
        secret_key=SECRET,
    )


def _make(folder: Path) -> None:
    from bot.knowledge import kept as what_was_computed
    from bot.knowledge.build import build
    from bot.knowledge.cores import cores
    from bot.knowledge.encode import Encoder
    from bot.knowledge.publish import publish
    from bot.knowledge.read import read
    from bot.store.session import engine_for, migrate
    from bot.training import train

    folder.mkdir()
    settings = settings_in(folder)
    engine = engine_for(settings.database_url)
    migrate(engine)
    knowledge, _ = read(settings.knowledge_dir)
    encoder = Encoder.load(settings.encoder_dir, cores())
    built = build(knowledge, encoder)
    what_was_computed.save(settings.kept_dir, built)
    publish(engine, knowledge, encoder, "the tests", "", date.today(), built=built)
    engine.dispose()
    with database_in_environment(settings.database_url):
        train(settings)


@contextmanager
def _alone() -> Iterator[None]:
    VAR.mkdir(exist_ok=True)
    with (VAR / "tests.lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _fingerprint() -> str:
    """Of everything that the database and the model are made from."""
    from bot.training import model_path

    rooms = [ROOT / "knowledge", *(ROOT / "bot" / room for room in ("knowledge", "store"))]
    files = [path for room in rooms for path in room.rglob("*") if "__pycache__" not in path.parts]
    digest = hashlib.sha256(model_path(Settings()).name.encode())
    others = ("bot/advice/normalise.py", "requirements.lock", "tests/made.py")
    for path in sorted([*files, *(ROOT / name for name in others)]):
        if path.is_file():
            digest.update(str(path.relative_to(ROOT)).encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:16]


if __name__ == "__main__":
    make()
