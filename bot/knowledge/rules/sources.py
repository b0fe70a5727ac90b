"""Where the facts of an entry stand."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.knowledge.entry import Knowledge, Status
from bot.knowledge.problem import Problem
from bot.knowledge.rules.context import Context

_URL = re.compile(r"https?://[^\s/?#]+\.[^\s]+$")


def has_sources(knowledge: Knowledge, context: Context) -> Iterator[Problem]:
    """An answer about health that names no source is not shown to anyone."""
    for id_, entry in knowledge.entries.items():
        if not entry.sources and entry.status in (Status.SOURCED, Status.SIGNED_OFF):
            yield context.error(
                id_,
                "sources",
                f"the status is '{entry.status.value}', but there are no sources.",
                "List what it was checked against, or set status to draft.",
                line=context.line(id_, "status"),
            )


def addresses_open(knowledge: Knowledge, context: Context) -> Iterator[Problem]:
    """A source's address becomes a link; whether the page still exists is not looked up."""
    for id_, entry in knowledge.entries.items():
        for index, source in enumerate(entry.sources):
            if source.url is not None and not _URL.match(source.url):
                yield context.error(
                    id_,
                    "sources.url",
                    f"'{source.url}' is not a web address.",
                    "Write it in full, from https:// on, or leave 'url' out.",
                    line=context.line(id_, f"sources.{index}.url"),
                )
