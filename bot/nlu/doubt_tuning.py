"""Computes how much each word, and each pair of neighbours, speaks against a sign
(`bot.advice.doubt_words`): from the messages of ``data/alarms``. Those in which a sign of an
emergency fires count more; the others tell what people speak of who are in no need.

The words that somebody in need may add to a cry for help do not count (`SafetyWords.pleas`):
harmless messages have them more often, but "emergency, who can I call" is none.
"""

from __future__ import annotations

import math
import random
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from bot.advice.doubt_words import DoubtWords, terms
from bot.advice.safety import Safety
from bot.advice.safety_words import SafetyWords
from bot.knowledge.entry import Urgency
from bot.nlu.alarm_examples import beside_a_question
from bot.nlu.alarm_model import Example

DOUBTED = 0.15
"""Of the emergencies kept back that only words may put in doubt, alone or beside an ordinary
question, the share that they do: the policy behind `DoubtWords.least`. Of 101 harmless messages in
which signs fired, by authors whose words nothing was fitted to, all but 2 were then in doubt, by
these terms or the lists; with 0.1 all but 7, and with single words of such messages alone, at 0.1,
all but 16.
"""
STRENGTH = 0.1
"""The regression's C. A third and three times that were no better."""
SIGNED = 4.0
"""How much a message counts in which a sign fires, and the others 1."""
SEEN = 5
"""A term that stands in fewer messages says nothing."""
SLIGHT = 0.1
"""Nor does one with a smaller weight: "my lip is white" would be in doubt because lips are a little
more often spoken of in harmless messages."""
OPEN = DoubtWords({}, 0.0, -math.inf, against=0.0)
"""Puts all in doubt that may be."""
NEVER = DoubtWords({}, 0.0, math.inf)
"""Puts nothing in doubt: the lists alone do."""


@dataclass(frozen=True)
class Row:
    """A message to learn from."""

    words: tuple[str, ...]
    is_alarm: bool
    is_kept_back: bool
    may_be_doubted: bool
    """Whether signs fire in it that may all be doubted."""
    is_listed: bool
    """Whether the lists put these in doubt, so that its words need not."""


def tune_doubts(
    safety: Safety, examples: Sequence[Example], questions: Sequence[str]
) -> tuple[DoubtWords, DoubtWords]:
    """The weights of terms as fitted on all examples; and as fitted without those that are kept
    back, which they may judge. Both put in doubt what lies above the same sum, chosen on those.

    Args:
        questions: ordinary ones, of which one is put beside each example.

    Raises:
        ValueError: no example is harmless, or none an emergency; or signs fire in none of the
            emergencies that are kept back.
    """
    beside = rows_of(safety, talked_over(examples, questions))
    rows = [*rows_of(safety, examples), *(row for row in beside if row.may_be_doubted)]
    judging = fit([row for row in rows if not row.is_kept_back])
    scores = [
        judging.score(row.words)
        for row in rows
        if row.is_kept_back and row.is_alarm and row.may_be_doubted and not row.is_listed
    ]
    if not scores:
        raise ValueError("no sign fires in an emergency that is kept back")
    least = round(float(np.quantile(scores, 1 - DOUBTED, method="higher")), 4)
    return replace(fit(rows), least=least), replace(judging, least=least)


def talked_over(examples: Iterable[Example], questions: Sequence[str]) -> Iterator[Example]:
    """The same, each beside an ordinary question; none if there is no question."""
    chance = random.Random(0)
    for one in examples if questions else ():
        question = chance.choice(questions)
        yield replace(one, text=beside_a_question(one.text, question, chance))


def rows_of(safety: Safety, examples: Iterable[Example]) -> Iterator[Row]:
    """The examples with what the rules make of them."""
    listing, doubting = safety.doubting(NEVER), safety.doubting(OPEN)
    for one in examples:
        may_be_doubted = is_in_doubt(doubting, one)
        yield Row(
            safety.words_of(one.text.split("\n")[-1]),
            one.entry_id is not None,
            one.is_kept_back,
            may_be_doubted,
            is_listed=may_be_doubted and is_in_doubt(listing, one),
        )


def is_in_doubt(safety: Safety, example: Example) -> bool:
    """Whether the rules find an emergency in an example, and are sure of nothing in it."""
    *earlier, text = example.text.split("\n")
    found = safety.check(text, earlier)
    alarms = [one for one in found if one.urgency.rank >= Urgency.URGENT_SAME_DAY.rank]
    return bool(alarms) and all(one.is_in_doubt for one in alarms)


def fit(rows: Sequence[Row]) -> DoubtWords:
    """A regression over which terms a message has; its threshold is still to be chosen. Harmless
    messages and emergencies count the same, however many there are of each.

    Raises:
        ValueError: there are none of either.
    """
    from sklearn.feature_extraction.text import CountVectorizer
    from sklearn.linear_model import LogisticRegression
    from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]  # no stubs

    shared = SafetyWords.load()

    def counted(row: Row) -> list[str]:
        return sorted(term for term in terms(row.words) if _may_speak(term.split(), shared))

    count = CountVectorizer(analyzer=counted, binary=True, min_df=SEEN)
    with threadpool_limits(1):
        table = count.fit_transform(rows)
        model = LogisticRegression(C=STRENGTH, max_iter=1000, class_weight="balanced")
        counts = [SIGNED if row.may_be_doubted else 1.0 for row in rows]
        model.fit(table, [not row.is_alarm for row in rows], counts)
    weights = zip(count.get_feature_names_out(), model.coef_[0], strict=True)
    return DoubtWords(
        {
            str(term): value
            for term, weight in weights
            if abs(value := round(float(weight), 2)) >= SLIGHT
        },
        round(float(model.intercept_[0]), 4),
        math.inf,
    )


def _may_speak(words: Sequence[str], shared: SafetyWords) -> bool:
    """Whether a term of these words, one or two, may say something about whether a sign is meant:
    no plea, no number, no letter alone, and not only words of `never_alone`: "my husband is" says
    nothing.
    """
    if any(word in shared.pleas or word[0].isdigit() for word in words):
        return False
    return len("".join(words)) > 1 and not shared.never_alone.issuperset(words)
