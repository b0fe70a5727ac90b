"""The language layer: sentences and the names of our subjects, on spaCy without a trained model.

The names come from ``knowledge/terms.yml``, so a new brand is known once staff publish it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

import spacy
from spacy.matcher import PhraseMatcher
from spacy.util import filter_spans

from bot.advice.understanding import Term

US = frozenset(["you", "your", "yours", "u", "ur", "here", "clinic"])
"""Words by which a visitor speaks to this clinic."""


class Language:
    """Reads sentences and terms. Build it anew for each publication (a few milliseconds)."""

    def __init__(self, terms: Mapping[str, Sequence[str]]) -> None:
        self._nlp = spacy.blank("en")
        self._nlp.add_pipe("sentencizer")
        self._matcher = PhraseMatcher(self._nlp.vocab, attr="LOWER")
        for family, names in terms.items():
            self._matcher.add(family, [self._nlp.make_doc(name) for name in names])

    def sentences(self, text: str) -> tuple[str, ...]:
        """The sentences of a message, without surrounding space."""
        parts = (sentence.text.strip() for sentence in self._nlp(text).sents)
        return tuple(part for part in parts if part)

    def terms(self, text: str) -> tuple[Term, ...]:
        """The names of our subjects in a message, in order, the longest where two overlap."""
        doc = self._nlp.make_doc(text)
        spans = filter_spans(self._matcher(doc, as_spans=True))
        return tuple(Term(span.text, span.label_) for span in spans)


def addresses_us(text: str) -> bool:
    """Whether a message speaks to this clinic: "how much do you charge"."""
    return not US.isdisjoint(re.findall(r"[a-z]+", text.lower()))


def is_command(text: str) -> bool:
    """Whether a message is a single word behind a "/", as other bots take orders: no question."""
    return bool(re.fullmatch(r"[\W_]*/\w+\W*", text))
