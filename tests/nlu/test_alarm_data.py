"""What the emergency classifier learns from, whole."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from bot.knowledge.asked import Asked
from bot.knowledge.entry import Entry, Urgency
from bot.nlu.alarm_data import BESIDE, alarm_data, beside_questions, lessons, ordinary_questions
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


def test_every_third_example_is_learned_beside_an_ordinary_question() -> None:
    sight = Entry(SIGHT, "Sight", "Call.", urgency=Urgency.EMERGENCY)
    cost = Entry("botox/cost", "Cost", "It varies.")
    caution = Entry("safety/pregnancy", "Pregnancy", "Wait.", urgency=Urgency.CAUTION)
    entries = {e.id: e for e in (sight, cost, caution)}
    owners = (SIGHT, cost.id, caution.id)
    texts = ("i went blind", "how much is botox", "botox in pregnancy")
    known = Asked(entries, owners, texts, np.eye(3, 384, dtype="f4"))
    assert ordinary_questions(known) == ["how much is botox"]
    examples = [Example("had filler\nmy lip is white", SIGHT)] * BESIDE * 4
    beside = beside_questions(examples, known)
    assert len(beside) == 4
    assert {one.entry_id for one in beside} == {SIGHT}
    for one in beside:
        before, last = one.text.split("\n")
        assert before == "had filler"
        assert "my lip is white" in last and "how much is botox" in last
    assert beside_questions(examples, Asked({}, (), (), np.zeros((0, 384), dtype="f4"))) == []


def test_lessons_are_the_examples_and_how_else_they_are_read() -> None:
    cost = Entry("botox/cost", "Cost", "It varies.")
    known = Asked({cost.id: cost}, (cost.id,), ("how much is it",), np.ones((1, 384), dtype="f4"))
    examples = [Example("a story " * 60, None), Example("my lip is white", SIGHT)]
    found = lessons(examples, known)
    assert found[:2] == examples
    assert "how much is it" in found[2].text and "a story" in found[2].text
    assert {(one.text, one.entry_id) for one in found[3:]} == {(" ".join(["a story"] * 20), None)}
