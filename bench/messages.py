"""What the visitors of a benchmark say: enough different messages that no cache knows the next."""

from __future__ import annotations

from dataclasses import dataclass

from ruamel.yaml import YAML

from bot.knowledge.entry import Knowledge, Urgency
from bot.settings import ROOT

SMALL_TALK = frozenset({"greet", "thank", "goodbye", "ask_identity", "ask_capabilities"})
QUESTIONS_A_GREETING = 3
"""In mixed traffic; our guess at a visitor who greets and then asks."""


@dataclass(frozen=True)
class Messages:
    """Two lists of different texts."""

    questions: tuple[str, ...]
    """The entries' test questions, which search does not know."""
    small_talk: tuple[str, ...]

    @classmethod
    def of(cls, knowledge: Knowledge) -> Messages:
        """From the knowledge files and the training data, in an order that mixes the subjects."""
        entries = [e for e in knowledge.entries.values() if e.urgency is Urgency.NONE]
        most = max(len(entry.test_questions) for entry in entries)
        questions = [
            entry.test_questions[n]
            for n in range(most)
            for entry in entries
            if n < len(entry.test_questions)
        ]
        data = YAML(typ="safe").load(ROOT / "data" / "nlu" / "smalltalk.yml")
        examples = [item["examples"] for item in data["nlu"] if item["intent"] in SMALL_TALK]
        small = [line.removeprefix("- ") for text in examples for line in text.splitlines()]
        return cls(tuple(questions), tuple(small[::2] + small[1::2]))

    def mixed(self, count: int, start: int = 0) -> list[str]:
        """Questions with a piece of small talk before every few."""
        found = []
        for number in range(start, start + count):
            block, place = divmod(number, QUESTIONS_A_GREETING + 1)
            if place == 0:
                found.append(self.small_talk[block % len(self.small_talk)])
            else:
                at = block * QUESTIONS_A_GREETING + place - 1
                found.append(self.questions[at % len(self.questions)])
        return found
