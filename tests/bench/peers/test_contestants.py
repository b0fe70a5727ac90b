"""Each contestant is given its best, and says what it would do."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import bot.lean  # noqa: F401  # before Rasa

import pytest
import rasa
from ruamel.yaml import YAML

from bench.peers import cosine, search, stock_rasa, tfidf
from bench.peers.task import Asked, Task, Written

PAIN = ("does it hurt", "will it hurt a lot", "is the needle painful", "how much pain is there")
COST = ("what does it cost", "how much money is it", "is it expensive", "price of a treatment")
FAR = ("who won the match", "what is the weather", "how do i bake bread", "a good film please")
TASK = Task(
    known=tuple((text, "pain") for text in PAIN) + tuple((text, "cost") for text in COST),
    outside=tuple((text, "out_of_scope") for text in FAR),
    held_out=(("is it painful", "pain"), ("how expensive is it", "cost"), ("the cup final", None)),
    asked=(),
    answers=(Written("pain", "It stings.", "It stings."), Written("cost", "A lot.", "A lot.")),
)
KNOWN = {"faq/e0": "cost", "faq/e1": "pain"}
OUTSIDE = frozenset({"out_of_scope"})


@pytest.mark.parametrize("contestant", [search, cosine, tfidf])
def test_what_was_learned_is_found(contestant: Any) -> None:
    ask = contestant.learn(TASK)
    painful, far = ask(Asked("does it hurt")), ask(Asked("who won the match"))
    assert painful.ranked[0][0] == "pain"
    assert 0 < painful.ranked[0][1] <= 1
    assert painful.inside > far.inside
    assert painful.kind is None


@pytest.mark.parametrize("contestant", [search, cosine, tfidf])
def test_there_need_be_nothing_out_of_scope(contestant: Any) -> None:
    bare = Task(TASK.known, (), (), ())
    assert contestant.learn(bare)(Asked("is the needle painful")).ranked[0][0] == "pain"


def test_rasa_has_the_pipeline_of_its_own_template() -> None:
    """But for seeds, so that a run can be repeated."""
    path = Path(rasa.__file__).parent / "cli" / "initial_project" / "config.yml"
    lines = path.read_text(encoding="utf-8").partition("policies:")[0].splitlines()
    commented = [line[1:] for line in lines if line.startswith(("#   - ", "#     "))]
    template = YAML(typ="safe", pure=True).load("\n".join(commented))
    ours = stock_rasa.pipeline(True, True, 0)
    assert [{k: v for k, v in one.items() if k != "random_seed"} for one in ours] == template
    names = [one["name"] for one in template]
    plain = [one["name"] for one in stock_rasa.pipeline(True, False, 0)]
    assert plain == [name for name in names if name != "ResponseSelector"]
    alone = [one["name"] for one in stock_rasa.pipeline(False, True, 0)]
    assert alone == [n for n in names if n not in ("DIETClassifier", "FallbackClassifier")]


def parsed(intent: str, selected: bool = True, **intents: float) -> dict[str, Any]:
    ranking = [{"intent_response_key": f"faq/e{n}", "confidence": (0.6, 0.4)[n]} for n in (0, 1)]
    found = {"default": {"ranking": ranking}} if selected else {}
    return {
        "intent": {"name": intent, "confidence": 0.5},
        "intent_ranking": [{"name": k, "confidence": v} for k, v in intents.items()],
        "response_selector": found,
    }


@pytest.mark.parametrize(
    ("intent", "kind"),
    [
        ("faq", "answer"),
        ("out_of_scope", "decline"),
        ("nlu_fallback", "decline"),
        ("greet", "other"),
    ],
)
def test_what_rasa_would_do(intent: str, kind: str) -> None:
    """Its ranking of answers is kept whatever it would do."""
    answer = stock_rasa.answer(parsed(intent, faq=0.7, out_of_scope=0.3), KNOWN, OUTSIDE)
    assert answer.kind == kind
    assert answer.ranked == (("cost", 0.6), ("pain", 0.4))
    assert answer.shown == (("cost", "pain") if kind == "answer" else ())
    assert answer.inside == 0.7


def test_rasa_without_answers_ranks_its_intents() -> None:
    found = parsed("e1", selected=False, nlu_fallback=0.3, e1=0.5, e0=0.3, out_of_scope=0.2)
    answer = stock_rasa.answer(found, {"e0": "cost", "e1": "pain"}, OUTSIDE)
    assert (answer.kind, answer.ranked) == ("answer", (("pain", 0.5), ("cost", 0.3)))
    assert answer.inside == 0.8


def test_rasa_without_intents_is_as_sure_as_of_its_answer() -> None:
    found = parsed("faq")
    found["intent"]["name"] = None
    answer = stock_rasa.answer(found, KNOWN, OUTSIDE)
    assert (answer.kind, answer.inside, answer.shown) == (None, 0.6, ())
