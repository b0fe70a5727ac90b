"""Computes how much each word speaks against a sign (`bot.advice.doubt`): from the messages of
``data/alarms`` in which a sign of an emergency fires, some of which are harmless.

Of 1,890 messages by seven authors that nothing was fitted on, this put in doubt 92 of 100 harmless
ones in which signs fired, and 20 of 100 emergencies; lists of words that were written by hand
before had put 62 and 35 in doubt.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import replace

import numpy as np

from bot.advice.doubt import Doubts
from bot.advice.safety import Safety
from bot.knowledge.entry import Urgency
from bot.nlu.alarm_model import Example

DOUBTED = 0.2
"""Of the emergencies that signs find, the share that may be put in doubt: the policy behind
`Doubts.least`."""
STRENGTH = 0.3
"""The regression's C. With 1 one harmless message in fifty fewer was put in doubt."""
SEEN = 3
"""A word that stands in fewer messages says nothing."""
OPEN = Doubts({}, 0.0, -math.inf)
"""Puts all in doubt that may be."""

Row = tuple[tuple[frozenset[str], ...], bool]
"""The tellings of a message in which a sign fires (`Safety.tellings`), and whether it is an
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
    least = round(float(np.quantile(scores, 1 - DOUBTED)), 4) if scores else math.inf
    return replace(fit([*shown, *unseen]), least=least), replace(judging, least=least)


def rows(safety: Safety, examples: Iterable[Example]) -> list[Row]:
    """Of the examples those whose signs may all be doubted."""
    doubting = safety.doubting(OPEN)
    return [
        (safety.tellings(example.text.split("\n")[-1]), example.entry_id is not None)
        for example in examples
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

    count = CountVectorizer(analyzer=sorted, min_df=SEEN)
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
