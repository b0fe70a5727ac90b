"""What is remembered beside the record is little, is of its own conversation, and can be erased."""

from __future__ import annotations

from bot.channels.recall import LONGEST, TEXTS, Recall


def test_the_texts_before_a_message_are_those_of_its_own_conversation() -> None:
    recall = Recall()
    for number in range(4):
        recall.heard("a", f"m{number}", f"text {number}")
    recall.heard("b", "m0", "another's")
    assert recall.earlier("a") == ["text 2", "text 3"]
    assert recall.earlier("a", "m3") == ["text 1", "text 2"]
    assert recall.earlier("a", "new") == ["text 2", "text 3"]
    assert recall.earlier("c") == []


def test_a_message_that_is_sent_again_keeps_its_place() -> None:
    recall = Recall()
    for id_ in ("m0", "m1", "m0"):
        recall.heard("a", id_, f"text of {id_}")
    assert recall.earlier("a", "m0") == []
    assert recall.earlier("a", "m1") == ["text of m0"]


def test_little_is_kept() -> None:
    recall = Recall(size=3)
    for number in range(9):
        recall.heard(f"c{number}", "m", "x" * 3 * LONGEST)
        recall.alarm(f"c{number}")
        recall.heard("often", str(number), "text")
    assert len(recall._texts) == len(recall._alarms) == 3
    assert len(recall._texts["often"]) == TEXTS
    assert [len(text) for text in recall.earlier("c8")] == [LONGEST]


def test_an_alarm_is_owed_until_it_is_recorded_and_no_news_until_a_turn() -> None:
    recall = Recall()
    assert not recall.is_owed("a")
    assert recall.alarm("a")
    assert recall.is_owed("a")
    recall.turned("a")
    assert not recall.alarm("a")
    recall.recorded("a")
    assert not recall.is_owed("a")
    assert not recall.alarm("a")
    recall.turned("a")
    assert recall.alarm("a")


def test_what_is_erased_is_forgotten() -> None:
    recall = Recall()
    recall.heard("a", "m", "text")
    recall.alarm("a")
    recall.forget_texts("a")
    assert recall.earlier("a") == []
    assert recall.is_owed("a")
    recall.forget("a")
    assert not recall.is_owed("a")
