"""What differs between two states of the knowledge: which entries, which fields, which words."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, fields
from difflib import SequenceMatcher
from enum import Enum
from typing import Any

from bot.knowledge.codec import encode
from bot.knowledge.entry import Knowledge

_WORD = re.compile(r"\s+|[^\W_]+|.", re.DOTALL)


class Change(str, Enum):
    """What became of an entry, or of a piece of text."""

    SAME = "same"
    NEW = "new"
    CHANGED = "changed"
    REMOVED = "removed"


@dataclass(frozen=True)
class FieldDifference:
    """One field before and after; a list has one line for each of its items."""

    name: str
    before: tuple[str, ...]
    after: tuple[str, ...]


@dataclass(frozen=True)
class Difference:
    """What became of one entry, or of one of the files beside them, such as ``clinic.yml``."""

    id: str
    change: Change
    fields: tuple[FieldDifference, ...] = ()
    """The fields that differ, of what is there before and after."""


def differences(before: Knowledge, after: Knowledge) -> list[Difference]:
    """All that differs, sorted by id; what is no entry comes at the end."""
    found = []
    for id_ in sorted(before.entries.keys() | after.entries.keys()):
        one = _difference(id_, before.entries.get(id_), after.entries.get(id_))
        if one.change is not Change.SAME:
            found.append(one)
    for name, old, new in (
        ("clinic.yml", before.clinic, after.clinic),
        ("screening.yml", before.screening, after.screening),
    ):
        whole = _difference(name, old, new)
        if whole.change is not Change.SAME:
            found.append(whole)
    if before.terms != after.terms:
        names = sorted(before.terms.keys() | after.terms.keys())
        changed = tuple(
            FieldDifference(name, before.terms.get(name, ()), after.terms.get(name, ()))
            for name in names
            if before.terms.get(name) != after.terms.get(name)
        )
        found.append(Difference("terms.yml", Change.CHANGED, changed))
    return found


def words(before: str, after: str) -> Iterator[tuple[Change, str]]:
    """The texts as one, in pieces that are in both, removed or new."""
    old, new = _WORD.findall(before), _WORD.findall(after)
    for kind, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if kind == "equal":
            yield Change.SAME, "".join(old[a:b])
            continue
        if a < b:
            yield Change.REMOVED, "".join(old[a:b])
        if c < d:
            yield Change.NEW, "".join(new[c:d])


def _difference(id_: str, before: Any, after: Any) -> Difference:
    if before == after:
        return Difference(id_, Change.SAME)
    if before is None or after is None:
        return Difference(id_, Change.NEW if before is None else Change.REMOVED)
    pairs = (
        (one.name, getattr(before, one.name), getattr(after, one.name)) for one in fields(after)
    )
    changed = tuple(
        FieldDifference(name, _lines(old), _lines(new)) for name, old, new in pairs if old != new
    )
    return Difference(id_, Change.CHANGED, changed)


def _lines(value: Any) -> tuple[str, ...]:
    plain = encode(value)
    if plain is None or plain in ("", []):
        return ()
    if isinstance(plain, list):
        return tuple(map(_line, plain))
    if isinstance(plain, dict):
        return tuple(f"{name}: {_line(item)}" for name, item in plain.items())
    return (str(plain),)


def _line(item: Any) -> str:
    if isinstance(item, dict):
        return "; ".join(f"{name}: {_line(part)}" for name, part in item.items() if part)
    return ", ".join(map(_line, item)) if isinstance(item, list) else str(item)
