"""Words of doubt are learned from messages in which signs fire, and judged by others."""

from __future__ import annotations

import pytest

from bot.advice.safety import Safety
from bot.knowledge.entry import Entry, Sign, Urgency
from bot.nlu.alarm_examples import read_examples
from bot.nlu.alarm_model import Example
from bot.nlu.doubt_tuning import (
    DOUBTED,
    NEVER,
    OPEN,
    fit,
    is_in_doubt,
    rows_of,
    talked_over,
    tune_doubts,
)

TOES = Entry(
    "safety/toes", "T", "S", urgency=Urgency.EMERGENCY, signs=(Sign("p", any=("green toes",)),)
)
CRISIS = Entry(
    "safety/crisis", "C", "S", urgency=Urgency.EMERGENCY, signs=(Sign("c", any=("no hope",)),)
)
SAFETY = Safety.of([TOES, CRISIS])
PARTY = Example("green toes pinata", None)
NOW = Example("green toes since an hour, all of a sudden", TOES.id)
QUESTIONS = ["how much is botox", "does retinol help", "is a peel worth it"]


def test_it_is_known_of_each_message_whether_its_signs_may_be_doubted() -> None:
    other = Example("nothing at all", None)
    crisis = Example("no hope, and green toes pinata", CRISIS.id)
    before = Example("had it done an hour ago\ngreen toes pinata lol", None)
    found = list(rows_of(SAFETY, [PARTY, NOW, other, crisis, before]))
    assert [(row.is_alarm, row.may_be_doubted, row.is_listed) for row in found] == [
        (False, True, False),
        (True, True, False),
        (False, False, False),
        (True, False, False),
        (False, True, True),
    ]
    assert found[4].words == ("green", "toes", "pinata", "lol")


def test_a_message_in_which_no_sign_fires_counts_less() -> None:
    here, there = Example("green toes zebra", None), Example("my zebra", NOW.entry_id)
    plain = Example("my garden", None)
    examples = [*[here] * 10, *[plain] * 20, *[there] * 5, *[NOW] * 10]
    assert fit(list(rows_of(SAFETY, examples))).weights["zebra"] > 0


def test_words_of_harmless_messages_speak_against_a_sign_and_those_of_others_for_it() -> None:
    words = fit(list(rows_of(SAFETY, [PARTY, NOW] * 20)))
    assert words.weights["pinata"] > 0 > words.weights["sudden"]
    assert not is_in_doubt(SAFETY.doubting(words), PARTY), "its threshold is still to be chosen"
    assert is_in_doubt(SAFETY.doubting(OPEN), NOW)
    assert not is_in_doubt(SAFETY.doubting(NEVER), PARTY)


def test_a_word_that_is_hardly_ever_said_or_belongs_to_a_plea_says_nothing() -> None:
    rare = Example("green toes pinata zebra", None)
    plea = Example("green toes pinata who can i call mum at 4 the hospital normal", None)
    weights = fit(list(rows_of(SAFETY, [rare, *[PARTY, NOW, plea] * 5]))).weights
    assert "pinata" in weights and "toes pinata" in weights
    assert not weights.keys() & {"zebra", "call", "mum", "hospital", "normal", "i call", "at 4"}


def test_some_words_speak_only_beside_others() -> None:
    asked = Example("what if i get zebra green toes", None)
    weights = fit(list(rows_of(SAFETY, [asked, NOW] * 10))).weights
    assert weights["get zebra"] > 0
    assert not weights.keys() & {"what", "if", "get", "what if", "if i", "i get"}


def test_each_example_is_also_read_beside_a_question() -> None:
    beside = list(talked_over([PARTY, NOW] * 10, QUESTIONS))
    assert [one.entry_id for one in beside] == [None, TOES.id] * 10
    for one, plain in zip(beside, [PARTY, NOW] * 10, strict=True):
        assert plain.text in one.text
        assert any(question in one.text for question in QUESTIONS)
    assert not list(talked_over([PARTY], []))


def test_without_an_emergency_that_is_kept_back_no_threshold_is_chosen() -> None:
    with pytest.raises(ValueError, match="kept back"):
        tune_doubts(SAFETY, [PARTY, NOW] * 5, QUESTIONS)


def test_without_messages_of_both_sorts_nothing_is_fitted() -> None:
    with pytest.raises(ValueError, match="class"):
        fit(list(rows_of(SAFETY, [NOW] * 5)))


def test_few_emergencies_are_put_in_doubt_and_most_of_what_is_harmless() -> None:
    """Of messages that neither the words were fitted to nor the threshold was chosen on, beside an
    ordinary question too.
    """
    every = read_examples()
    used, judging = tune_doubts(Safety.builtin(), every[::6], QUESTIONS)
    assert used.least == judging.least
    assert len(used.weights) > len(judging.weights)
    unseen = [one for one in every[1::4] if one.is_kept_back]
    for told in (unseen, list(talked_over(unseen, QUESTIONS))):
        rows = [
            row
            for row in rows_of(Safety.builtin(), told)
            if row.may_be_doubted and not row.is_listed
        ]
        alarms = [judging.speak_against(row.words) for row in rows if row.is_alarm]
        others = [judging.speak_against(row.words) for row in rows if not row.is_alarm]
        assert 0 < sum(alarms) / len(alarms) < 2.5 * DOUBTED
        assert sum(others) / len(others) > 2 * sum(alarms) / len(alarms)
