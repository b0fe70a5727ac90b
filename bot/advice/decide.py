"""Which answer a message gets: policy, and nothing but.

Rules route to an action; the action asks here; the knowledge files word the outcome. Everything
is in the arguments, so each case is one line of a test.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path

from bot.advice.reply import Kind
from bot.advice.services import INTENT_OF
from bot.advice.understanding import OUTSIDE, Candidate, Understanding
from bot.knowledge.entry import Entry, Urgency

THRESHOLDS = Path(__file__).with_name("thresholds.json")

SUGGESTIONS = 3
"""How many entries are offered when unsure: what a visitor can take in at one look."""

COVER = 0.9
"""An answer brings along what else was likely meant until the right one is among them with this
probability: nine visitors in ten find it without asking again. An emergency entry that only search
found, and neither the rules nor the classifier, needs as much to be the answer; below, it is
offered under the number to call. (Of the 643 messages in ``tests/advice/safety_messages.jsonl``,
search alone raised 16 alarms, all false.)"""

DISTRESS = "safety/body-image-distress"
UNDER_18 = "safety/under-18"

LIKELIER_THAN_NOT = 0.5
"""From here on an entry is meant rather than not: asked for where a wrong answer is grave."""


@dataclass(frozen=True)
class Thresholds:
    """Numbers that `advisor tune` computes; ``thresholds.json`` here has their origin."""

    in_scope: float
    """Below this probability a message is not about what the knowledge files are about."""
    sure: float
    """From this confidence of the best entry on, it is the answer."""
    several: float
    """From this chance on, one of several questions is answered by itself."""
    alarm: float
    """From this score of the emergency classifier on, a message is taken for an emergency."""
    doubt: float
    """Up to this excess of it, a message in which a sign is in doubt is taken for harmless."""
    longer: float
    """What a unit of a message's length is worth in that (`bot.nlu.alarm_reader`)."""
    goes_on: float
    """From this probability on, a message after an answer is a question whatever it looks like."""

    @classmethod
    def load(cls, path: Path = THRESHOLDS) -> Thresholds:
        """Read what `advisor tune` wrote."""
        data = json.loads(path.read_text(encoding="utf-8"))
        return cls(*(float(data[one.name]) for one in fields(cls)))


@dataclass(frozen=True)
class Decision:
    """The outcome and, in the field's words, why: `advisor ask --explain` prints ``reason``."""

    kind: Kind
    entries: tuple[str, ...]
    reason: str
    confidence: float = 0.0
    suggestions: tuple[str, ...] = ()
    say: str | None = None
    """What to say instead of the first entry's short answer; None: the short answer."""
    manner: str = "out_of_scope"
    """The name of the words in which it is declined."""
    asked: tuple[str, ...] = ()
    """Of several questions what answers each, in order: entries, and needs of the clinic's own
    facts (`bot.advice.services`)."""
    about: str | None = None
    """The nearest entry on the subject that the visitor named, when none is the answer yet: "what
    are lip fillers", asked back about, still says what "does it hurt?" means next."""


def kind_of(urgency: Urgency) -> Kind:
    """The kind of answer that an entry of this urgency is."""
    return {
        Urgency.EMERGENCY: Kind.EMERGENCY,
        Urgency.URGENT_SAME_DAY: Kind.URGENT,
        Urgency.CONTACT_CLINIC: Kind.CAUTION,
        Urgency.CAUTION: Kind.CAUTION,
        Urgency.NONE: Kind.ANSWER,
    }[urgency]


