"""When a message is an emergency is chosen on messages that the model has not seen."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest

from bot.knowledge.asked import Asked
from bot.knowledge.entry import Entry, Sign, Urgency
from bot.nlu import alarm_tuning
from bot.nlu.alarm_model import Example, fit
from bot.nlu.alarm_reader import Reader, Said
from bot.nlu.alarm_tuning import DOUBTED_LOST, FALSE_ALARMS, TunedAlarms, tune_alarms
from tests.nlu.test_alarm_model import KINDS, SIGHT

ENTRY = Entry(
    SIGHT, "Sight", "Call.", urgency=Urgency.EMERGENCY, signs=(Sign("blind", any=("blind",)),)
)
KNOWN = Asked({SIGHT: ENTRY}, (), (), np.zeros((0, 4), dtype=np.float32))


class Gauge:
    """An encoder whose branch for emergencies reads the number in a text."""

    kinds = KINDS

    def alarms(self, texts: Sequence[str]) -> Any:
        """As `Encoder.alarms`."""
        rows = np.zeros((len(texts), len(KINDS)), dtype=np.float32)
        rows[:, 1] = [float(text.split()[-1]) for text in texts]
        return rows


def examples(middle: int, word: str, entry: str | None, count: int = 400) -> list[Example]:
    """Of which every second is kept back."""
    numbers = np.random.default_rng(count).normal(middle, 20, count).round().clip(0)
    return [
        Example(f"{word} {number:.0f}", entry, None, place % 2 == 0)
        for place, number in enumerate(numbers)
    ]


KNOWN_EXAMPLES = [
    *examples(100, "blind since noon", SIGHT),
    *examples(100, "blind lol today", SIGHT, 40),
    *examples(40, "blind lol today", None),
    *(Example(f"hello\nblind lol today {number}", SIGHT, None, True) for number in (90, 120)),
]


@pytest.fixture
def tuned(monkeypatch: pytest.MonkeyPatch) -> TunedAlarms:
    monkeypatch.setattr(alarm_tuning, "asked", lambda: KNOWN)
    monkeypatch.setattr(alarm_tuning, "alarm_data", lambda _asked: KNOWN_EXAMPLES)
    ordinary = [f"how much is botox {number}" for number in range(50)]
    return tune_alarms(Gauge(), str, ordinary)  # type: ignore[arg-type]  # stands in


def test_few_harmless_messages_are_alarms_and_most_emergencies_are(tuned: TunedAlarms) -> None:
    assert tuned.alarms_found > 0.5
    found = [
        float(one.text.split()[-1]) > tuned.alarm for one in KNOWN_EXAMPLES if not one.entry_id
    ]
    assert sum(found) / len(found) < 2 * FALSE_ALARMS
    assert tuned.numbers()["alarm"] == round(tuned.alarm, 4)


def test_few_emergencies_in_doubt_are_taken_for_harmless(tuned: TunedAlarms) -> None:
    """As they are served, by themselves and with what came before."""
    assert tuned.doubts_settled > 0.5
    numbers = tuned.numbers()
    assert numbers["doubt"] == tuned.doubt, "it is rounded already, and down"
    reader = Reader(fit([one for one in KNOWN_EXAMPLES if not one.is_kept_back]), str, Gauge())  # type: ignore[arg-type]
    told = [
        one.text.split("\n")
        for one in KNOWN_EXAMPLES
        if one.is_kept_back and one.entry_id and "lol" in one.text
    ]
    lost = [
        reader.is_harmless(Said(text, tuple(earlier)), numbers["doubt"], numbers["longer"])
        for *earlier, text in told
    ]
    assert any(len(one) > 1 for one in told)
    assert sum(lost) <= DOUBTED_LOST * len(told)


@pytest.mark.parametrize("count", [1, 2, 150, 200, 399, 1000])
def test_no_more_emergencies_in_doubt_are_lost_than_are_accepted(count: int) -> None:
    excess = np.random.default_rng(count).normal(2, 3, count)
    lost = (excess <= alarm_tuning._bound(excess)).sum()
    assert int(DOUBTED_LOST * count) - 1 <= lost <= DOUBTED_LOST * count


def test_where_long_harmless_messages_look_more_alarming_less_is_asked_of_them(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    told = "blind lol " + "and so on " * 6
    longer = [
        *examples(140, f"{told} indeed", SIGHT, 100),
        *examples(100, f"{told} today", None, 100),
        *examples(60, "blind lol today", SIGHT, 100),
        *examples(20, "blind lol today", None, 100),
        *examples(100, "blind since noon", SIGHT, 20),
    ]
    monkeypatch.setattr(alarm_tuning, "asked", lambda: KNOWN)
    monkeypatch.setattr(alarm_tuning, "alarm_data", lambda _asked: longer)
    tuned = tune_alarms(Gauge(), str, ["how much is botox 0"])  # type: ignore[arg-type]
    assert tuned.longer > 20
    assert tuned.doubts_settled > 0.3
