"""The bot's manners: every sentence of ``bot/domain/responses.yml``, by name.

Facts come from entries, manners from here. `Wording` varies its words from turn to turn and fills
in what a sentence leaves open, so that no module holds a sentence of its own.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from ruamel.yaml import YAML

RESPONSES = Path(__file__).resolve().parent.parent / "domain" / "responses.yml"


class MissingWordingError(LookupError):
    """A response is not in ``responses.yml``; the message names it."""


@dataclass(frozen=True)
class Wording:
    """Sentences by name, each in one or more variants."""

    responses: Mapping[str, tuple[str, ...]]

    @classmethod
    def load(cls, path: Path = RESPONSES) -> Wording:
        """Read the responses of a Rasa domain file."""
        data = YAML(typ="safe", pure=True).load(path.read_text(encoding="utf-8"))
        return cls(
            {
                name: tuple(str(variant["text"]).strip() for variant in variants)
                for name, variants in data["responses"].items()
            }
        )

    @staticmethod
    @cache
    def shared() -> Wording:
        """The product's own, read once a process."""
        return Wording.load()

    def say(self, name: str, turn: int = 0, /, **values: str) -> str:
        """The sentence `name` with `values` filled in; `turn` chooses the variant, so that two
        turns in a row differ.

        Raises:
            MissingWordingError: there is no such sentence.
        """
        variants = self.responses.get(f"utter_{name}")
        if not variants:
            raise MissingWordingError(f"responses.yml has no 'utter_{name}'.")
        return variants[turn % len(variants)].format_map(values)

    def has(self, name: str) -> bool:
        """Whether there is a sentence of that name."""
        return f"utter_{name}" in self.responses
