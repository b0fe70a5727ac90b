"""What a clinic may not say: the words are in ``wording.yml`` beside this module."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

from ruamel.yaml import YAML

from bot.knowledge.entry import Entry, Knowledge, Status
from bot.knowledge.problem import Problem
from bot.knowledge.rules.context import Context

_WORDING = Path(__file__).with_name("wording.yml")
_AMOUNT = re.compile(r"[£$€] ?\d[\d,.]*|\b\d[\d,.]* ?(pounds|dollars|euros)\b", re.IGNORECASE)


@dataclass(frozen=True)
class Banned:
    """One line of ``wording.yml``."""

    words: re.Pattern[str]
    why: str
    instead: str
    unless: tuple[re.Pattern[str], ...] = ()

    def find(self, text: str) -> Iterator[re.Match[str]]:
        """Where `text` says it, outside the phrases in which it is fine."""
        fine = [match.span() for one in self.unless for match in one.finditer(text)]
        for match in self.words.finditer(text):
            if not any(start <= match.start() and match.end() <= end for start, end in fine):
                yield match


@cache
def banned() -> tuple[Banned, ...]:
    """The lines of ``wording.yml``."""
    return tuple(
        Banned(
            words=re.compile(line["words"], re.IGNORECASE),
            why=line["why"],
            instead=line["instead"],
            unless=tuple(re.compile(one, re.IGNORECASE) for one in line.get("unless", ())),
        )
        for line in YAML(typ="safe", pure=True).load(_WORDING)
    )


def nothing_a_clinic_may_not_say(knowledge: Knowledge, context: Context) -> Iterator[Problem]:
    """Guarantees, superlatives, testimonials, offers and verdicts on a visitor's suitability."""
    for id_, entry in knowledge.entries.items():
        if entry.status is Status.RETIRED or not context.asks_for(id_):
            continue
        for field, name, text in _texts(entry):
            for message, instead, lines in _found(text):
                line = context.line(id_, field) + lines
                yield context.error(id_, name, message, instead, line=line)


@lru_cache(maxsize=4096)
def _found(text: str) -> tuple[tuple[str, str, int], ...]:
    """What is wrong with a text, what to say instead, and how many lines below its first."""
    return tuple(
        (
            f"'{' '.join(match.group().split())}' {one.why}",
            one.instead,
            text.count("\n", 0, match.start()),
        )
        for one in banned()
        for match in one.find(text)
    )


def no_amounts_where_they_are_banned(knowledge: Knowledge, context: Context) -> Iterator[Problem]:
    """In uk, eu and au even a general price of a prescription-only medicine may count as
    advertising it, so a person has to look at each amount of money.
    """
    clinic = knowledge.clinic
    if clinic is None or clinic.names_medicines:
        return
    for id_, entry in knowledge.entries.items():
        for field, name, text in _texts(entry):
            for match in _AMOUNT.finditer(text):
                yield context.warning(
                    id_,
                    name,
                    f"'{match.group()}' is an amount of money.",
                    f"Leave it out if it is for a prescription-only medicine: the jurisdiction is"
                    f" '{clinic.jurisdiction}'.",
                    line=context.line(id_, field) + text.count("\n", 0, match.start()),
                )


def _texts(entry: Entry) -> Iterator[tuple[str, str, str]]:
    yield "title", "title", entry.title
    yield "short", "short answer", entry.short
    yield "more", "More", entry.more
    yield "caution", "caution", entry.caution or ""
