"""What a knowledge file says, as values.

One Markdown file is one `Entry`; its path below ``knowledge/`` is its id (``botox/cost``).
These are the only values that the rooms `advice`, `knowledge`, `nlu` and `actions` pass to each
other about answers, so this module knows no file, no database and no framework.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from enum import Enum


class Urgency(str, Enum):
    """How soon the visitor of an entry has to act, in rising order."""

    NONE = "none"
    CAUTION = "caution"
    CONTACT_CLINIC = "contact-clinic"
    URGENT_SAME_DAY = "urgent-same-day"
    EMERGENCY = "emergency"

    @property
    def rank(self) -> int:
        """0 for none up to 4 for an emergency: of two urgencies that fit, the higher counts."""
        return list(Urgency).index(self)


class Status(str, Enum):
    """How far an entry has come: only ``sourced`` and ``signed-off`` are shown to visitors."""

    DRAFT = "draft"
    SOURCED = "sourced"
    SIGNED_OFF = "signed-off"
    RETIRED = "retired"


class ForAdults(str, Enum):
    """What of an answer is about having a procedure, and not told to somebody under 18."""

    ALL = "all"
    MORE = "more"
    """The detail alone; the short answer is for everybody."""


class Evidence(str, Enum):
    """The kind of source, strongest first."""

    LABEL = "label"
    GUIDELINE = "guideline"
    SYSTEMATIC_REVIEW = "systematic-review"
    TRIAL = "trial"
    OBSERVATIONAL = "observational"
    EXPERT_OPINION = "expert-opinion"


@dataclass(frozen=True)
class Source:
    """Where a fact of an entry stands. ``url`` is None where a visitor cannot open it."""

    title: str
    publisher: str
    evidence: Evidence
    url: str | None = None
    date: str | None = None


@dataclass(frozen=True)
class Sign:
    """One red flag or condition as data, in the phrase language of `bot.advice.phrase`.

    It fires when one phrase of ``any`` is said of now, each group of ``needs`` is met by one of
    its phrases (here or in the two messages before), and no phrase of ``not_`` stands in the same
    clause. Without ``any``, the groups of ``needs`` are themselves what must be said of now.
    ``fires`` and ``silent`` are example sentences that the checker runs.
    """

    name: str
    needs: tuple[tuple[str, ...], ...] = ()
    any: tuple[str, ...] = ()
    not_: tuple[str, ...] = ()
    fires: tuple[str, ...] = ()
    silent: tuple[str, ...] = ()
    urgency: Urgency | None = None
    """How soon to act on this sign; None: as the entry says."""
    say: str | None = None
    """What to tell the visitor instead of the entry's short answer; None: the short answer."""
    in_general: bool = False
    """Whether it also fires on a question asked in general, a what-if or the past, as cautions
    do."""
    never_in_doubt: bool = False
    """Whether nothing else in a message puts it in doubt (`bot.advice.doubt`): a sign that names
    what was done rather than what is felt, after which being well means nothing."""


@dataclass(frozen=True)
class Entry:
    """One answer. ``short`` and ``more`` are in the tiny safe markup (see `bot.advice.reply`)."""

    id: str
    title: str
    short: str
    more: str = ""
    urgency: Urgency = Urgency.NONE
    questions: tuple[str, ...] = ()
    wordings: tuple[str, ...] = ()
    """More questions, from `bot.knowledge.wordings`: search knows them, staff need not read
    them."""
    test_questions: tuple[str, ...] = ()
    also_called: tuple[str, ...] = ()
    not_for: tuple[str, ...] = ()
    for_adults: ForAdults | None = None
    """What of it is about having a procedure; None: nothing, or its family says so already. Unlike
    `not_for` it adds no sentence to what adults read (`bot.advice.minors`)."""
    related: tuple[str, ...] = ()
    status: Status = Status.DRAFT
    checked_on: date | None = None
    review_by: date | None = None
    signed_off_by: str | None = None
    sources: tuple[Source, ...] = ()
    caution: str | None = None
    """The one sentence that `not_for` adds to other entries; only caution entries have it."""
    signs: tuple[Sign, ...] = ()

    def shown_on(self, day: date) -> bool:
        """Whether a visitor may see this entry on `day`: sourced or signed off, and not past
        review.
        """
        ready = self.status in (Status.SOURCED, Status.SIGNED_OFF)
        return ready and self.review_by is not None and day <= self.review_by


