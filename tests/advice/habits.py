"""The questions about habits that the product comes with, for tests of the advice room."""

from __future__ import annotations

from functools import cache

from bot.knowledge.entry import Screening
from bot.knowledge.read import read_folder
from bot.settings import ROOT

ORDER = (
    "smoking",
    "sun_exposure",
    "sun_protection",
    "tanning_bed",
    "alcohol",
    "sleep",
    "stress",
    "skincare",
)
"""The questions with points, in the order of the worked examples."""


@cache
def screening() -> Screening:
    """As in ``knowledge/screening.yml``."""
    found = read_folder(ROOT / "knowledge").knowledge.screening
    assert found is not None
    return found


def answers(*points: int | None) -> dict[str, str]:
    """The first option of each question with so many points; None: skipped."""
    chosen = {}
    for id_, wanted in zip(ORDER, points, strict=True):
        habit = screening().question(id_)
        assert habit is not None
        codes = [option.code for option in habit.options if option.points == wanted]
        chosen[id_] = codes[0] if wanted is not None else ""
    return chosen
