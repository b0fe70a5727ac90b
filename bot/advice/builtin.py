"""The built-in copy of the safety entries, for when no publication can be read.

``builtin_safety.json`` holds the signs and the wording of ``knowledge/safety/*.md``; a test keeps
the two equal. ``builtin_wording.yml`` stands in for the numbers of ``clinic.yml``.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from functools import lru_cache
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from bot.knowledge.entry import Entry, Sign, Urgency

FILE = Path(__file__).with_name("builtin_safety.json")
WORDING = Path(__file__).with_name("builtin_wording.yml")


def dump(entries: Iterable[Entry]) -> str:
    """The text of ``builtin_safety.json`` for these entries: those with signs, sorted by id."""
    data = {
        entry.id: {
            "title": entry.title,
            "urgency": entry.urgency.value,
            "short": entry.short,
            "caution": entry.caution,
            "signs": [_sign_to_json(sign) for sign in entry.signs],
        }
        for entry in sorted(entries, key=lambda entry: entry.id)
        if entry.signs
    }
    return json.dumps(data, indent=1, ensure_ascii=False) + "\n"


@lru_cache(maxsize=1)
def builtin_entries() -> dict[str, Entry]:
    """The built-in entries by id: title, urgency, short answer, caution and signs."""
    data: dict[str, Any] = json.loads(FILE.read_text(encoding="utf-8"))
    return {
        id_: Entry(
            id=id_,
            title=entry["title"],
            short=entry["short"],
            urgency=Urgency(entry["urgency"]),
            caution=entry["caution"],
            signs=tuple(_sign_from_json(sign) for sign in entry["signs"]),
        )
        for id_, entry in data.items()
    }


def with_alarms(entries: Mapping[str, Entry]) -> dict[str, Entry]:
    """These entries, and the built-in copy of each emergency that is not among them.

    An emergency whose file was removed, retired or is past its review is still found and answered.
    """
    alarms = {
        id_: entry
        for id_, entry in builtin_entries().items()
        if entry.urgency.rank >= Urgency.URGENT_SAME_DAY.rank
    }
    return {**alarms, **entries}


@lru_cache(maxsize=1)
def builtin_wording() -> dict[str, str]:
    """Words for each placeholder of an entry, and ``closing``: the last words of an emergency."""
    data: dict[str, str] = YAML(typ="safe", pure=True).load(WORDING.read_text(encoding="utf-8"))
    return {name: " ".join(text.split()) for name, text in data.items()}


def builtin_answer(entry_id: str, say: str | None = None) -> str:
    """The whole emergency answer without a publication: the advice, the number again, the doctor.

    Args:
        say: the wording of the sign that fired, if it has its own.

    Raises:
        KeyError: there is no built-in entry of this id.
    """
    text = say or builtin_entries()[entry_id].short
    wording = builtin_wording()
    for name, value in wording.items():
        text = text.replace("{" + name + "}", value)
    return f"{text}\n\n{wording['closing']}"


def _sign_to_json(sign: Sign) -> dict[str, Any]:
    return {key: value for key, value in asdict(sign).items() if value not in ((), None, False)}


def _sign_from_json(data: dict[str, Any]) -> Sign:
    return Sign(
        name=data["name"],
        needs=tuple(tuple(group) for group in data.get("needs", ())),
        any=tuple(data.get("any", ())),
        not_=tuple(data.get("not_", ())),
        fires=tuple(data.get("fires", ())),
        silent=tuple(data.get("silent", ())),
        urgency=Urgency(data["urgency"]) if "urgency" in data else None,
        say=data.get("say"),
        in_general=data.get("in_general", False),
        never_in_doubt=data.get("never_in_doubt", False),
    )
