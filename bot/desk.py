"""The desk of whoever edits: the files are read, searched, checked and published from here.

One process keeps one desk; what it computed for files that have not changed it does not compute
again, and what it leaves in ``KEPT_DIR`` the next process finds. The database is opened when it is
needed, which it is not for checking a file: loading what opens it takes a quarter of that.
"""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from bot.knowledge import kept
from bot.knowledge.build import NOTHING, Built, Earlier, build, calibrated
from bot.knowledge.check import check
from bot.knowledge.cores import cores
from bot.knowledge.embed import LazyEncoder
from bot.knowledge.grades import Grades
from bot.knowledge.problem import Problem, has_errors
from bot.knowledge.read import Reading
from bot.knowledge.readings import Readings
from bot.settings import Settings
from bot.signs import sign_test

if TYPE_CHECKING:
    from sqlalchemy.engine import Engine

    from bot.knowledge.live import Publication


@dataclass(frozen=True)
class Examined:
    """What was read, what was computed of it and what is wrong with it."""

    reading: Reading
    built: Built | None
    """None where the search was left out."""
    problems: tuple[Problem, ...]

    @property
    def is_sound(self) -> bool:
        """Whether it may be published."""
        return not has_errors(self.problems)


class Desk:
    """Reads, checks and publishes the knowledge folder of the settings."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._grades = Grades(settings.kept_dir)
        self._readings = Readings(settings.kept_dir)
        self.encoder = LazyEncoder(settings.encoder_dir, cores())
        self._earlier: Earlier | None = None

    def read(self) -> Reading:
        """The files as they are, at one moment.

        Raises:
            ChangingError: they do not stop changing.
        """
        return self._readings.read(self._settings.knowledge_dir)

    def examine(
        self, *, fast: bool = False, overlaps: bool = False, only: Iterable[str] | None = None
    ) -> Examined:
        """Read the files and look for every problem.

        Args:
            fast: leave the search out.
            overlaps: name every question that finds another entry.
            only: ids whose problems are wanted, in less time. The regression is then the one of
                the last time.

        Raises:
            EncoderError: the encoder is not ready.
            ChangingError: the files do not stop changing.
        """
        reading = self.read()
        asked = None if only is None else frozenset(only)
        built = None if fast else self.build(reading, learn=asked is None)
        problems = self._check(reading, built, overlaps=overlaps, only=asked)
        if built is not None and asked is None:
            self.keep(built)
        return Examined(reading, built, problems)

    def examine_quickly(self) -> Examined:
        """`examine` without looking for stolen questions, which only ever warns.

        Raises:
            EncoderError, ChangingError: as `examine`.
        """
        reading = self.read()
        built = self.build(reading)
        problems = self._check(reading, built, stolen=False)
        self._earlier = built.as_earlier()
        return Examined(reading, built, problems)

    def _check(
        self,
        reading: Reading,
        built: Built | None,
        *,
        overlaps: bool = False,
        only: frozenset[str] | None = None,
        stolen: bool = True,
    ) -> tuple[Problem, ...]:
        problems = check(
            reading,
            date.today(),
            built=built,
            fires=sign_test(reading.knowledge),
            all_overlaps=overlaps,
            only=only,
            stolen=stolen,
            grade=self._grades.grade,
        )
        self._grades.keep()
        return tuple(problems)

    def build(self, reading: Reading, *, learn: bool = True) -> Built:
        """The search over what was read."""
        return build(reading.knowledge, self.encoder, self.earlier, learn=learn)

    def keep(self, built: Built) -> None:
        """Keep what was computed, for the next time and the next process."""
        before = self.earlier
        self._earlier = built.as_earlier()
        same = before.index is not None and before.index.vectors is built.index.vectors
        if (
            not same
            or before.left_out is None
            or before.vectors.by_text.keys() != built.vectors.by_text.keys()
        ):
            kept.save(self._settings.kept_dir, built)

    def publish(self, engine: Engine, examined: Examined, author: str, note: str) -> Publication:
        """Make what was examined live.

        Raises:
            PublishError, StoreError: see `bot.knowledge.publish.publish`.
            ValueError: it has errors, or the search over it is lacking.
        """
        from bot.knowledge.publish import publish

        if examined.built is None or not examined.is_sound:
            raise ValueError("only what was checked and is sound may be published")
        return publish(
            engine,
            examined.reading.knowledge,
            self.encoder,
            author,
            note,
            date.today(),
            built=examined.built,
        )

    def calibrated(self, examined: Examined) -> Examined:
        """The same, its confidences fitted anew on what was left out."""
        if examined.built is None:
            return examined
        return Examined(examined.reading, calibrated(examined.built), examined.problems)

    @property
    def earlier(self) -> Earlier:
        """What there is to go on from: of this process, kept, or live."""
        if self._earlier is None:
            found = kept.load(self._settings.kept_dir)
            self._earlier = self._published() if found.index is None else found
        return self._earlier

    def _published(self) -> Earlier:
        """What is live leaves; without it everything takes longer, that is all."""
        from bot.knowledge.publish import earlier_of
        from bot.store.session import StoreError, engine_for

        with suppress(StoreError):
            return earlier_of(engine_for(self._settings.database_url))
        return NOTHING


def live_or_none(engine: Engine) -> Publication | None:
    """What is live, if anything is that this version can read.

    Raises:
        StoreError: the database cannot be used.
    """
    from bot.knowledge.live import Live, NothingPublished

    try:
        return Live(engine).current()
    except NothingPublished:
        return None
