"""Publishes what staff save, as soon as it is saved and sound; what is not is only reported.

It runs beside the server as a process of its own, so that nothing of it delays a visitor.
"""

from __future__ import annotations

import logging
import multiprocessing
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterable
from multiprocessing.process import BaseProcess
from pathlib import Path

from sqlalchemy.engine import Engine

from bot.desk import Desk, Examined, live_or_none
from bot.knowledge.live import Publication
from bot.knowledge.publish import Changes, PublishError, changes
from bot.knowledge.readings import ChangingError, Stamp, stamp
from bot.knowledge.weights import EncoderError
from bot.knowledge.wordings import FOLDER as WORDINGS
from bot.settings import Settings
from bot.store.records import newest_publication_id
from bot.store.session import StoreError, engine_for

logger = logging.getLogger(__name__)

LOOK_EVERY_S = 0.1
SETTLED_S = 0.2
"""Files that have not changed for so long are taken as saved: an editor empties a file and fills it
in some milliseconds, and a half-written one may look sound."""
REST_S = 10.0
"""After so long without a save, stolen questions are looked for, and what was computed is kept."""
NICE = 10
"""How much that leaves everybody else the machine."""


class Watch:
    """Looks at the knowledge folder of a desk, and publishes from there."""

    def __init__(
        self, settings: Settings, engine: Engine, author: str, say: Callable[[str], None]
    ) -> None:
        """Take the folder as it is for known: only what is saved from now on is published.

        Args:
            author: who the publications are by.
            say: is told what happened, for whoever edits.
        """
        self._folder = settings.knowledge_dir
        self._engine = engine
        self._author = author
        self._say = say
        self._desk = Desk(settings)
        self._done = stamp(self._folder)
        self._seen = self._done
        self._since = time.monotonic()
        self._saved: set[str] = set()
        self._rest: subprocess.Popen[bytes] | None = None
        self._rested = True
        self._live: Publication | None = None

    def prepare(self) -> None:
        """Read and compute once, so that the first save is quick; say what is not live yet.

        Raises:
            EncoderError, StoreError: nothing can be checked or published.
        """
        found = self._desk.examine_quickly()
        self._desk.encoder.encode(["ready"])
        changed = changes(self._current(), found.reading.knowledge)
        if changed:
            self._say(
                f"The files differ from what is live ({_names(changed)}). "
                "To make them live: advisor publish"
            )

    def look(self) -> None:
        """One look: publishes if something was saved, and has settled, and is sound."""
        now = stamp(self._folder)
        if now != self._seen:
            self._seen, self._since = now, time.monotonic()
            self.end_rest()
        elif time.monotonic() - self._since < SETTLED_S:
            pass
        elif now != self._done:
            self._saved |= _saved(self._folder, self._done, now)
            self._take(now)
        elif not self._rested and time.monotonic() - self._since > REST_S:
            self._rested = True
            self._rest = _check_everything()

    def end_rest(self) -> None:
        """Stop what is computed while nobody saves, if it is still going on."""
        if self._rest is not None:
            self._rest.terminate()
            self._rest.wait()
            self._rest = None

    def _take(self, now: Stamp) -> None:
        found = self._desk.examine_quickly()
        self._done = now
        if stamp(self._folder) != now:
            return  # saved again meanwhile: the next look takes it
        _report(found, self._say)
        if not found.is_sound:
            self._say("Not published; what was live stays live.")
            return
        changed = changes(self._current(), found.reading.knowledge)
        if not changed:
            self._saved.clear()
            return
        others = sorted(set(_ids(changed)) - self._saved)
        if others:
            self._say(
                f"Not published: {', '.join(others)} also differs from what is live, perhaps since"
                " a rollback. Put that right, or publish all of it: advisor publish"
            )
            return
        note = f"saved {_names(changed)}"
        self._live = made = self._desk.publish(self._engine, found, self._author, note)
        self._saved.clear()
        self._rested, self._since = False, time.monotonic()
        self._say(f"Published {made.name}: {note}.")

    def _current(self) -> Publication | None:
        """What is live; mostly what was published here last, which need not be read."""
        if self._live is None or self._live.id != newest_publication_id(self._engine):
            self._live = live_or_none(self._engine)
        return self._live


def _check_everything() -> subprocess.Popen[bytes]:
    """`advisor check` as a process of its own, which prints what it finds: a save need not wait for
    it, as it takes from some seconds to a minute, and visitors come first.
    """
    code = f"import os; os.nice({NICE}); from bot.cli.main import run; run()"
    return subprocess.Popen([sys.executable, "-c", code, "check"])


def start(settings: Settings, author: str) -> BaseProcess:
    """Watch in a process that ends with this one."""
    process = multiprocessing.get_context("spawn").Process(
        target=_run, args=(settings, author), daemon=True, name="advisor-watch"
    )
    process.start()
    return process


def _run(settings: Settings, author: str) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C is for the server, which ends this too
    signal.signal(signal.SIGTERM, lambda *_: sys.exit())  # which is how it does
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(name)s: %(message)s")
    watch = Watch(settings, engine_for(settings.database_url), author, _print)
    try:
        watch.prepare()
    except (EncoderError, StoreError, ChangingError) as error:
        _print(f"Cannot prepare: {error}")
    _print(f"Saved files of {settings.knowledge_dir} go live by themselves.")
    try:
        while _parent_lives():
            _look(watch)
            time.sleep(LOOK_EVERY_S)
    finally:
        watch.end_rest()


def _look(watch: Watch) -> None:
    try:
        watch.look()
    except (ChangingError, EncoderError, PublishError, StoreError) as error:
        _print(f"Not published: {error}")
        time.sleep(1)
    except Exception as error:
        # Whatever it is, the next save gets its chance.
        logger.exception("watching failed with %s", type(error).__name__)
        time.sleep(1)


def _parent_lives() -> bool:
    parent = multiprocessing.parent_process()
    return parent is None or parent.is_alive()


def _print(message: str) -> None:
    print(message, flush=True)  # noqa: T201  # it is for the person at the terminal


def _report(found: Examined, say: Callable[[str], None]) -> None:
    for problem in found.problems:
        say(problem.format())


def _saved(folder: Path, before: Stamp, now: Stamp) -> set[str]:
    """The ids of the answers, and the names of the other files, that differ between two stamps."""
    paths = {Path(name).relative_to(folder) for name, _, _ in before ^ now}
    found = set()
    for path in paths:
        parts = path.with_suffix("").parts
        parts = parts[1:] if parts and parts[0] == WORDINGS else parts
        found.add("/".join(parts) if len(parts) > 1 else path.name)
    return found


def _ids(changed: Changes) -> Iterable[str]:
    yield from (*changed.added, *changed.changed, *changed.removed)
    if changed.clinic:
        yield "clinic.yml"
    if changed.terms:
        yield "terms.yml"


def _names(changed: Changes) -> str:
    ids = list(_ids(changed))
    return ", ".join(ids[:3]) + (f" and {len(ids) - 3} more" if len(ids) > 3 else "")
