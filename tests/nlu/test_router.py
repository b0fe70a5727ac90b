"""The one intent that the rules act on; `bot.advice.route` has the policy and its own tests."""

from __future__ import annotations

from typing import Any

import bot.lean  # noqa: F401  # before Rasa

import pytest
from rasa.shared.core.events import BotUttered
from rasa.shared.nlu.constants import INTENT
from ruamel.yaml import YAML

from bot.advice.decide import Thresholds
from bot.advice.reply import Button, Buttons, Kind, Reply
from bot.advice.understanding import KEY, Candidate, RedFlag, Understanding
from bot.knowledge.entry import Urgency
from bot.nlu.router import Router
from bot.settings import ROOT
from tests.nlu.lives import message, tracker, understood

ROUTER = Router(
    Thresholds(in_scope=0.5, sure=0.5, several=0.5, alarm=1.0, doubt=-1.0, longer=0.0, goes_on=0.7)
)
FLAG = RedFlag("safety/vision-change", Urgency.EMERGENCY, "sight")
NEAR = Candidate("botox/cost", 3.0, 0.9, 0.9)
INTENTS = (("greet", 0.7), ("ask_question", 0.3))


def routed(**found: Any) -> tuple[str, float, Understanding]:
    """The intent, its confidence and the understanding after routing."""
    (made,) = ROUTER.process([message("x", **{KEY: Understanding(**found).to_json()})])
    intent = made.as_dict(only_output_properties=True)[INTENT]
    return intent["name"], intent["confidence"], understood(made)


def test_the_classifiers_word_is_taken_with_its_probability() -> None:
    name, confidence, found = routed(intents=INTENTS)
    assert (name, confidence) == ("greet", 0.7)
    assert found.intent == "greet"
    assert found.intents == INTENTS


def test_an_emergency_overrules_the_classifier_with_certainty() -> None:
    name, confidence, _ = routed(intents=INTENTS, red_flags=(FLAG,))
    assert (name, confidence) == ("report_red_flag", 1.0)


@pytest.mark.parametrize(
    ("in_scope", "candidates", "expected"),
    [
        (0.9, (NEAR,), "ask_question"),
        (0.4, (NEAR,), "out_of_scope"),
        (0.9, (), "out_of_scope"),
        (0.9, (Candidate("botox/cost", 3.0, 0.4, 0.9),), "nlu_fallback"),
    ],
)
def test_the_thresholds_are_those_it_was_made_with(
    in_scope: float, candidates: tuple[Candidate, ...], expected: str
) -> None:
    intents = (("ask_question", 0.9),)
    assert routed(intents=intents, in_scope=in_scope, candidates=candidates)[0] == expected


@pytest.mark.parametrize("text", ["", None, "anything"])
def test_a_message_of_which_nothing_is_known_is_out_of_scope(text: str | None) -> None:
    """Not an error, and never without an intent."""
    (made,) = ROUTER.process([message(text)])
    assert made.get(INTENT)["name"] == "out_of_scope"


def test_each_message_is_routed_by_itself() -> None:
    flagged = Understanding(intents=INTENTS, red_flags=(FLAG,)).to_json()
    greeted = Understanding(intents=INTENTS).to_json()
    made = ROUTER.process([message("a", **{KEY: flagged}), message("b", **{KEY: greeted})])
    assert [one.get(INTENT)["name"] for one in made] == ["report_red_flag", "greet"]


def test_every_intent_has_a_rule() -> None:
    """Whatever the classifier may say or the router set."""
    yaml = YAML(typ="safe", pure=True)
    domain = yaml.load(ROOT / "bot" / "domain" / "dialogue.yml")
    rules = [
        step["intent"]
        for path in (ROOT / "data" / "rules").glob("*.yml")
        for rule in yaml.load(path)["rules"]
        for step in rule["steps"]
        if "intent" in step
    ]
    examples = [
        item["intent"]
        for path in (ROOT / "data" / "nlu").glob("*.yml")
        for item in yaml.load(path)["nlu"]
    ]
    assert set(domain["intents"]) == set(rules)
    assert set(examples) <= set(rules)


OFFERED = Reply(
    Kind.UNSURE,
    (Buttons((Button("Cost", "show:botox/cost"), Button("Brands", "show:botox/brands"))),),
)
QUIZ = Reply(Kind.SCREENING, (Buttons((Button("Never", "screen:answer:smoking:never"),)),))


def uttered(reply: Reply) -> BotUttered:
    return BotUttered(data={"custom": reply.to_json()})


def named(text: str, *replies: Reply) -> tuple[str, str]:
    """The intent and the action of a message that follows these replies."""
    made = message(text, **{KEY: Understanding(intents=INTENTS).to_json()})
    ROUTER.process([made], tracker(*map(uttered, replies)))
    return made.get(INTENT)["name"], understood(made).chosen


def test_a_button_of_the_last_reply_can_be_named() -> None:
    assert named("the second one", OFFERED) == ("press_button", "show:botox/brands")
    assert named("Cost", QUIZ, OFFERED) == ("press_button", "show:botox/cost")


@pytest.mark.parametrize(("text", "replies"), [("the second one", ()), ("Cost", (OFFERED, QUIZ))])
def test_buttons_that_are_gone_cannot(text: str, replies: tuple[Reply, ...]) -> None:
    assert named(text, *replies) == ("greet", "")


def test_answers_to_a_question_of_ours_are_not_for_the_router() -> None:
    assert named("never", QUIZ) == ("greet", "")
