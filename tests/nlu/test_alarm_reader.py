"""A message is read in several ways for signs of an emergency, and any of them may find one."""

from __future__ import annotations

import numpy as np
import pytest

from bot.knowledge.encode import Encoder
from bot.nlu.alarm_examples import LONG
from bot.nlu.alarm_model import Example, Floats
from bot.nlu.alarm_reader import Reader, Said
from tests.nlu.lives import OneEncoder

VECTOR = np.ones(384, dtype=np.float32)
SIGN = "my lip is white"
CHATTER = "we talked about the weather and the garden " * (LONG // 8 + 1)


class Literal:
    """A model that knows an emergency by one phrase, and remembers what it was shown."""

    def __init__(self) -> None:
        self.seen: list[str] = []

    def at_most(self, text: str) -> float:
        """As `AlarmModel.at_most`: a text of another script can be none."""
        return -1.0 if text.startswith("nothing") else 1.0

    def score(self, text: str, vector: Floats) -> float:
        """As `AlarmModel.score`: the less of it is about the sign, the lower."""
        self.seen.append(text)
        return len(SIGN) / len(text) if SIGN in text else 0.0

    def like(self, text: str, vector: Floats) -> Example:
        """As `AlarmModel.like`."""
        return Example(text, "safety/sign")


@pytest.fixture(autouse=True)
def _encoder(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Encoder, "shared", OneEncoder)


def found(text: str, *earlier: str, threshold: float = 0.2) -> str | None:
    """What of a message an emergency was found in."""
    alarm = reader(Literal()).alarm(Said(text, earlier, VECTOR), threshold)
    return alarm.text if alarm is not None else None


def reader(model: Literal) -> Reader:
    return Reader(model, lambda text: text.replace("wite", "white"))  # type: ignore[arg-type]


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


def test_what_can_be_no_emergency_is_not_looked_into() -> None:
    model = Literal()
    assert reader(model).alarm(Said("nothing of ours", (), VECTOR), 0.0) is None
    assert model.seen == []


def test_plainly_harmless_is_what_is_so_alone_and_with_what_was_said_before() -> None:
    assert reader(Literal()).is_harmless(Said("how much is it", ("hello",), VECTOR), 0.0)
    assert not reader(Literal()).is_harmless(Said("my lip is wite", (), VECTOR), 0.0)
    assert not reader(Literal()).is_harmless(Said("ok", (SIGN,), VECTOR), 0.0)


def test_a_harmless_question_beside_a_sign_makes_nothing_harmless() -> None:
    text = f"{SIGN} and also i would like to know how long the effect of it lasts and the price"
    assert not reader(Literal()).is_harmless(Said(text, (), VECTOR), 0.3)
    assert reader(Literal()).alarm(Said(text, (), VECTOR), 0.3) is None


def test_no_line_is_corrected_twice() -> None:
    corrected: list[str] = []

    def correct(text: str) -> str:
        corrected.append(text)
        return text

    Reader(Literal(), correct).alarm(Said("one", ("two", "three"), VECTOR), 9.0)  # type: ignore[arg-type]
    assert sorted(corrected) == ["one", "three", "two"]
