"""The whole knowledge on one page, for the person who answers for it: `advisor check --report`."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from bot.knowledge.build import Built
from bot.knowledge.entry import Entry, Evidence
from bot.knowledge.problem import Problem
from bot.knowledge.read import Reading
from bot.knowledge.rules.text import reading_grade

_BOLD = re.compile(r"\*\*(.+?)\*\*")
_LINK = re.compile(r"\[([^\]]*)\]\((https://[^)\s]*)\)")
TEMPLATE = "report.html.j2"
NEAREST_SHOWN = 5
"""How many close calls of an entry are shown: what fits in its row."""


@dataclass(frozen=True)
class CloseCall:
    """A question for which another entry came close, or came first."""

    question: str
    other: str
    """The id of the best entry that is not its own."""
    own_confidence: float
    other_confidence: float

    @property
    def went_elsewhere(self) -> bool:
        """Whether the other entry would have been found first."""
        return self.other_confidence > self.own_confidence


@dataclass(frozen=True)
class Row:
    """One entry as the page shows it."""

    entry: Entry
    grade: float
    """Flesch-Kincaid grade of the short answer."""
    days_to_review: int | None
    """None without a date; below 0 when it is over."""
    problems: tuple[Problem, ...]
    close_calls: tuple[CloseCall, ...]
    """The closest, at most `NEAREST_SHOWN`; empty when nothing was searched."""
    elsewhere: int
    """Of all questions, wordings and test questions, how many another entry would get first."""
    asked: int

    @property
    def strongest(self) -> Evidence | None:
        """The strongest kind among its sources; None without sources."""
        order = list(Evidence)
        kinds = [source.evidence for source in self.entry.sources]
        return min(kinds, key=order.index, default=None)


def rows(
    reading: Reading, problems: Sequence[Problem], today: date, built: Built | None = None
) -> list[Row]:
    """One row an entry, sorted by id.

    Args:
        problems: all of them, as `bot.knowledge.check.check` gives them.
        built: the search; without it there are no close calls.
    """
    calls: Mapping[str, list[CloseCall]] = {} if built is None else _close_calls(reading, built)
    by_path: dict[str, list[Problem]] = {}
    for problem in problems:
        by_path.setdefault(problem.path, []).append(problem)
    result = []
    for id_, entry in sorted(reading.knowledge.entries.items()):
        own = calls.get(id_, [])
        result.append(
            Row(
                entry=entry,
                grade=reading_grade(entry.short) if entry.short else 0.0,
                days_to_review=(entry.review_by - today).days if entry.review_by else None,
                problems=tuple(by_path.get(reading.sheets[id_].path, ())),
                close_calls=tuple(
                    sorted(own, key=lambda call: call.own_confidence - call.other_confidence)
                )[:NEAREST_SHOWN],
                elsewhere=sum(call.went_elsewhere for call in own),
                asked=len(own),
            )
        )
    return result


def html(all_rows: Sequence[Row], today: date, clinic: str) -> str:
    """The page, whole in itself: no script, no request.

    Args:
        clinic: the clinic's name.
    """
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["inline"] = _inline
    return environment.get_template(TEMPLATE).render(
        rows=all_rows,
        today=today,
        clinic=clinic,
        statuses=Counter(row.entry.status.value for row in all_rows),
        faulty=sum(bool(row.problems) for row in all_rows),
        elsewhere=sum(row.elsewhere for row in all_rows),
        asked=sum(row.asked for row in all_rows),
    )


def _inline(text: str) -> Markup:
    """Bold and links of the safe markup as HTML; everything else is escaped."""
    bold = _BOLD.sub(r"<strong>\1</strong>", str(escape(text)))
    return Markup(_LINK.sub(r'<a href="\2" rel="noreferrer">\1</a>', bold))


def _close_calls(reading: Reading, built: Built) -> dict[str, list[CloseCall]]:
    """Of each entry, every question, left out, and every test question."""
    calls: dict[str, list[CloseCall]] = {id_: [] for id_ in built.index.entry_ids}
    for id_, call in _all_calls(reading, built):
        calls[id_].append(call)
    return calls


def _all_calls(reading: Reading, built: Built) -> Iterator[tuple[str, CloseCall]]:
    index = built.index
    if len(index) < 2:
        return
    entries = reading.knowledge.entries
    tests = [
        (number, text)
        for number, id_ in enumerate(index.entry_ids)
        for text in entries[id_].test_questions
    ]
    texts = [text for _, text in tests]
    scores = (
        index.scores(texts, built.vectors.of(texts)).blended if texts else built.left_out.scores[:0]
    )
    asked = [
        *zip(
            index.owners.tolist(),
            index.questions,
            index.confidences(built.left_out.scores),
            strict=True,
        ),
        *zip((n for n, _ in tests), texts, index.confidences(scores) if texts else (), strict=True),
    ]
    for own, text, confidences in asked:
        id_ = index.entry_ids[own]
        entry = entries[id_]
        if text not in {*entry.questions, *entry.wordings, *entry.test_questions}:
            continue  # a title or another name
        others = np.where(np.arange(len(index)) == own, -np.inf, confidences)
        best = int(others.argmax())
        yield (
            id_,
            CloseCall(
                text, index.entry_ids[best], float(confidences[own]), float(confidences[best])
            ),
        )
