"""The field ``sources``, as entries and the questions about habits have it."""

from __future__ import annotations

from bot.knowledge.entry import Evidence, Source
from bot.knowledge.fields import Fields

SOURCE_FIELDS = {
    "title": "title: BOTOX Cosmetic prescribing information",
    "publisher": "publisher: DailyMed",
    "url": "url: https://...",
    "date": "date: '2019-11'",
    "evidence": "evidence: label",
}


def read_sources(fields: Fields) -> tuple[Source, ...]:
    """The sources of a file; what is wrong with them is noted."""
    return tuple(_source(one) for one in fields.mappings("sources", SOURCE_FIELDS))


def _source(fields: Fields) -> Source:
    return Source(
        title=fields.text("title"),
        publisher=fields.text("publisher"),
        evidence=fields.choice("evidence", Evidence, Evidence.EXPERT_OPINION),
        url=fields.text("url", required=False) or None,
        date=fields.text("date", required=False) or None,
    )
