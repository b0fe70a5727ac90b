"""An understanding crosses Rasa's edge unchanged."""

from __future__ import annotations

import json

from bot.advice.understanding import Candidate, RedFlag, Term, Understanding
from bot.knowledge.entry import Urgency

FOUND = Understanding(
    intent="ask_question",
    intents=(("ask_question", 0.9),),
    red_flags=(
        RedFlag("safety/under-18", Urgency.CAUTION, "under 18"),
        RedFlag("safety/vision-change", Urgency.EMERGENCY, "sight", "Call now.", is_in_doubt=True),
        RedFlag("safety/under-18", Urgency.CAUTION, "sixteen"),
    ),
    sentences=("hello", "does it hurt"),
    terms=(Term("Dysport", "botox"),),
    candidates=(Candidate("botox/cost", 3.0, 0.8, 0.7, "how much"),),
    in_scope=0.9,
    topic="botox/brands",
    parts=(Candidate("botox/cost", 3.0, 0.8, 0.7, "how much"),),
    chosen="more:botox/cost",
)


def test_it_comes_back_from_json_unchanged() -> None:
    """The action sees what NLU found."""
    assert Understanding.from_json(json.loads(json.dumps(FOUND.to_json()))) == FOUND


def test_a_pressed_button_has_an_empty_understanding() -> None:
    """Nothing is parsed when a button is pressed."""
    assert Understanding.from_json(None) == Understanding()


def test_the_highest_urgency_counts_and_cautions_are_named_once() -> None:
    """Two signs of one caution give its entry once; an emergency is not a caution."""
    assert FOUND.urgency is Urgency.EMERGENCY
    assert FOUND.cautions == ("safety/under-18",)
    assert Understanding().urgency is Urgency.NONE


def test_what_an_earlier_version_understood_is_still_read() -> None:
    """Conversations outlive an update."""
    old = {k: v for k, v in FOUND.to_json().items() if k not in ("parts", "chosen")}
    old["red_flags"] = [
        {k: v for k, v in flag.items() if k != "is_in_doubt"} for flag in old["red_flags"]
    ]
    read = Understanding.from_json(old)
    assert not any(flag.is_in_doubt for flag in read.red_flags)
    assert (read.candidates, read.parts, read.chosen) == (FOUND.candidates, (), "")
