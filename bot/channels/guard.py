"""What a visitor is told when the road behind a channel fails, or is not taken at all.

The guard needs no model, no database and no action. It looks for an emergency in the text itself,
so the one answer that must not fail does not, and it never ends without naming a doctor.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from bot.advice.builtin import builtin_entries, builtin_wording
from bot.advice.compose import Scene, compose, compose_words
from bot.advice.decide import Decision, kind_of
from bot.advice.reply import Kind, Reply
from bot.advice.safety import Finding, Safety
from bot.advice.understanding import RedFlag
from bot.advice.wording import Wording
from bot.knowledge.entry import Clinic, Entry, Urgency

logger = logging.getLogger(__name__)

NEUTRAL_CLINIC = Path(__file__).with_name("neutral_clinic.yml")
CHECKED_AT_EACH_END = 8_000
"""Of a longer text the check reads this many characters from both ends. More than a whole web
message (16 KB); without a limit a text of 1 MB, which a terminal may send, would take seconds."""


@dataclass(frozen=True)
class Guard:
    """Replies made of manners and of safety entries alone."""

    clinic: Clinic
    wording: Wording
    safety: Safety
    entries: Mapping[str, Entry] = field(default_factory=builtin_entries)
    """The safety entries by id, for the advice of a sign."""

    @classmethod
    def builtin(cls) -> Guard:
        """The guard of data files inside the package; made once."""
        return _builtin()

    def reply(
        self,
        text: str,
        earlier: Sequence[str] = (),
        turn: int = 0,
        *,
        known: Iterable[RedFlag] = (),
        alarm: bool = False,
    ) -> Reply:
        """The answer to a message that could not be answered: its emergency, or an apology.

        Args:
            earlier: the visitor's messages before it, oldest first.
            turn: how many there were; on the first the reply says that a machine writes.
            known: as `urgent`.
            alarm: urgent advice given before stands, and the apology says so.
        """
        urgent = self.urgent(text, earlier, known=known)
        return urgent or self.say("apology", turn, alarm=alarm, person=self.clinic.person)

    def urgent(
        self,
        text: str,
        earlier: Sequence[str] = (),
        *,
        sure: bool = False,
        known: Iterable[RedFlag] = (),
    ) -> Reply | None:
        """The advice for the most urgent sign in `text`; None if there is none to act on today.

        Args:
            sure: leave out signs in doubt, which a turn may have settled as harmless.
            known: what was found in it before something failed, by the second look for emergencies
                as well, which the guard cannot repeat.
        """
        if len(text) > 2 * CHECKED_AT_EACH_END:
            text = f"{text[:CHECKED_AT_EACH_END]}\n{text[-CHECKED_AT_EACH_END:]}"
        all_of_it: Iterable[Finding | RedFlag] = (*self.safety.check(text, earlier), *known)
        found = [
            finding
            for finding in all_of_it
            if finding.urgency.rank >= Urgency.URGENT_SAME_DAY.rank
            and not (sure and finding.is_in_doubt)
        ]
        return self._advice(max(found, key=lambda one: one.urgency.rank)) if found else None

    def say(self, name: str, turn: int = 0, *, alarm: bool = False, **values: str) -> Reply:
        """One sentence of ``responses.yml`` as a whole reply.

        Args:
            alarm: urgent advice given before stands, and the reply says so first.

        Raises:
            MissingWordingError: there is no such sentence.
        """
        scene = replace(self._scene({}, turn), alarm=alarm)
        return compose_words(Kind.UNSURE, [scene.say(name, **values)], scene)

    def _advice(self, finding: Finding | RedFlag) -> Reply:
        known = self.entries.get(finding.entry_id) or builtin_entries().get(finding.entry_id)
        # A sign that staff added may be of an entry that is not here: then its closing has to do.
        apology = self.wording.say("apology", person=self.clinic.person)
        entry = known or Entry(finding.entry_id, "", apology)
        short = finding.say or entry.short
        entry = replace(entry, short=short, urgency=finding.urgency)
        decision = Decision(kind_of(finding.urgency), (entry.id,), finding.sign, 1.0)
        return compose(decision, self._scene({entry.id: entry}))

    def _scene(self, entries: Mapping[str, Entry], turn: int = 0) -> Scene:
        return Scene(entries=entries, clinic=self.clinic, wording=self.wording, turn=turn)


GuardSource = Guard | Callable[[], Guard]
"""A guard, or what gives the one that fits the live publication."""


def current(source: GuardSource) -> Guard:
    """The guard to use now; the built-in one when the source fails, as it may with the database."""
    if isinstance(source, Guard):
        return source
    try:
        return source()
    except Exception as error:  # noqa: BLE001  # whatever it is, the visitor gets an answer
        logger.warning(
            "the live guard cannot be had (%s); using the one built in", type(error).__name__
        )
        return Guard.builtin()


@lru_cache(maxsize=1)
def _builtin() -> Guard:
    return Guard(neutral_clinic(), Wording.shared(), Safety.builtin())


def neutral_clinic() -> Clinic:
    """A clinic without facts of its own, in any country."""
    data: dict[str, Any] = YAML(typ="safe", pure=True).load(
        NEUTRAL_CLINIC.read_text(encoding="utf-8")
    )
    numbers = builtin_wording()
    anywhere = {
        "country": "",
        "emergency_numbers": {"": numbers["emergency_number"]},
        "crisis_lines": {"": numbers["crisis_line"]},
        "hours": (),
        "prescription_only": (),
    }
    blank = {f.name: "" for f in fields(Clinic)}
    return Clinic(**{**blank, **anywhere, **data})
