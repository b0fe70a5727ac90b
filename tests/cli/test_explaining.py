from __future__ import annotations

import pytest

from bot.advice.understanding import Candidate, RedFlag, Term, Understanding
from bot.cli.explaining import explanation
from bot.knowledge.entry import Urgency
from bot.knowledge.live import Publication

ID = "botox/how-long-does-it-last"
FOUND = Understanding(
    intent="ask_question",
    intents=(("ask_question", 0.91), ("greet", 0.05)),
    sentences=("I had Botox.", "How long does it last?"),
    terms=(Term("Botox", "botox"),),
    candidates=(Candidate(ID, 4.2, 0.87, 0.93, "how long does botox last"),),
    in_scope=0.98,
)


def test_all_that_was_understood_is_told(publication: Publication) -> None:
    told = explanation(FOUND)
    for part in (
        "I had Botox. | How long does it last?",
        "Botox (botox)",
        "Red flags:  none",
        "ask_question 0.91, greet 0.05",
        "0.98",
        ID,
        "0.87",
        "how long does botox last",
        f"{ID} is nearest",
    ):
        assert part in told


def test_a_red_flag_is_the_reason(publication: Publication) -> None:
    flag = RedFlag("safety/vision-change", Urgency.EMERGENCY, "sight after filler")
    told = explanation(Understanding(intent="report_red_flag", red_flags=(flag,)))
    assert "sight after filler (safety/vision-change, emergency)" in told
    assert "because the sign 'sight after filler' was found" in told


def test_a_follow_up_names_its_topic(publication: Publication) -> None:
    assert f"in the light of: {ID}" in explanation(Understanding(topic=ID))


@pytest.mark.parametrize("intent", ["out_of_scope", "nlu_fallback", "ask_question"])
def test_what_is_declined_says_why(publication: Publication, intent: str) -> None:
    told = explanation(Understanding(intent=intent, in_scope=0.1))
    assert "in scope with 0.10, under " in told


@pytest.mark.parametrize("found", [Understanding(), Understanding(intent="greet")])
def test_a_message_of_which_nothing_is_known_has_an_explanation(found: Understanding) -> None:
    """As an empty one, which is answered before it is parsed."""
    told = explanation(found)
    assert "nothing to split" in told
    assert "Terms:      none" in told
    assert "it is not a question" in told
