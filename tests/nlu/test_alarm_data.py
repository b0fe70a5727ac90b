"""What the emergency classifier learns from, whole."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from bot.knowledge.asked import Asked
from bot.knowledge.entry import Entry, Urgency
from bot.nlu.alarm_data import alarm_data
from bot.nlu.alarm_model import Example
from tests.nlu.test_alarm_model import SIGHT


def test_data_has_the_alarms_whole_and_every_second_of_the_rest() -> None:
    sight = Entry(SIGHT, "Sight", "Call.", urgency=Urgency.EMERGENCY)
    cost = Entry("botox/cost", "Cost", "It varies.")
    texts = tuple(f"text {number}" for number in range(15))
    owners = (SIGHT,) * 3 + (cost.id,) * 12
    known = Asked({e.id: e for e in (sight, cost)}, owners, texts, np.eye(15, 384, dtype="f4"))
    examples = alarm_data(known)
    assert examples[-9:] == [
        *(Example(text, SIGHT) for text in texts[:3]),
        *(Example(f"text {n}", None) for n in range(4, 15, 2)),
    ]
    assert len(examples) > 10_000
    assert replace(examples[0], entry_id=None) not in examples[1:]