def cautions_of(understanding: Understanding, thresholds: Thresholds) -> tuple[str, ...]:
    """The cautions to be told of: no condition, age or medicine that is named in a question about
    nothing of ours. "My son is 15, which bike?" is declined like any other. Distress about looks
    and what a clinic should see are never beside the point.
    """
    ids = understanding.cautions
    nearest = (candidate.entry_id for candidate in understanding.candidates[:1])
    if (
        understanding.in_scope >= thresholds.in_scope
        or understanding.terms
        or understanding.topic
        or not _is_outside(understanding)
        or any(id_ in ids for id_ in nearest)
    ):
        return ids
    seen = {f.entry_id for f in understanding.red_flags if f.urgency is not Urgency.CAUTION}
    return tuple(id_ for id_ in ids if id_ == DISTRESS or id_ in seen - {UNDER_18})


def decide_urgent(understanding: Understanding) -> Decision:
    """An emergency or urgent sign: its entry alone, whatever else the message asks."""
    flag = max(understanding.red_flags, key=lambda flag: flag.urgency.rank)
    return Decision(
        kind_of(flag.urgency),
        (flag.entry_id,),
        f"the sign '{flag.sign}' was found",
        1.0,
        say=flag.say,
    )


def decide_question(
    understanding: Understanding, entries: Mapping[str, Entry], thresholds: Thresholds
) -> Decision:
    """Answer, put a caution first, ask back, or say that we do not know.

    Args:
        entries: the ones that may be shown today, by id.
    """
    candidates = [c for c in understanding.candidates if c.entry_id in entries]
    cautions = tuple(id_ for id_ in cautions_of(understanding, thresholds) if id_ in entries)
    in_scope = understanding.in_scope >= thresholds.in_scope
    if cautions:
        others = [c for c in candidates if c.entry_id not in cautions]
        asked = _each(understanding, entries, thresholds)
        answers = tuple(id_ for id_ in asked if id_ in entries)
        if not asked:
            asked = _services(understanding) if in_scope or not _is_outside(understanding) else ()
            answers = tuple(
                c.entry_id
                for c in others[:1]
                if _among(c, others, candidates) >= thresholds.sure
                and in_scope
                and kind_of(entries[c.entry_id].urgency) is Kind.ANSWER
            )
        return Decision(
            Kind.CAUTION,
            (*cautions, *answers),
            f"the visitor named what {cautions[0]} is about",
            candidates[0].confidence if candidates else 1.0,
            say=next(f.say for f in understanding.red_flags if f.entry_id == cautions[0]),
            asked=asked,
        )
    asked = _each(understanding, entries, thresholds)
    if asked:
        reason = f"it asks {len(asked)} questions, each near one answer"
        found = tuple(id_ for id_ in asked if id_ in entries)
        sure = (part.confidence for part in understanding.parts if part.entry_id in found)
        kind = Kind.ANSWER if found else Kind.SERVICE
        return Decision(kind, found, reason, min(sure, default=1.0), asked=asked)
    services = _services(understanding)
    if services and not in_scope and not _is_outside(understanding):
        return Decision(Kind.SERVICE, (), "it asks something of the clinic", 1.0, asked=services)
    if not candidates or not in_scope:
        return Decision(
            Kind.DECLINE,
            (),
            f"in scope with {understanding.in_scope:.2f}, under {thresholds.in_scope:.2f}",
            understanding.in_scope,
            manner=understanding.nearest_outside,
        )
    best = candidates[0]
    sides = _of_the_subject(understanding, candidates)
    if understanding.names_a_subject_alone and sides:
        reason = f"'{understanding.terms[0].text}' alone asks nothing yet"
        nearest = tuple(sides[:SUGGESTIONS])
        return Decision(Kind.CLARIFY, (), reason, best.confidence, nearest, about=nearest[0])
    alarm = entries[best.entry_id].urgency.rank >= Urgency.URGENT_SAME_DAY.rank
    needed = max(thresholds.sure, COVER) if alarm else thresholds.sure
    if best.confidence < needed:
        nearest = tuple(c.entry_id for c in candidates[:SUGGESTIONS])
        return Decision(
            Kind.UNSURE,
            (),
            f"best confidence {best.confidence:.2f}, under {needed:.2f}",
            best.confidence,
            nearest,
            about=next(iter(sides), None),
        )
    return _answer(best, candidates, entries)


