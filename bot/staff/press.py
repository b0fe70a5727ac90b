"""Publishes what staff save, off the road of visitors' messages, and remembers how it went."""

from __future__ import annotations

import logging
import secrets
import shutil
import tempfile
from collections import OrderedDict
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import date
from enum import Enum
from pathlib import Path

from sqlalchemy.engine import Engine

from bot.knowledge.build import build
from bot.knowledge.check import check
from bot.knowledge.embed import TextEncoder
from bot.knowledge.problem import Problem, has_errors
from bot.knowledge.publish import PublishError, earlier_of, publish
from bot.knowledge.read import read_folder
from bot.knowledge.rules.context import SignTests
from bot.knowledge.weights import EncoderError
from bot.staff.shelf import Shelf
from bot.store.session import StoreError

logger = logging.getLogger(__name__)

REMEMBERED = 50
"""How many jobs are kept to be looked at."""


class State(str, Enum):
    """How far a job has come."""

    WORKING = "working"
    PUBLISHED = "published"
    SAVED = "saved"
    """The file is written; what visitors see is the same, as of a draft."""
    REFUSED = "refused"
    """There are problems; nothing was written."""
    OVERTAKEN = "overtaken"
    """Somebody else changed the file meanwhile; nothing was written."""
    FAILED = "failed"
    """`Job.reason` says why."""


@dataclass(frozen=True)
class Order:
    """A text to save and publish."""

    id: str
    text: str
    base: str
    """Digest of the file as the editor opened it."""
    author: str
    note: str


@dataclass(frozen=True)
class Job:
    """An order, and what became of it."""

    id: str
    order: Order
    state: State
    problems: tuple[Problem, ...] = ()
    """Of the edited file first."""
    publication: str = ""
    reason: str = ""
    written: bool = False
    """Whether the file is written."""

    @property
    def path_end(self) -> str:
        """How the edited file's path ends, to tell its problems from those of others."""
        return f"/{self.order.id}.md"


class Press:
    """One publication at a time, in a thread of its own; this process remembers the outcomes."""

    def __init__(
        self,
        shelf: Shelf,
        engine: Engine,
        encoder: Callable[[], TextEncoder],
        signs: SignTests,
    ) -> None:
        """Take what publishing needs.

        Args:
            encoder: loads the encoder.
            signs: see `bot.staff.proof.proof`.
        """
        self._shelf = shelf
        self._engine = engine
        self._encoder = encoder
        self._signs = signs
        self._jobs: OrderedDict[str, Job] = OrderedDict()
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="publishing")

    def start(self, order: Order) -> Job:
        """Begin to publish; `find` tells how it goes."""
        job = Job(secrets.token_hex(8), order, State.WORKING)
        self._keep(job)
        self._thread.submit(lambda: self._keep(self._done(job)))
        return job

    def find(self, id_: str) -> Job | None:
        """A job of this process; None if it is not, or no longer, known."""
        return self._jobs.get(id_)

    def close(self) -> None:
        """Take no more orders; one that is under way ends."""
        self._thread.shutdown(wait=True, cancel_futures=True)

    def _keep(self, job: Job) -> None:
        self._jobs[job.id] = job
        while len(self._jobs) > REMEMBERED:
            self._jobs.popitem(last=False)

    def _done(self, job: Job) -> Job:
        try:
            return self._publish(job)
        except (PublishError, StoreError, EncoderError) as error:
            reason = str(error)
        except OSError as error:
            reason = f"the file cannot be written: {error.strerror}."
        except Exception as error:  # staff are told, and the thread goes on
            logger.exception("publishing from the staff page failed")
            reason = f"something went wrong on our side ({type(error).__name__})."
        written = self._shelf.open(job.order.id).text == job.order.text
        return replace(job, state=State.FAILED, reason=reason, written=written)

    def _publish(self, job: Job) -> Job:
        """Check everything first and write last: a text with problems is in nobody's way, and from
        the writing on only a failure of the database can keep it from being live.
        """
        order, today = job.order, date.today()
        with tempfile.TemporaryDirectory() as folder:
            copy = Path(folder) / self._shelf.folder.name
            shutil.copytree(self._shelf.folder, copy, ignore=shutil.ignore_patterns(".*"))
            (copy / f"{order.id}.md").write_text(order.text, encoding="utf-8", newline="\n")
            reading = read_folder(copy)
        encoder = self._encoder()
        built = build(reading.knowledge, encoder, earlier_of(self._engine))
        problems = check(reading, today, built=built, fires=self._signs(reading.knowledge))
        ordered = tuple(sorted(problems, key=lambda one: not one.path.endswith(job.path_end)))
        if has_errors(problems):
            errors = tuple(problem for problem in ordered if problem.severity == "error")
            return replace(job, state=State.REFUSED, problems=errors)
        if self._shelf.open(order.id).digest != order.base:
            return replace(job, state=State.OVERTAKEN)
        self._shelf.write(order.id, order.text)
        made = publish(
            self._engine, reading.knowledge, encoder, order.author, order.note, today, built=built
        )
        state = State.PUBLISHED if made.is_new else State.SAVED
        warnings = tuple(one for one in ordered if one.path.endswith(job.path_end))
        return replace(job, state=state, publication=made.name, problems=warnings, written=True)
