"""Reads ``safety_words.yml``: the lists, idioms and spellings that all signs share."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from ruamel.yaml import YAML

FILE = Path(__file__).with_name("safety_words.yml")


@dataclass(frozen=True)
class SafetyWords:
    """What the file says. ``lists`` are named in phrases as ``<name>``."""

    lists: dict[str, tuple[str, ...]]
    idioms: tuple[str, ...]
    """Phrases whose words never count: "nearly died when"."""
    doubts: dict[str, tuple[str, ...]]
    """Phrases and symbols that put a sign in doubt, by kind; see `bot.advice.doubt`."""
    pleas: frozenset[str]
    """Words that say nothing about whether a sign is meant; see `bot.nlu.doubt_tuning`."""
    never_alone: frozenset[str]
    """Words that say nothing about it alone."""
    breaks: frozenset[str]
    """Words that begin a new clause."""
    spellings: dict[str, str]
    joined: dict[str, str]
    short: frozenset[str]
    """Short words that signs cannot do without: their typos are read too."""

    def respell(self, run: str) -> str:
        """A run of words as `bot.advice.normalise` would spell it."""
        words: list[str] = []
        for word in run.split():
            words += self.spellings.get(word, word).split()
            pair = " ".join(words[-2:])
            if pair in self.joined:
                words[-2:] = [self.joined[pair]]
        return " ".join(words)

    @staticmethod
    def load() -> SafetyWords:
        """The file's content; it is read once."""
        return _load()


@lru_cache(maxsize=1)
def _load() -> SafetyWords:
    data = YAML(typ="safe", pure=True).load(FILE.read_text(encoding="utf-8"))
    lists = {name: _phrases(text) for name, text in {**data["lists"], **data["cues"]}.items()}
    return SafetyWords(
        lists=lists,
        idioms=_phrases(data["idioms"]),
        doubts={kind: _phrases(text) for kind, text in data["doubts"].items()},
        pleas=frozenset(data["pleas"].split()),
        never_alone=frozenset(data["never_alone"].split()),
        breaks=frozenset(data["breaks"].split()),
        spellings={
            wrong: right
            for right, several in data["spellings"].items()
            for wrong in several.split()
        },
        short=frozenset(data["short"].split()),
        joined={pair: right for right, pairs in data["joined"].items() for pair in _phrases(pairs)},
    )


def _phrases(text: str) -> tuple[str, ...]:
    """A list is written as one text with commas, so that a long one stays readable."""
    return tuple(" ".join(phrase.split()) for phrase in text.split(",") if phrase.strip())
