"""Rasa as it is published, with the pipeline that ``rasa init`` writes; seeds are fixed.

Each entry is a retrieval intent ``faq/ENTRY`` whose answer a ResponseSelector chooses, as Rasa's
own documentation has it for questions and answers; what is out of scope is intents of their own,
and so is what else the bot serves. Labels without answers are plain intents.

Runs in the environment of ``requirements-peers.lock``, where nothing of ours is installed.
"""

from __future__ import annotations

import asyncio
import logging
import tempfile
from pathlib import Path
from typing import Any

from rasa.core.agent import Agent
from rasa.model_training import train_nlu
from rasa.shared.utils.io import write_yaml
from rasa.utils.tensorflow.environment import setup_tf_environment

from bench.peers.task import Answer, Ask, Asked, Task, contest

FAQ = "faq"
FALLBACK = "nlu_fallback"


def pipeline(intents: bool, selector: bool, seed: int) -> list[dict[str, Any]]:
    """The default of Rasa 3.6.21 (``rasa/cli/initial_project/config.yml``).

    Args:
        intents: whether intents are classified.
        selector: whether a ResponseSelector has answers to choose from.
    """
    learned = {"epochs": 100, "random_seed": seed}
    classifier = {"name": "DIETClassifier", **learned}
    fallback = {"name": "FallbackClassifier", "threshold": 0.3, "ambiguity_threshold": 0.1}
    return [
        {"name": "WhitespaceTokenizer"},
        {"name": "RegexFeaturizer"},
        {"name": "LexicalSyntacticFeaturizer"},
        {"name": "CountVectorsFeaturizer"},
        {"name": "CountVectorsFeaturizer", "analyzer": "char_wb", "min_ngram": 1, "max_ngram": 4},
        *([classifier] if intents else []),
        {"name": "EntitySynonymMapper"},
        *([{"name": "ResponseSelector", **learned}] if selector else []),
        *([fallback] if intents else []),
    ]


def learn(task: Task, intents: bool = True) -> Ask:
    """Train, and load what was trained.

    Args:
        intents: whether intents are classified, and not answers alone.
    """
    setup_tf_environment()  # to one thread, as the arena asks
    labels = sorted({label for _, label in task.known})
    selector = bool(task.answers)
    names = {label: f"{FAQ}/e{i}" if selector else f"e{i}" for i, label in enumerate(labels)}
    outside = frozenset(intent for _, intent in task.outside)
    examples: dict[str, list[str]] = {}
    for text, label in task.known:
        examples.setdefault(names[label], []).append(text)
    for text, intent in (*task.outside, *task.other) if intents else ():
        examples.setdefault(intent, []).append(text)
    answers = {f"utter_{names[one.label]}": one.gist for one in task.answers}
    with tempfile.TemporaryDirectory(prefix="stock-rasa-") as folder:
        components = pipeline(intents, selector, task.seed)
        agent = Agent.load(_train(folder, examples, answers, components))
    known = {name: label for label, name in names.items()}
    loop = asyncio.new_event_loop()

    def ask(message: Asked) -> Answer:
        parsed = loop.run_until_complete(agent.parse_message(message.text))
        return answer(parsed, known, outside)

    return ask


def _train(
    folder: str,
    examples: dict[str, list[str]],
    answers: dict[str, str],
    components: list[dict[str, Any]],
) -> str:
    """Where the trained model is, of NLU alone."""
    config = {
        "recipe": "default.v1",
        "assistant_id": "peer",
        "language": "en",
        "pipeline": components,
        "policies": [],
    }
    data = {
        "version": "3.1",
        "nlu": [
            {"intent": intent, "examples": "".join(f"- {_plain(text)}\n" for text in texts)}
            for intent, texts in examples.items()
        ],
        "responses": {name: [{"text": _plain(text)}] for name, text in answers.items()},
    }
    for name, content in (("config.yml", config), ("nlu.yml", data)):
        write_yaml(content, Path(folder) / name)
    model = train_nlu(f"{folder}/config.yml", f"{folder}/nlu.yml", folder)
    if model is None:
        raise RuntimeError("Rasa made no model of the task; what it printed says why.")
    return str(model)


def _plain(text: str) -> str:
    """On one line, and without the marks of an entity."""
    return " ".join(text.replace("[", "(").replace("]", ")").split())


def answer(parsed: dict[str, Any], known: dict[str, str], outside: frozenset[str]) -> Answer:
    """What Rasa's own reading of a message comes to.

    Args:
        known: the label of each (retrieval) intent that answers.
        outside: the intents that are out of scope.
    """
    intent = parsed["intent"]["name"]
    intents = {one["name"]: float(one["confidence"]) for one in parsed.get("intent_ranking", ())}
    intents.pop(FALLBACK, None)
    chosen = parsed.get("response_selector", {}).get("default", {}).get("ranking")
    if chosen is None:
        ranking, inside = list(intents.items()), 1 - sum(intents.get(name, 0) for name in outside)
        kind: str | None = "answer" if intent in known else "decline"
    else:
        ranking = [(one["intent_response_key"], float(one["confidence"])) for one in chosen]
        inside = intents.get(FAQ, 0.0)
        kind = "answer" if intent == FAQ else "other"
        kind = "decline" if intent in outside or intent == FALLBACK else kind
    if intent is None:  # no classifier: only the choice of an answer tells how sure it is
        inside, kind = ranking[0][1], None
    ranked = [(known[name], confidence) for name, confidence in ranking if name in known][:3]
    shown = tuple(label for label, _ in ranked) if kind == "answer" else ()
    return Answer(tuple(ranked), inside, kind, shown)


if __name__ == "__main__":
    logging.disable(logging.WARNING)
    contest(learn)
