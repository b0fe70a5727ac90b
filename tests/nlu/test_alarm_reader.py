"""A message is read in several ways for signs of an emergency, and any of them may find one."""

from __future__ import annotations

import numpy as np
import pytest

from bot.nlu.alarm_examples import LONG, WINDOW
from bot.nlu.alarm_model import Floats
from bot.nlu.alarm_reader import CLOSE, Reader, Said, length

SIGN = "my lip is white"
CHATTER = "we talked about the weather and the garden " * (LONG // 8 + 1)
KIND = "safety/sign"


class Literal:
    """A model, and an encoder, that know an emergency by one phrase; it remembers what it was
    shown.
    """

    kinds = ("", KIND, "safety/other")

    def __init__(self) -> None:
        self.seen: list[str] = []

    def score(self, text: str, logits: Floats) -> float:
        """As `AlarmModel.score`: the less of it is about the sign, the lower."""
        return len(SIGN) / len(text) if SIGN in text else 0.0

    def alarms(self, texts: list[str]) -> Floats:
        """As `bot.knowledge.encode.Encoder.alarms`."""
        self.seen += texts
        return np.tile(np.array([0, 2, 1], dtype=np.float32), (len(texts), 1))


def found(text: str, *earlier: str, threshold: float = 0.2) -> str | None:
    """What of a message an emergency was found in."""
    alarm = reader(Literal()).alarm(Said(text, earlier), threshold)
    return alarm.text if alarm is not None else None


def reader(model: Literal) -> Reader:
    return Reader(model, lambda text: text.replace("wite", "white"), model)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "text",
    [
        SIGN,
        "my lip is wite!!! 😱",
        f"{CHATTER}. {SIGN}. {CHATTER}",
        f"{CHATTER}. my lip is wite. {CHATTER}",
        f"{SIGN}, but im sure its nothing, my friend is a nurse and says its fine",
        "my lip is wite, but im sure its nothing, my friend says its fine",
    ],
)
def test_neither_typos_nor_chatter_nor_reassurance_hide_a_sign(text: str) -> None:
    assert found(text, threshold=0.4 if "sure" in text else 0.05) is not None


def test_a_sign_told_over_two_messages_is_found_once() -> None:
    assert found("is white", "my lip") is None, "it is not told in one line"
    assert found(SIGN, "hello there") == SIGN
    assert found("can i book", SIGN) is None, "it was told before, and is not told again"


@pytest.mark.parametrize("text", ["", "!!!", "😱"])
def test_a_message_without_a_word_is_none(text: str) -> None:
    assert found(text, threshold=-1.0) is None


def test_the_surest_reading_says_which_emergency_it_is() -> None:
    alarm = reader(Literal()).alarm(Said(f"{SIGN}, but my friend says its fine", ()), 0.1)
    assert alarm is not None and alarm.entry_id == KIND
    assert "fine" not in alarm.text


def test_no_reading_is_judged_twice() -> None:
    model = Literal()
    judge = reader(model)
    said = Said("my lip is wite", ("hello",))
    assert not judge.is_harmless(said, 0.3, 0.0)
    assert judge.alarm(said, 0.3) is not None
    assert len(model.seen) == len(set(model.seen)) > 1


def test_plainly_harmless_is_what_is_so_alone_and_with_what_was_said_before() -> None:
    assert reader(Literal()).is_harmless(Said("how much is it", ("hello",)), 0.0, 0.0)
    assert not reader(Literal()).is_harmless(Said("my lip is wite", ()), 0.0, 0.0)
    assert not reader(Literal()).is_harmless(Said("ok", (SIGN,)), 0.0, 0.0)


def test_a_long_message_is_harmless_only_in_every_stretch_of_it() -> None:
    """A sign among chatter is a small part of the whole."""
    assert reader(Literal()).is_harmless(Said(f"{CHATTER}. {CHATTER}", ()), 0.05, 0.0)
    assert not reader(Literal()).is_harmless(Said(f"{CHATTER}. {SIGN}. {CHATTER}", ()), 0.05, 0.0)


def test_what_is_asked_beside_a_sign_makes_less_of_it_only_within_a_stretch() -> None:
    """A sign in doubt is read in short stretches, too, so that a question dilutes it little."""
    asked = "and how much would it be for the whole face with a peel after it " * 2
    judge = reader(Literal())
    (whole,) = judge.scores([f"{SIGN}. {asked}"])
    assert judge.excess(Said(f"{SIGN}. {asked}", ()), 0.0) > whole
    assert len(asked.split()) > CLOSE > len(SIGN.split())


def test_the_longer_a_message_the_more_alarming_it_may_look_and_be_harmless() -> None:
    """And the fewer its words, the sooner it is taken for what it looks like."""
    told = Said(f"{SIGN} in this light and in that", ())
    (score,) = reader(Literal()).scores([told.text])
    assert not reader(Literal()).is_harmless(told, score - 0.1, 0.0)
    assert reader(Literal()).is_harmless(told, score - 0.1, 0.1)
    between = (length(told.text) + length(SIGN)) / 2
    assert reader(Literal()).excess(told, 9.0) < score - 9.0 * between
    assert reader(Literal()).excess(Said(SIGN, ()), 9.0) > score - 9.0 * between
    assert reader(Literal()).excess(Said(SIGN, ("hello there",)), 9.0) == reader(Literal()).excess(
        Said(SIGN, ()), 9.0
    ), "the fewer words count"


def test_no_message_is_longer_than_its_stretches_are() -> None:
    assert length("") == length("one") == 0
    assert length("two words") < length("word " * WINDOW) == length("word " * 9 * WINDOW)


def test_a_message_without_marks_is_also_read_with_marks() -> None:
    """A sign is as clear as it is where it stands alone."""
    told = "my lip is white and has been since the filler on friday can i still have my peel today"
    for earlier in ((), ("hello",)):
        model = Literal()
        reader(model).excess(Said(told, earlier), 0.0)
        assert any(text.startswith("hello") and ". can i" in text for text in model.seen) is bool(
            earlier
        )
        assert any(". can i" in text for text in model.seen)


def test_no_line_is_corrected_twice() -> None:
    corrected: list[str] = []

    def correct(text: str) -> str:
        corrected.append(text)
        return text

    model = Literal()
    Reader(model, correct, model).alarm(Said("one", ("two", "three")), 9.0)  # type: ignore[arg-type]
    assert sorted(corrected) == ["one", "three", "two"]
