"""Every message is checked first, with what is live, and never with nothing."""

from __future__ import annotations

import bot.lean  # noqa: F401  # before Rasa

import pytest
from rasa.shared.core.events import SessionStarted
from rasa.shared.nlu.training_data.message import Message

from bot.advice.safety import EARLIER
from bot.advice.understanding import KEY
from bot.knowledge.entry import Entry, Sign, Urgency
from bot.nlu.red_flags import RedFlagCheck, earlier_texts
from tests.nlu.lives import SetLive, message, published, said, tracker, understood

EMERGENCY = "I can't see out of one eye since my filler an hour ago"


def entry(phrase: str, urgency: Urgency = Urgency.EMERGENCY) -> Entry:
    """A safety entry with one sign."""
    sign = Sign("a sign", any=(phrase,), say="Own words.")
    return Entry("safety/x", "X", "Short.", urgency=urgency, signs=(sign,))


def check(component: RedFlagCheck, text: str | None, *earlier: str) -> list[str]:
    """The ids of the entries whose signs fire."""
    (checked,) = component.process([message(text)], tracker(*said(*earlier)))
    return [flag.entry_id for flag in understood(checked).red_flags]


def test_a_finding_travels_with_all_that_an_answer_needs() -> None:
    component = RedFlagCheck(SetLive(published(entry("purple toes"))))
    (checked,) = component.process([message("I have purple toes")], None)
    (flag,) = understood(checked).red_flags
    assert (flag.entry_id, flag.urgency) == ("safety/x", Urgency.EMERGENCY)
    assert (flag.sign, flag.say) == ("a sign", "Own words.")
    assert KEY in checked.as_dict(only_output_properties=True)


def test_what_speaks_against_a_finding_travels_with_it() -> None:
    component = RedFlagCheck(SetLive(published(entry("purple toes"))))
    (checked,) = component.process([message("I have purple toes lol")], None)
    (flag,) = understood(checked).red_flags
    assert flag.is_in_doubt


def test_without_a_publication_the_built_in_signs_are_checked() -> None:
    assert "safety/vision-change" in check(RedFlagCheck(SetLive()), EMERGENCY)


def test_what_is_published_is_checked_from_the_next_message_on() -> None:
    live = SetLive(published(entry("purple toes")))
    component = RedFlagCheck(live)
    assert check(component, "I have green ears") == []
    live.publication = published(entry("green ears"))
    assert check(component, "I have green ears") == ["safety/x"]
    assert check(component, "I have purple toes") == []


def test_signs_that_cannot_be_read_leave_those_of_before(caplog: pytest.LogCaptureFixture) -> None:
    live = SetLive(published(entry("purple toes")))
    component = RedFlagCheck(live)
    check(component, "hello")
    live.publication = published(entry("((("))
    assert check(component, "I have purple toes") == ["safety/x"]
    assert "keeping the signs" in caplog.text


@pytest.mark.parametrize("text", [None, "", "😭", "/restart", "x" * 5000, "\x00"])
def test_a_message_without_a_sign_has_no_findings(text: str | None) -> None:
    """And an understanding all the same, for the components behind."""
    (checked,) = RedFlagCheck(SetLive()).process([message(text)], None)
    assert checked.get(KEY) is not None
    assert understood(checked).red_flags == ()


def test_a_sign_may_be_spread_over_messages() -> None:
    component = RedFlagCheck(SetLive())
    assert check(component, "now I can't see properly", "I had filler in my cheek today")


def test_a_message_keeps_what_was_found_before() -> None:
    (first,) = RedFlagCheck(SetLive()).process([message(EMERGENCY)], None)
    data = {**first.get(KEY), "in_scope": 0.5}
    (again,) = RedFlagCheck(SetLive()).process([Message({"text": "hello", KEY: data})], None)
    assert understood(again).in_scope == 0.5
    assert understood(again).red_flags == ()


def test_only_the_latest_messages_count() -> None:
    texts = [f"message {number}" for number in range(EARLIER + 3)]
    assert earlier_texts(tracker(*said(*texts))) == texts[-EARLIER:]
    assert earlier_texts(None) == []


def test_a_new_session_brings_the_messages_before_it_along() -> None:
    """As `bot.channels.rotation` starts one."""
    started = SessionStarted(metadata={"earlier": ["one", "two"]})
    assert earlier_texts(tracker(*said("zero"), started))[-2:] == ["one", "two"]
    assert earlier_texts(tracker(started, *said("three")))[-2:] == ["two", "three"]


def test_a_session_that_rasa_started_brings_none() -> None:
    assert earlier_texts(tracker(SessionStarted())) == []
