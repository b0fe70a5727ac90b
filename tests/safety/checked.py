"""What both layers of the red-flag check find in a message, without the rest of a turn."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import bot.lean  # noqa: F401  # before Rasa

from rasa.core.agent import Agent
from rasa.shared.nlu.training_data.message import Message

from bot.advice.understanding import KEY, Understanding
from bot.knowledge.entry import Urgency
from bot.nlu.alarm import EmergencyClassifier
from bot.nlu.red_flags import RedFlagCheck
from tests.nlu.lives import message, said, tracker

FOLDER = Path(__file__).parent
UNDER_18 = "safety/under-18"
"""A rule about age and no symptom: a message that it fires on has raised no alarm."""


@dataclass(frozen=True)
class Case:
    """A message, what its author says it is, and the messages before it."""

    text: str
    is_emergency: bool
    urgency: Urgency
    tone: str
    earlier: tuple[str, ...] = ()


def cases(name: str) -> list[Case]:
    """The messages of a file of this folder."""
    lines = (FOLDER / name).read_text(encoding="utf-8").splitlines()
    return [_case(json.loads(line)) for line in lines]


def _case(data: dict[str, Any]) -> Case:
    return Case(
        text=data["text"],
        is_emergency=data["kind"] == "emergency",
        urgency=Urgency(data.get("urgency", "none")),
        tone=data["tone"],
        earlier=tuple(data.get("earlier", ())),
    )


class Layers:
    """The rules and the classifier of a loaded agent."""

    def __init__(self, agent: Agent) -> None:
        assert agent.processor is not None
        nodes = agent.processor.graph_runner._instantiated_nodes.values()  # type: ignore[attr-defined]  # Rasa's own
        parts = [node._component for node in nodes]
        (self._rules,) = [part for part in parts if isinstance(part, RedFlagCheck)]
        (self._classifier,) = [part for part in parts if isinstance(part, EmergencyClassifier)]

    def rules(self, text: str, earlier: Sequence[str] = ()) -> Urgency:
        """The highest urgency that the rules find; NONE for cautions."""
        return _urgency(self._ruled(text, earlier))

    def both(self, text: str, earlier: Sequence[str] = ()) -> Urgency:
        """The highest urgency that either finds."""
        checked = self._ruled(text, earlier)
        self._classifier.process([checked], tracker(*said(*earlier)))
        return _urgency(checked)

    def _ruled(self, text: str, earlier: Sequence[str]) -> Message:
        (checked,) = self._rules.process([message(text)], tracker(*said(*earlier)))
        return checked


def _urgency(checked: Message) -> Urgency:
    flags = Understanding.from_json(checked.get(KEY)).red_flags
    told = (f.urgency for f in flags if f.entry_id != UNDER_18 and f.urgency is not Urgency.CAUTION)
    return max(told, key=lambda urgency: urgency.rank, default=Urgency.NONE)


def share(found: Iterable[bool]) -> float:
    """How many of them are true, 0 to 1."""
    all_ = list(found)
    return sum(all_) / len(all_)