@dataclass(frozen=True)
class Clinic:
    """``knowledge/clinic.yml``: the clinic's own facts and what its jurisdiction asks for."""

    name: str
    jurisdiction: str
    """One of international, us, uk, eu, au."""
    country: str
    """The key into the two tables below."""
    emergency_numbers: dict[str, str]
    crisis_lines: dict[str, str]
    phone: str
    email: str
    booking_url: str
    address: str
    hours: tuple[str, ...]
    person: str
    """How a visitor reaches a person: one or two sentences."""
    booking: str
    prices: str
    complaints: str
    privacy: str
    prescription_only: tuple[str, ...] = ()
    """Names of prescription-only medicines that uk, eu and au clinics may not bring up
    themselves."""

    @property
    def names_medicines(self) -> bool:
        """Whether a greeting, button or suggestion may name a prescription-only medicine."""
        return self.jurisdiction not in ("uk", "eu", "au")


class Counts(str, Enum):
    """What the amounts of a question about habits are amounts of."""

    NOTHING = ""
    A_DAY = "a day"
    HOURS_A_WEEK = "hours a week"
    DRINKS_A_WEEK = "drinks a week"
    HOURS_A_NIGHT = "hours a night"
    YEARS_AGO = "years ago"


class Grade(str, Enum):
    """How good the evidence on a habit is, best first. The results are given in this order."""

    A = "A"
    B = "B"
    C = "C"
    D = "D"


@dataclass(frozen=True)
class Amounts:
    """A stretch of numbers, such as "8 to 14", "under 1" or "15 or more"."""

    low: float = 0.0
    high: float | None = None
    """None: there is no upper end."""
    above_low: bool = False
    """Whether `low` itself is outside, as in "over 9"."""
    below_high: bool = False
    """Whether `high` itself is outside, as in "under 1"."""

    def has(self, number: float) -> bool:
        """Whether `number` is in the stretch."""
        if number < self.low or (self.above_low and number == self.low):
            return False
        return self.high is None or number < self.high + (0 if self.below_high else 1e-9)


@dataclass(frozen=True)
class Option:
    """One answer that may be chosen."""

    code: str
    """All that is kept of an answer."""
    label: str
    points: int = 0
    words: tuple[str, ...] = ()
    """What visitors type when they mean it."""
    amounts: tuple[Amounts, ...] = ()
    """Numbers that mean it, in what the question `Counts`."""
    caution: str | None = None
    """Said at once to whoever chooses it, and again with the result."""


@dataclass(frozen=True)
class Habit:
    """One question about habits, with what is said about its answer."""

    id: str
    factor: str
    """The name of the habit in the results."""
    ask: str
    why: str
    options: tuple[Option, ...]
    low: str
    """What is said where no points were given."""
    raised: str
    """What is said where some were. A question without points always has both said."""
    evidence: Grade | None = None
    """None: it is asked for context and has no points."""
    counts: Counts = Counts.NOTHING
    unclear: tuple[str, ...] = ()
    """Words with which an answer is not taken, but asked about: "trying to quit"."""
    fillers: tuple[str, ...] = ()
    """Words that add nothing to an answer to this question."""
    first: str | None = None
    """How one could begin to change it."""
    about: str | None = None
    """The entry that says more."""

    @property
    def most(self) -> int:
        """The most points that an answer has."""
        return max((option.points for option in self.options), default=0)

    def option(self, code: str) -> Option | None:
        """The option of that code, if there is one."""
        return next((option for option in self.options if option.code == code), None)


@dataclass(frozen=True)
class Screening:
    """``knowledge/screening.yml``: the questions about habits, in the order in which they are
    asked.
    """

    opening: str
    consent: str
    questions: tuple[Habit, ...]
    minimum_answers: int
    several_from: float
    many_from: float
    few: str
    several: str
    many: str
    closing: str
    limits: tuple[str, ...] = ()
    doctor_questions: tuple[str, ...] = ()
    status: Status = Status.DRAFT
    checked_on: date | None = None
    review_by: date | None = None
    signed_off_by: str | None = None
    sources: tuple[Source, ...] = ()

    def question(self, id_: str) -> Habit | None:
        """The question of that id, if there is one."""
        return next((question for question in self.questions if question.id == id_), None)

    def shown_on(self, day: date) -> bool:
        """Whether visitors may be asked on `day`, by the rule of `Entry.shown_on`."""
        ready = self.status in (Status.SOURCED, Status.SIGNED_OFF)
        return ready and self.review_by is not None and day <= self.review_by


@dataclass(frozen=True)
class Knowledge:
    """All that staff edit, read and whole: the entries by id, and the clinic."""

    entries: dict[str, Entry] = field(default_factory=dict)
    clinic: Clinic | None = None
    terms: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """Names of our subjects by family (``terms.yml``): treatments, brands, areas, devices."""
    screening: Screening | None = None
    """The questions about habits; None where there are none."""

    def shown_on(self, day: date) -> dict[str, Entry]:
        """The entries that visitors may see on `day`."""
        return {id_: entry for id_, entry in self.entries.items() if entry.shown_on(day)}

    def screening_on(self, day: date) -> Screening | None:
        """The questions about habits, if visitors may be asked them on `day`."""
        screening = self.screening
        return screening if screening is not None and screening.shown_on(day) else None
