"""Words of doubt are learned from messages in which signs fire, and judged by others."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.advice.safety import Safety
from bot.knowledge.entry import Entry, Sign, Urgency
from bot.nlu.alarm_examples import read_examples
from bot.nlu.alarm_model import Example
from bot.nlu.doubt_tuning import DOUBTED, OPEN, fit, is_in_doubt, rows, tune_doubts
from tests.safety.perturb import CHATTER

TOES = Entry(
    "safety/toes", "T", "S", urgency=Urgency.EMERGENCY, signs=(Sign("p", any=("purple toes",)),)
)
CRISIS = Entry(
    "safety/crisis", "C", "S", urgency=Urgency.EMERGENCY, signs=(Sign("c", any=("no hope",)),)
)
SAFETY = Safety.of([TOES, CRISIS])
JOKE = Example("purple toes lol", None)
NOW = Example("purple toes since an hour, all of a sudden", TOES.id)


def test_only_messages_whose_signs_may_be_doubted_are_learned_from() -> None:
    other = Example("nothing at all", None)
    crisis = Example("no hope, and purple toes lol", CRISIS.id)
    before = Example("had it done an hour ago\npurple toes lol", None)
    found = rows(SAFETY, [JOKE, NOW, other, crisis, before])
    assert [(sorted(words), is_alarm) for (words, *_), is_alarm in found] == [
        (["lol"], False),
        (["a", "all", "an", "hour", "of", "since", "sudden"], True),
        (["lol"], False),
    ]


def test_words_of_harmless_messages_speak_against_a_sign_and_those_of_others_for_it() -> None:
    doubts = fit(rows(SAFETY, [JOKE, NOW] * 20))
    assert doubts.weights["lol"] > 0 > doubts.weights["sudden"]
    assert "purple" not in doubts.weights
    assert not is_in_doubt(SAFETY.doubting(doubts), JOKE), "its threshold is still to be chosen"
    assert is_in_doubt(SAFETY.doubting(OPEN), NOW)


def test_a_word_that_is_hardly_ever_said_says_nothing() -> None:
    once = Example("purple toes lol zebra", None)
    assert "zebra" not in fit(rows(SAFETY, [JOKE, NOW, once] + [JOKE, NOW] * 5)).weights


def test_words_of_a_cry_for_help_say_nothing() -> None:
    words = "who can i call mum the hospital normal"
    examples = [Example(f"{JOKE.text} {words}", None), NOW] * 10
    weights = fit(rows(SAFETY, examples)).weights
    assert "lol" in weights
    assert not weights.keys() & set(words.split())


def test_without_an_emergency_that_is_kept_back_no_threshold_is_chosen() -> None:
    with pytest.raises(ValueError, match="kept back"):
        tune_doubts(SAFETY, [JOKE, NOW] * 5)


def test_without_messages_of_both_sorts_nothing_is_fitted() -> None:
    with pytest.raises(ValueError, match="class"):
        fit(rows(SAFETY, [NOW] * 5))


def test_few_emergencies_are_put_in_doubt_and_most_of_what_is_harmless() -> None:
    """Of messages that neither the words were fitted to nor the threshold was chosen on."""
    every = read_examples()
    examples, others_kept_back = every[::4], every[1::2]
    safety = Safety.builtin()
    used, judging = tune_doubts(safety, examples)
    assert used.least == judging.least
    assert len(used.weights) > len(judging.weights)
    unseen = rows(safety, [one for one in others_kept_back if one.is_kept_back])
    shares = {
        kind: [judging.are_raised_by(told) for told, is_alarm in unseen if is_alarm is kind]
        for kind in (True, False)
    }
    alarms, others = (sum(one) / len(one) for one in (shares[True], shares[False]))
    assert 0 < alarms < 2 * DOUBTED
    assert others > 2.5 * alarms


def test_a_long_story_is_no_reason_to_doubt() -> None:
    """Emergencies are in doubt no more often when they are told after 200 words."""
    safety = Safety.builtin()
    alarms = [one for one in read_examples()[::20] if one.entry_id and "\n" not in one.text]
    told = [
        sum(is_in_doubt(safety, replace(one, text=story + one.text)) for one in alarms)
        for story in ("", CHATTER)
    ]
    assert told[0] > 0
    assert told[1] <= told[0]
