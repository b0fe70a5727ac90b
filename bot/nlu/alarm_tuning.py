"""Computes when a message is an emergency, and when one whose signs are in doubt is none."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import compress

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression

from bot.advice.builtin import with_alarms
from bot.advice.doubt_words import DoubtWords
from bot.advice.safety import Finding, Safety
from bot.knowledge.asked import asked
from bot.knowledge.encode import Encoder
from bot.knowledge.entry import Urgency
from bot.nlu.alarm_data import alarm_data, lessons, ordinary_questions
from bot.nlu.alarm_examples import join
from bot.nlu.alarm_model import Example, fit
from bot.nlu.alarm_reader import Reader, Said, length
from bot.nlu.doubt_tuning import talked_over, tune_doubts

Floats = NDArray[np.float64]

DIGITS = 10_000
"""What numbers are rounded to: one in so many."""

FALSE_ALARMS = 0.02
"""The share of the harmless examples that we accept to take for an emergency: the policy behind
`alarm`. They were written to be as near to an emergency as can be, so of what visitors write it is
far less. With 3.0 % one more in a hundred of the emergencies kept back would be found, and of 1,184
harmless messages in the mixture in which visitors write 12 taken for one instead of 7."""
ORDINARY_ALARMS = 0.015
"""The same for ordinary messages, the knowledge files' test questions and what is out of scope,
whichever asks for more. Nearly all that it takes of them are other illnesses, told to the wrong
place. With 1.0 % nearly four more in a hundred of the emergencies kept back were missed."""
DOUBTED_LOST = 0.005
"""Of the examples of emergencies in which the rules are in doubt, how many we accept to take for
harmless: the policy behind `doubt`. What the rules are sure of is never taken for harmless. Told
beside an ordinary question more are lost (`TunedAlarms.beside_a_question_lost`): with a bound that
loses no more of those either, next to nothing is settled."""


@dataclass(frozen=True)
class TunedAlarms:
    """The numbers of the emergency classifier, and what they rest on."""

    alarm: float
    """The score from which on a message is an emergency."""
    alarms_found: float
    """The share of the emergencies found so."""
    doubt: float
    """The excess up to which a message whose signs are in doubt is harmless, and what a unit of its
    length is worth in it (`bot.nlu.alarm_reader.Reader.excess`)."""
    longer: float
    alarms_in_doubt: float
    """The share of the emergencies that are in doubt, and of the others below."""
    others_in_doubt: float
    doubts_settled: float
    """The share of the others in doubt that are settled as harmless."""
    beside_a_question_lost: float
    """Of the emergencies, each told beside an ordinary question, the share that is put in doubt and
    then taken for harmless."""
    words: DoubtWords
    """Which words put a sign in doubt."""

    def numbers(self) -> dict[str, float]:
        """All but the words, rounded for the file."""
        known = vars(self).items()
        return {name: round(value, 4) for name, value in known if isinstance(value, float)}


def tune_alarms(
    encoder: Encoder, correct: Callable[[str], str], ordinary: Sequence[str]
) -> TunedAlarms:
    """Judge each message by its surest reading (`bot.nlu.alarm_reader`), by a model that has not
    seen it, nor has what the encoder was taught.

    Args:
        correct: puts the typos of a text right.
        ordinary: harmless messages that nothing was fitted on.
    """
    known = asked()
    shown: list[Example] = []
    judges: list[Example] = []
    for example in alarm_data(known):
        (judges if example.is_kept_back else shown).append(example)
    reader = Reader(fit(lessons(shown, known)), correct, encoder)
    scores = np.array(reader.scores([example.text for example in judges]))
    usual = np.array(reader.scores([join((), text) for text in ordinary]))
    alarms = np.array([example.entry_id is not None for example in judges])
    alarm = max(
        float(np.quantile(scores[~alarms], 1 - FALSE_ALARMS)),
        float(np.quantile(usual, 1 - ORDINARY_ALARMS)),
    )
    questions = ordinary_questions(known)
    served = Safety.of(with_alarms(known.entries).values())
    words, judging = tune_doubts(served, [*shown, *judges], questions)
    safety = served.doubting(judging)
    found = [_found(safety, example) for example in judges]
    signed = np.array([bool(one) for one in found])
    doubted = _are_doubted(found)
    lengths = np.array([length(example.text) for example in judges])
    longer = round(_longer(scores[signed], lengths[signed], alarms[signed]), 4)  # as it is served
    excess = np.array([reader.excess(_said(example), longer) for example in judges])
    doubt = _bound(excess[doubted & alarms] if doubted[alarms].any() else excess)
    beside = [one for one in talked_over(judges, questions) if one.entry_id is not None]
    beside_doubted = _are_doubted([_found(safety, one) for one in beside])
    talked = [reader.excess(_said(one), longer) for one in compress(beside, beside_doubted)]
    settled = excess[doubted & ~alarms]
    return TunedAlarms(
        alarm,
        alarms_found=float((scores[alarms] > alarm).mean()),
        doubt=doubt,
        longer=longer,
        alarms_in_doubt=float(doubted[alarms].mean()),
        others_in_doubt=float(doubted[~alarms].mean()),
        doubts_settled=float((settled <= doubt).mean()) if settled.size else 0.0,
        beside_a_question_lost=sum(one <= doubt for one in talked) / max(1, len(beside)),
        words=words,
    )


def _said(example: Example) -> Said:
    *earlier, text = example.text.split("\n")
    return Said(text, tuple(earlier))


def _found(safety: Safety, example: Example) -> list[Finding]:
    """The emergencies that the rules find in an example."""
    said = _said(example)
    found = safety.check(said.text, said.earlier)
    return [one for one in found if one.urgency.rank >= Urgency.URGENT_SAME_DAY.rank]


def _are_doubted(found: Sequence[Sequence[Finding]]) -> NDArray[np.bool_]:
    """Whether the rules find an emergency and are sure of none, of each example."""
    return np.array([bool(one) and all(flag.is_in_doubt for flag in one) for one in found])


def _bound(excess: Floats) -> float:
    """Just below that of the first emergency that may not be lost, where `DOUBTED_LOST` are."""
    kept = np.sort(excess)[int(DOUBTED_LOST * len(excess))]
    return float(np.floor(kept * DIGITS - 0.5) / DIGITS)


def _longer(scores: Floats, lengths: Floats, alarms: NDArray[np.bool_]) -> float:
    """What a unit of length is worth, in points of the score, to a logistic regression that tells
    from both whether a message in which a sign fires is an emergency.
    """
    if len(set(alarms)) < 2:
        return 0.0
    table = np.stack([scores, lengths - lengths.mean()], axis=1)
    score, length_ = LogisticRegression().fit(table, alarms).coef_[0]
    return max(0.0, float(-length_ / score)) if score > 0 else 0.0
