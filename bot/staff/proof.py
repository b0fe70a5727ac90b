"""What is wrong with one entry's text, and the reply that visitors would get: while it is typed."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from bot.advice.compose import Scene, compose
from bot.advice.decide import Decision, kind_of
from bot.advice.reply import Reply
from bot.advice.wording import Wording
from bot.knowledge.check import check
from bot.knowledge.entry import Entry, Status
from bot.knowledge.problem import Problem
from bot.knowledge.read import Reading, read_entry
from bot.knowledge.rules.context import Context, SignTests
from bot.knowledge.rules.questions import unique_questions, unique_titles
from bot.knowledge.sheet import Sheet


@dataclass(frozen=True)
class Proof:
    """One text, judged without the search for stolen questions, which takes seconds."""

    problems: tuple[Problem, ...]
    """Sorted by line."""
    reply: Reply | None
    """As visitors get it; None where there is no text or no clinic to make it of."""
    status: Status | None
    """None if the text cannot be read at all."""


def proof(reading: Reading, id_: str, text: str, today: date, signs: SignTests) -> Proof:
    """Judge a text as if it stood in the file of `id_`, beside the files as they are.

    Args:
        signs: gives what tries the signs of some knowledge.
    """
    old = reading.knowledge.entries.get(id_)
    sheet = Sheet(reading.sheets[id_].path if id_ in reading.sheets else f"knowledge/{id_}.md")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "entry.md"
        path.write_bytes(text.encode(errors="surrogatepass"))
        entry = read_entry(path, id_, sheet)
    if entry is None:
        return Proof(tuple(sorted(sheet.problems)), None, None)
    entry = replace(entry, wordings=old.wordings if old else ())
    problems = _problems(reading, entry, sheet, today, signs)
    return Proof(problems, _reply(reading, entry), entry.status)


def _problems(
    reading: Reading, entry: Entry, sheet: Sheet, today: date, signs: SignTests
) -> tuple[Problem, ...]:
    everything = reading.knowledge
    named = {*entry.related, *(f"safety/{slug}" for slug in entry.not_for)}
    beside = {id_: everything.entries[id_] for id_ in named & everything.entries.keys()}
    sheets = {**reading.sheets, entry.id: sheet}
    ids = reading.ids | {entry.id}
    # Most rules look at one entry, so the others need not be judged again at every key stroke.
    few = Reading(
        replace(everything, entries={**beside, entry.id: entry}),
        tuple(sheet.problems),
        sheets,
        ids,
        reading.template,
    )
    whole = replace(everything, entries={**everything.entries, entry.id: entry})
    context = Context(today=today, sheets=sheets, ids=ids)
    found = {
        *check(few, today, fires=signs(few.knowledge)),
        *unique_questions(whole, context),
        *unique_titles(whole, context),
    }
    return tuple(sorted(problem for problem in found if problem.path == sheet.path))


def _reply(reading: Reading, entry: Entry) -> Reply | None:
    clinic = reading.knowledge.clinic
    if clinic is None or not entry.short:
        return None
    entries = {**reading.knowledge.entries, entry.id: entry}
    scene = Scene(
        entries, clinic, Wording.shared(), turn=1, visitor_words=" ".join(entry.questions)
    )
    chosen = Decision(kind_of(entry.urgency), (entry.id,), "it is looked at", 1.0)
    return compose(chosen, scene)
