"""Computes how much each word speaks against a sign (`bot.advice.doubt`): from the messages of
``data/alarms`` in which a sign of an emergency fires, some of which are harmless.

Neither the words that set the sign off count, nor those that somebody in need may add to a cry for
help (`SafetyWords.never_doubt`). Harmless messages have them more often, but "emergency, who can I
call" is none: when they counted, two of three signs were in doubt that were told with such a plea.
Of 1,890 messages by seven authors that nothing was fitted on, 65 of 100 harmless ones in which
signs fired were in doubt, and 18 of 100 emergencies; by the lists of words that were written by
hand before, 70 and 39.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import replace

import numpy as np

from bot.advice.doubt import Doubts
from bot.advice.safety import Safety
from bot.advice.safety_words import SafetyWords
from bot.knowledge.entry import Urgency
from bot.nlu.alarm_model import Example

DOUBTED = 0.15
"""Of the emergencies kept back whose signs may all be doubted, the share that is put in doubt: the
policy behind `Doubts.least`. With 0.1, of 2,364 harmless messages kept back 136 instead of 120 were
taken for an emergency."""
STRENGTH = 0.3
"""The regression's C. With 1 fewer harmless messages were put in doubt."""
SEEN = 3
"""A word that stands in fewer messages says nothing."""
OPEN = Doubts({}, 0.0, -math.inf)
"""Puts all in doubt that may be."""

Row = tuple[tuple[frozenset[str], ...], bool]
"""What a message says beside the signs that fire in it (`Safety.beside`), and whether it is an
emergency all the same."""


def tune_doubts(safety: Safety, examples: Sequence[Example]) -> tuple[Doubts, Doubts]:
    """The weights of words as fitted on all examples; and as fitted without those that are kept
    back, which they may judge. Both put in doubt what lies above the same sum, chosen on those.

    Raises:
        ValueError: signs fire in no harmless example, or in no emergency.
    """
    shown = rows(safety, (one for one in examples if not one.is_kept_back))
    unseen = rows(safety, (one for one in examples if one.is_kept_back))
    judging = fit(shown)
    scores = [judging.score(tellings) for tellings, is_alarm in unseen if is_alarm]
    if not scores:
        raise ValueError("no sign fires in an emergency that is kept back")
    least = float(np.quantile(scores, 1 - DOUBTED))
    used = fit([*shown, *unseen])
    return _with_threshold(used, least), _with_threshold(judging, least)


def _with_threshold(doubts: Doubts, least: float) -> Doubts:
    """The same with its threshold: never so low that a sign alone is in doubt."""
    return replace(doubts, least=round(max(least, doubts.bias), 4))


def rows(safety: Safety, examples: Iterable[Example]) -> list[Row]:
    """Of the examples those whose signs may all be doubted."""
    doubting = safety.doubting(OPEN)
    return [
        (safety.beside(text, earlier), example.entry_id is not None)
        for example in examples
        for *earlier, text in [example.text.split("\n")]
        if is_in_doubt(doubting, example)
    ]


def is_in_doubt(safety: Safety, example: Example) -> bool:
    """Whether the rules find an emergency in an example, and are sure of nothing in it."""
    *earlier, text = example.text.split("\n")
    found = safety.check(text, earlier)
    alarms = [one for one in found if one.urgency.rank >= Urgency.URGENT_SAME_DAY.rank]
    return bool(alarms) and all(one.is_in_doubt for one in alarms)


def fit(known: Sequence[Row]) -> Doubts:
    """A regression over which words a message has; its threshold is still to be chosen. Harmless
    messages and emergencies count the same, however many there are of each.

    Raises:
        ValueError: there are none of either.
    """
    from sklearn.feature_extraction.text import CountVectorizer
    from sklearn.linear_model import LogisticRegression
    from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]  # no stubs

    never = SafetyWords.load().never_doubt

    def telling(words: frozenset[str]) -> list[str]:
        return sorted(word for word in words - never if len(word) > 1 and not word[0].isdigit())

    count = CountVectorizer(analyzer=telling, min_df=SEEN)
    with threadpool_limits(1):
        table = count.fit_transform([words for (words, *_), _ in known])
        model = LogisticRegression(C=STRENGTH, max_iter=1000, class_weight="balanced")
        model.fit(table, [not is_alarm for _, is_alarm in known])
    weights = zip(count.get_feature_names_out(), model.coef_[0], strict=True)
    return Doubts(
        {str(word): value for word, weight in weights if (value := round(float(weight), 2))},
        round(float(model.intercept_[0]), 4),
        math.inf,
    )
