"""Reads the safety entries for the tests of `bot.advice`, which may not import the reader's room.

``python -m tests.advice.safety_entries`` writes ``bot/advice/builtin_safety.json`` anew.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from bot.advice.builtin import FILE, dump
from bot.knowledge.entry import Entry, Sign, Urgency

FOLDER = Path(__file__).parents[2] / "knowledge" / "safety"


def safety_entries() -> list[Entry]:
    """The entries of ``knowledge/safety`` with what the safety check needs of them."""
    return [_entry(path) for path in sorted(FOLDER.glob("[!_R]*.md"))]


def _entry(path: Path) -> Entry:
    _, front, body = path.read_text(encoding="utf-8").split("---\n", 2)
    data: dict[str, Any] = YAML(typ="safe", pure=True).load(front)
    short, _, more = body.partition("## More")
    return Entry(
        id=f"safety/{path.stem}",
        title=data["title"],
        short=short.strip(),
        more=more.strip(),
        urgency=Urgency(data["urgency"]),
        caution=data.get("caution"),
        signs=tuple(_sign(sign) for sign in data["signs"]),
    )


def _sign(data: dict[str, Any]) -> Sign:
    return Sign(
        name=data["name"],
        needs=tuple(tuple(map(str, group)) for group in data.get("needs", ())),
        any=tuple(map(str, data.get("any", ()))),
        not_=tuple(map(str, data.get("not", ()))),
        fires=tuple(map(str, data.get("fires", ()))),
        silent=tuple(map(str, data.get("silent", ()))),
        urgency=Urgency(data["urgency"]) if "urgency" in data else None,
        say=data.get("say"),
        in_general=data.get("in_general", False),
        never_in_doubt=data.get("never_in_doubt", False),
    )


if __name__ == "__main__":
    FILE.write_text(dump(safety_entries()), encoding="utf-8")
