from __future__ import annotations

from typing import Any

import pytest
from rasa_sdk.executor import CollectingDispatcher

from actions import turn
from bot.advice.reply import Kind, Reply, Text
from bot.advice.understanding import Understanding
from bot.knowledge.live import NothingPublished, Publication
from tests.actions.calls import tracker
from tests.nlu.lives import SetLive

REPLY = Reply(Kind.ANSWER, (Text("Speak with a doctor."),), topic="botox/cost")


def sent(reply: Reply, **slots: Any) -> tuple[list[Any], dict[str, Any]]:
    """What is dispatched, and the slots that are set."""
    dispatcher = CollectingDispatcher()
    events = turn.send(reply, dispatcher, tracker(**slots))
    return dispatcher.messages, {event["name"]: event["value"] for event in events}


def test_the_scene_is_what_is_live_and_where_we_are(live: Publication) -> None:
    scene = turn.scene(tracker("and this", turns=3))
    assert scene.publication == live.name
    assert set(scene.entries) <= set(live.knowledge.entries)
    assert scene.turn == 3
    assert scene.visitor_words.endswith("and this")


def test_all_that_the_visitor_wrote_counts_as_said_and_nothing_the_bot_did() -> None:
    events = [
        {"event": "user", "text": "one"},
        {"event": "bot", "text": "botox"},
        {"event": "user", "text": None},
        {"event": "action", "name": "x"},
    ]
    assert turn.scene(tracker("two", events=events)).visitor_words == "one two"


@pytest.mark.parametrize("turns", [None, 0])
def test_a_conversation_begins_at_turn_0(turns: int | None) -> None:
    assert turn.scene(tracker(turns=turns)).turn == 0
    assert turn.scene(tracker()).turn == 0


def test_nothing_published_is_an_error_for_the_guard(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(turn, "live", SetLive)
    with pytest.raises(NothingPublished):
        turn.scene(tracker())


def test_a_reply_is_dispatched_whole_and_remembered() -> None:
    messages, slots = sent(REPLY, turns=4, topic="fillers/cost")
    (message,) = messages
    assert Reply.from_json(message["custom"]) == REPLY
    assert slots == {"turns": 5, "topic": "botox/cost"}


def test_a_reply_without_a_topic_leaves_the_last_one() -> None:
    _, slots = sent(Reply(Kind.SMALLTALK, ()), turns=1, topic="botox/cost")
    assert slots == {"turns": 2}


def test_after_an_emergency_the_introduction_is_still_to_come() -> None:
    emergency = Reply(Kind.EMERGENCY, ())
    assert sent(emergency, turns=0)[1]["turns"] == 0
    assert sent(emergency, turns=2)[1]["turns"] == 3


def test_a_message_that_was_not_parsed_is_an_empty_understanding() -> None:
    """As a pressed button's."""
    assert turn.understanding(tracker()) == Understanding()
    assert turn.understanding(tracker(found=Understanding(in_scope=0.5))).in_scope == 0.5


def test_an_intent_that_is_not_there_is_none() -> None:
    assert turn.intent(tracker(intent="greet")) == "greet"
    on = tracker()
    on.latest_message = {}
    assert turn.intent(on) == ""