def _among(one: Candidate, others: list[Candidate], candidates: list[Candidate]) -> float:
    """The confidence of `one` if none but `others` could be meant."""
    left = 1 - sum(c.confidence for c in candidates if c not in others)
    return min(one.confidence / left, 1.0) if left > 0 else 0.0


def _each(
    understanding: Understanding, entries: Mapping[str, Entry], thresholds: Thresholds
) -> tuple[str, ...]:
    """The answers to those of several questions that are clear, in order, the clinic's own facts
    included; none if that leaves one, since the message as a whole then says more.

    A message that is in scope as a whole may ask part of it in words that alone would not be. One
    that asks for the clinic's facts too is seldom in scope as a whole; there the rest of it is
    judged without them (`bot.nlu.finder`).
    """
    if understanding.in_scope < thresholds.in_scope and not asks_the_clinic_too(
        understanding, thresholds
    ):
        return ()
    clear = tuple(
        id_
        for id_ in _clear(understanding, thresholds)
        if id_ in INTENT_OF or (id_ in entries and kind_of(entries[id_].urgency) is Kind.ANSWER)
    )
    return clear if len(clear) > 1 else ()


def asks_the_clinic_too(understanding: Understanding, thresholds: Thresholds) -> bool:
    """Whether one of several questions is for the clinic's own facts, and another is clear too, be
    it for those as well.

    Not where the message as a whole is out of scope and likeliest one that is refused: "where do i
    buy it to inject myself, and when do you close" is no question to answer.
    """
    if understanding.in_scope < thresholds.in_scope and _is_outside(understanding):
        return False
    return len(_clear(understanding, thresholds)) > 1 and bool(_services(understanding))


def _is_outside(understanding: Understanding) -> bool:
    """Whether the message as a whole is likeliest to be out of scope."""
    return any(name in OUTSIDE for name, _ in understanding.intents[:1])


def _services(understanding: Understanding) -> tuple[str, ...]:
    """What parts of it ask of the clinic itself."""
    return tuple(dict.fromkeys(p.entry_id for p in understanding.parts if p.entry_id in INTENT_OF))


def _clear(understanding: Understanding, thresholds: Thresholds) -> tuple[str, ...]:
    """What answers those of several questions that are clear, in order. What is named as the
    clinic's is clear already (`bot.nlu.parts`).
    """
    return tuple(
        dict.fromkeys(
            one.entry_id
            for one in understanding.parts
            if one.entry_id in INTENT_OF or one.confidence >= thresholds.several
        )
    )


def _of_the_subject(understanding: Understanding, candidates: list[Candidate]) -> list[str]:
    """The candidates of the family that the visitor named first, nearest first."""
    families = [term.family for term in understanding.terms[:1]]
    return [c.entry_id for c in candidates if c.entry_id.partition("/")[0] in families]


def _answer(best: Candidate, candidates: list[Candidate], entries: Mapping[str, Entry]) -> Decision:
    urgency = entries[best.entry_id].urgency
    if urgency.rank >= Urgency.URGENT_SAME_DAY.rank:
        reason = (
            f"the question is nearest to {best.entry_id}, and no sign of an emergency was found"
        )
    else:
        reason = f"{best.entry_id} is nearest, with confidence {best.confidence:.2f}"
    return Decision(
        kind_of(urgency), (best.entry_id,), reason, best.confidence, _runners_up(candidates)
    )


def _runners_up(candidates: list[Candidate]) -> tuple[str, ...]:
    """What else may have been meant: as many as it takes to cover `COVER`, and two at most."""
    offered: list[str] = []
    covered = candidates[0].confidence
    for candidate in candidates[1:SUGGESTIONS]:
        if covered >= COVER:
            break
        offered.append(candidate.entry_id)
        covered += candidate.confidence
    return tuple(offered)
