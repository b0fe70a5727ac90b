"""Writes what `fit.py` and `fit_alarms.py` learn from: texts with what they ask for, messages with
their alarms, both also as they are read when typed with less care, and messages with where their
questions begin and end.

Usage: ``python tools/adapter/wordings.py FILE``
"""

from __future__ import annotations

import json
import random
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from itertools import chain
from pathlib import Path
from typing import Any

from bot.advice.language import Language
from bot.advice.route import QUESTION
from bot.knowledge.adapter import kept_back
from bot.knowledge.alarm_branch import HARMLESS
from bot.knowledge.embed import indexed_texts, ready
from bot.knowledge.entry import Entry, Urgency
from bot.knowledge.minilm_graph import STATES
from bot.knowledge.read import read
from bot.knowledge.spelling import Spelling
from bot.knowledge.typos import misspelt
from bot.nlu.alarm_examples import (
    EVERY,
    beside_a_question,
    harmless_stretches,
    is_alarm,
    join,
    read_examples,
    sign_examples,
    talk_examples,
    without_marks,
)
from bot.nlu.json_lines import read_lines
from bot.nlu.seams import AROUND, first_words
from bot.nlu.several_examples import Several, read_several
from bot.nlu.tuning import intent_examples
from bot.settings import ROOT, Settings

Row = tuple[str, Mapping[str, float]]
"""A text, and the share that each entry or intent has in it."""

LEARNED = ROOT / "data" / "follow_ups" / "learned.jsonl"
PREFIXED = 3_000
"""How many wordings are also shown after a statement of somebody else, as in a story."""


def asked(entries: Mapping[str, Entry], language: Language) -> Iterator[Row]:
    """What is asked for; test questions are left out, for they judge the result."""
    wordings = [(id_, text) for id_, entry in entries.items() for text in indexed_texts(entry)]
    for id_, text in wordings:
        yield text, {id_: 1}
    yield from _after_a_statement(wordings)
    for intent, texts in intent_examples(ROOT / "data" / "nlu").items():
        if intent != QUESTION:  # whose examples are those of the entries
            yield from ((text, {intent: 1}) for text in texts)
    for several in read_several():
        if not kept_back(several.text):
            yield from _parts(several, entries, language)
    for readings in read_lines(LEARNED, "a follow-up", partial(_readings, entries)):
        yield from readings


def alarms(entries: Mapping[str, Entry]) -> Iterator[Row]:
    """Messages, with the emergency that they are signs of, or none."""
    for example in chain(read_examples(), sign_examples(dict(entries))):
        if not example.is_kept_back:
            yield example.text, {example.entry_id or "": 1}


def kinds(entries: Mapping[str, Entry]) -> Iterator[Row]:
    """The messages, their stretches, signs, talk and wordings that `bot.nlu.alarm_data` has, with
    their kinds.
    """
    written = read_examples()
    signs, talk = sign_examples(dict(entries)), talk_examples()
    for one in chain(written, harmless_stretches(written), signs, talk):
        if not one.is_kept_back:
            yield one.text, {one.kind: 1}
    harmless = 0
    for id_, entry in entries.items():
        for text in indexed_texts(entry):
            harmless += not is_alarm(entry)
            if is_alarm(entry) or harmless % EVERY == 0:
                yield join((), text), {id_ if is_alarm(entry) else HARMLESS: 1}


def otherwise(rows: Iterable[Row], *ways: Callable[[str], str]) -> Iterator[tuple[Any, ...]]:
    """Each row with its text as it is read when typed in other ways."""
    for text, shares in rows:
        yield text, shares, [way(text) for way in ways]


def talked_over(questions: Sequence[str]) -> Callable[[str], str]:
    """How a text is read with one of these questions beside it: an emergency stays one."""
    chance = random.Random(0)
    return lambda text: beside_a_question(text, chance.choice(questions), chance)


