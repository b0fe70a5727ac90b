"""What a piece asks of the clinic is learned from messages in which a person has marked it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest
from numpy.typing import NDArray

from bot.advice.services import INTENT_OF, NEED_OF
from bot.knowledge.adapter import kept_back
from bot.knowledge.encode import Encoder
from bot.nlu.service_parts import NONE, ServiceParts, fit, is_told_only, labelled, learn
from bot.nlu.several_examples import Several, read_several
from bot.nlu.tuning import intent_examples
from bot.settings import ROOT

HOURS, PRICE = "service/opening-hours", "service/price-here"


def several(*parts: tuple[str, set[str]]) -> Several:
    """A message by its parts and their needs."""
    return Several(tuple(text for text, _ in parts), tuple(frozenset(needs) for _, needs in parts))


BESIDE = several(
    ("so when are you open", {HOURS}), ("and how much is botox", {PRICE, "botox/cost"})
)
ALONE = several(("when are you open, my sister asks", {HOURS}))
PASSING = several(("my appointment is at 5, does it hurt", {"botox/does-it-hurt"}))
ORDINARY = several(("does it hurt", {"botox/does-it-hurt"}), ("how long", {"botox/units-and-dose"}))


def test_parts_that_speak_of_the_clinic_are_learned_from() -> None:
    assert labelled([BESIDE, ALONE, PASSING, ORDINARY]) == [
        ("when are you open", HOURS),
        ("how much is botox", NONE),
        ("when are you open, my sister asks", HOURS),
        ("my appointment is at 5, does it hurt", NONE),
    ]


def encode(texts: Sequence[str]) -> NDArray[np.float32]:
    """A vector that says whether a text has "open", "price" or neither."""
    rows = [["open" in text, "price" in text, True] for text in texts]
    return np.array(rows, dtype=np.float32) * 4


def encode_or_none(texts: Sequence[str]) -> NDArray[np.float32]:
    """As `encode`, of no text as well."""
    return encode(["", *texts])[1:]


@pytest.fixture
def learned() -> ServiceParts:
    examples = ["are you open", "open today", "your price", "price list", "hello", "what is botox"]
    intents = ["ask_hours"] * 2 + ["ask_price_here"] * 2 + ["greet", "ask_question"]
    return learn([BESIDE], encode(examples), intents, encode(["does botox hurt"]), encode)


def test_the_likeliest_is_named_with_its_odds_against_none(learned: ServiceParts) -> None:
    hours, price, none = learned.likeliest(encode(["open late", "price of lips", "is it safe"]))
    assert (hours.need, price.need) == (HOURS, PRICE)
    assert hours.odds > 0 > none.odds
    assert hours.chance > 0.5 > none.chance > 0
    assert none.need in INTENT_OF


def test_what_is_out_of_scope_is_told_from_what_is_asked_of_the_clinic(
    learned: ServiceParts,
) -> None:
    assert learned.outside(encode(["open late"])) == [[]]
    examples = encode(["open today", "your price", "hello"])
    examples = np.concatenate([examples, -examples[:1]])
    intents = ["ask_hours", "ask_price_here", "greet", "ask_to_buy"]
    model = learn([], examples, intents, encode(["does botox hurt"]), encode_or_none)
    far, near = model.outside(np.stack([examples[3], examples[0]]))
    assert dict(far)["ask_to_buy"] > 0.5 > dict(near)["ask_to_buy"]
    (buying,) = model.likeliest(examples[3:])
    assert buying.odds < 0


def test_what_is_saved_is_what_was_fitted(learned: ServiceParts) -> None:
    vectors = encode(["open late", "is it safe"])
    assert ServiceParts.of(learned.arrays()).likeliest(vectors) == learned.likeliest(vectors)


@pytest.mark.parametrize("needs", [[NONE, HOURS], [HOURS, PRICE], [NONE, NONE]])
def test_it_is_learned_from_two_services_and_what_is_none(needs: list[str]) -> None:
    with pytest.raises(ValueError, match="told from one another"):
        fit(encode(["open", "price"]), needs)


def test_messages_that_it_has_not_seen_are_told_apart() -> None:
    """Of those marked by hand, by a model of the others: where one piece in fifty is in vain."""
    encoder = Encoder.shared()
    messages = [one for one in read_several() if any(n & INTENT_OF.keys() for n in one.needs)]
    shown = [one for one in messages if not kept_back(one.text)]
    judges = labelled([one for one in messages if kept_back(one.text)])
    examples = [
        (text, intent)
        for intent, texts in intent_examples(ROOT / "data" / "nlu").items()
        for text in texts
        if intent in NEED_OF or intent in ("ask_question", "greet", "chitchat")
    ]
    vectors = encoder.encode([text for text, _ in examples])
    model = learn(shown, vectors, [name for _, name in examples], vectors[:0], encoder.encode)
    found = model.likeliest(encoder.encode([text for text, _ in judges]))
    asked = np.array([need != NONE for _, need in judges])
    odds = np.array([one.odds for one in found])
    clear = odds > np.quantile(odds[~asked], 0.98)
    assert clear[asked].mean() > 0.6
    right = [one.need == need for one, (_, need) in zip(found, judges, strict=True)]
    assert np.mean(np.array(right)[asked & clear]) > 0.8


@pytest.mark.parametrize(
    "text",
    [
        "i have an appointment on friday",
        "I've got my appt tomorrow",
        "my appointment is on the 4th",
        "im booked in for lips on the 3rd",
    ],
)
def test_who_has_an_appointment_asks_nothing_by_saying_so(text: str) -> None:
    assert is_told_only(text)


@pytest.mark.parametrize(
    "text",
    [
        "can i book an appointment",
        "i have an appointment on friday can i move it",
        "i need an appointment",
        "ive got an appt at 3 and im running late",
        "next appointment",
        "what time is my appointment",
        "",
    ],
)
def test_who_asks_for_something_about_it_does(text: str) -> None:
    assert not is_told_only(text)
