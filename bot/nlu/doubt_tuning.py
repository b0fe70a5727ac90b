"""Computes how much each word speaks against a sign (`bot.advice.doubt_words`): from the messages
of ``data/alarms`` in which a sign of an emergency fires, some of which are harmless.

The words that somebody in need may add to a cry for help do not count
(`SafetyWords.never_doubt`): harmless messages have them more often, but "emergency, who can I call"
is none.
"""

from __future__ import annotations

import math
import random
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from bot.advice.doubt_words import DoubtWords
from bot.advice.safety import Safety
from bot.advice.safety_words import SafetyWords
from bot.knowledge.entry import Urgency
from bot.nlu.alarm_examples import beside_a_question
from bot.nlu.alarm_model import Example

DOUBTED = 0.1
"""Of the emergencies kept back that only words may put in doubt, alone or beside an ordinary
question, the share that they do: the policy behind `DoubtWords.least`. Of harmless messages by
authors whose words nothing was fitted to, nine in ten in which signs fired were then in doubt, by
these words or the lists; by the lists alone, which had been added to whenever one was read, eight.
"""
STRENGTH = 0.1
"""The regression's C. A third and three times that were no better."""
SEEN = 3
"""A word that stands in fewer messages says nothing."""
SLIGHT = 0.1
"""Nor does one with a smaller weight: "my lip is white" would be in doubt because lips are a little
more often spoken of in harmless messages."""
OPEN = DoubtWords({}, 0.0, -math.inf)
"""Puts all in doubt that may be."""
NEVER = DoubtWords({}, 0.0, math.inf)
"""Puts nothing in doubt: the lists alone do."""


@dataclass(frozen=True)
class Row:
    """A message in which signs fire that may all be doubted."""

    words: tuple[str, ...]
    is_alarm: bool
    """Whether it is an emergency all the same."""
    is_listed: bool
    """Whether the lists put it in doubt, so that its words need not."""
    is_kept_back: bool


def tune_doubts(
    safety: Safety, examples: Sequence[Example], questions: Sequence[str]
) -> tuple[DoubtWords, DoubtWords]:
    """The weights of words as fitted on all examples; and as fitted without those that are kept
    back, which they may judge. Both put in doubt what lies above the same sum, chosen on those.

    Args:
        questions: ordinary ones, of which one is put beside each example.

    Raises:
        ValueError: signs fire in no harmless example, or in no emergency.
    """
    rows = list(rows_of(safety, [*examples, *talked_over(examples, questions)]))
    judging = fit([row for row in rows if not row.is_kept_back])
    scores = [
        judging.score(row.words)
        for row in rows
        if row.is_kept_back and row.is_alarm and not row.is_listed
    ]
    if not scores:
        raise ValueError("no sign fires in an emergency that is kept back")
    least = float(np.quantile(scores, 1 - DOUBTED))
    return _with_threshold(fit(rows), least), _with_threshold(judging, least)


def talked_over(examples: Iterable[Example], questions: Sequence[str]) -> Iterator[Example]:
    """The same, each beside an ordinary question; none if there is no question."""
    chance = random.Random(0)
    for one in examples if questions else ():
        question = chance.choice(questions)
        yield replace(one, text=beside_a_question(one.text, question, chance))


def rows_of(safety: Safety, examples: Iterable[Example]) -> Iterator[Row]:
    """Of the examples those whose signs may all be doubted."""
    listing, doubting = safety.doubting(NEVER), safety.doubting(OPEN)
    for one in examples:
        if is_in_doubt(doubting, one):
            text = one.text.split("\n")[-1]
            yield Row(
                safety.words_of(text),
                one.entry_id is not None,
                is_in_doubt(listing, one),
                one.is_kept_back,
            )


def is_in_doubt(safety: Safety, example: Example) -> bool:
    """Whether the rules find an emergency in an example, and are sure of nothing in it."""
    *earlier, text = example.text.split("\n")
    found = safety.check(text, earlier)
    alarms = [one for one in found if one.urgency.rank >= Urgency.URGENT_SAME_DAY.rank]
    return bool(alarms) and all(one.is_in_doubt for one in alarms)


def fit(rows: Sequence[Row]) -> DoubtWords:
    """A regression over which words a message has; its threshold is still to be chosen. Harmless
    messages and emergencies count the same, however many there are of each.

    Raises:
        ValueError: there are none of either.
    """
    from sklearn.feature_extraction.text import CountVectorizer
    from sklearn.linear_model import LogisticRegression
    from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]  # no stubs

    never = SafetyWords.load().never_doubt

    def counted(row: Row) -> list[str]:
        said = set(row.words) - never
        return sorted(word for word in said if len(word) > 1 and not word[0].isdigit())

    count = CountVectorizer(analyzer=counted, binary=True, min_df=SEEN)
    with threadpool_limits(1):
        table = count.fit_transform(rows)
        model = LogisticRegression(C=STRENGTH, max_iter=1000, class_weight="balanced")
        model.fit(table, [not row.is_alarm for row in rows])
    weights = zip(count.get_feature_names_out(), model.coef_[0], strict=True)
    return DoubtWords(
        {
            str(word): value
            for word, weight in weights
            if abs(value := round(float(weight), 2)) >= SLIGHT
        },
        round(float(model.intercept_[0]), 4),
        math.inf,
    )


def _with_threshold(words: DoubtWords, least: float) -> DoubtWords:
    """The same with its threshold: never so low that a sign alone is in doubt."""
    return replace(words, least=round(max(least, words.bias), 4))