def mistyped(correct: Callable[[str], str], *typos: int) -> Callable[[str], str]:
    """How a text is read with one of so many typos: some are put right, others not, or wrongly."""
    chance = random.Random(0)
    return lambda text: correct(misspelt(text, chance, chance.choice(typos)))


def seams() -> dict[str, Any]:
    """Each message with where its words begin, and which of them begins a question; and what of a
    message tells that.
    """
    shown = (several for several in read_several() if not kept_back(several.text))
    messages = [(one.text, first_words(one.text, one.starts)) for one in shown]
    messages = [(text, words) for text, words in messages if words]
    return {"layer": STATES, "around": AROUND, "messages": messages}


def in_place(
    entries: Mapping[str, Entry],
) -> Iterator[tuple[str, list[tuple[int, int, list[str]]]]]:
    """Each message with where its questions begin and end, and the entries that answer them."""
    for message in read_several():
        if not kept_back(message.text):
            parts = zip(message.starts, message.texts, message.needs, strict=True)
            yield (
                message.text,
                [
                    (start, start + len(text), sorted(needs & entries.keys()))
                    for start, text, needs in parts
                ],
            )


def _after_a_statement(wordings: list[tuple[str, str]]) -> Iterator[Row]:
    """Questions after a statement about the same subject: the question decides."""
    chance = random.Random(0)
    told: dict[str, list[str]] = {}
    questions = []
    for id_, text in wordings:
        words = len(text.split())
        if text.endswith("?") and words <= 14:
            questions.append((id_, text))
        elif text.endswith(".") and "?" not in text and 5 <= words <= 25:
            told.setdefault(id_.partition("/")[0], []).append(text)
    for id_, text in chance.sample(questions, min(PREFIXED, len(questions))):
        before = told.get(id_.partition("/")[0])
        if before:
            yield f"{chance.choice(before)} {text}", {id_: 1}


def _parts(message: Several, entries: Mapping[str, Entry], language: Language) -> Iterator[Row]:
    """The questions of a message, as search reads them: each with its subject; and the whole."""
    subject = next((term.text for term in language.terms(message.text)), "")
    together: dict[str, float] = {}
    for text, asked_for in zip(message.texts, message.needs, strict=True):
        needs = sorted(asked_for & entries.keys())
        named = language.terms(text)
        subject = named[-1].text if named else subject
        if needs:
            yield text if named else f"{subject} {text}".strip(), dict.fromkeys(needs, 1.0)
            for id_ in needs:
                together[id_] = together.get(id_, 0) + 1 / len(needs)
    if len(message.texts) > 1 and together:
        yield message.text, together


def _readings(entries: Mapping[str, Entry], message: dict[str, Any]) -> list[Row]:
    """A follow-up as search reads it."""
    needs = {id_: 1.0 for id_ in message["needs"] if id_ in entries}
    topic = message.get("topic", "")
    if not needs or topic not in entries:
        return []
    text, family = message["text"], topic.partition("/")[0]
    alone = f"{family} {text}" if message["leans"] else text
    return [(f"{entries[topic].title} {text}", needs), (alone, needs)]


def main() -> None:
    """Write the file."""
    knowledge, _ = read(Settings.from_env().knowledge_dir)
    entries = ready(knowledge)
    correct = Spelling(knowledge).correct
    ordinary = [
        text
        for entry in entries.values()
        if entry.urgency is Urgency.NONE
        for text in indexed_texts(entry)
    ]
    rows = {
        "asked": list(
            otherwise(asked(entries, Language(knowledge.terms)), mistyped(correct, 1, 2))
        ),
        "alarms": list(otherwise(alarms(entries), mistyped(correct, 1, 2))),
        "kinds": list(
            otherwise(
                kinds(entries),
                mistyped(correct, 1),
                mistyped(correct, 2),
                without_marks,
                talked_over(ordinary),
                talked_over(ordinary),
            )
        ),
        "in_place": list(in_place(entries)),
        "seams": seams(),
    }
    Path(sys.argv[1]).write_text(json.dumps(rows, ensure_ascii=False), encoding="utf-8")


if __name__ == "__main__":
    main()
