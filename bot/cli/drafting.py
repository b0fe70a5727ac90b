"""`advisor ask --draft`: the knowledge files as they are, published for this process alone."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from bot.cli.check import working
from bot.cli.failure import Failure
from bot.cli.loading import open_store
from bot.settings import Settings, database_in_environment

if TYPE_CHECKING:
    from bot.knowledge.entry import Entry, Knowledge


@contextmanager
def draft(settings: Settings) -> Iterator[Settings]:
    """Settings of a database that has just the knowledge files in it, gone afterwards.

    Drafts are answers in it too. Problems are printed on stderr, since they would stop a
    publication, but whatever can be read can be tried.

    Raises:
        Failure: ``clinic.yml`` or every answer is unreadable, or the encoder is not ready.
    """
    from bot.desk import Desk
    from bot.knowledge.build import build
    from bot.knowledge.publish import PublishError, publish

    desk = Desk(settings)
    with working():
        found = desk.examine(fast=True)
        knowledge = as_if_ready(found.reading.knowledge, date.today())
        built = build(knowledge, desk.encoder, desk.earlier)
    for problem in found.problems:
        typer.echo(problem.format(), err=True)
    with tempfile.TemporaryDirectory() as folder, _database(Path(folder)) as url:
        private = replace(settings, database_url=url)
        try:
            publish(
                open_store(private),
                knowledge,
                desk.encoder,
                "advisor ask --draft",
                "",
                date.today(),
                built=built,
            )
        except PublishError as error:
            raise Failure(str(error)) from None
        yield private


def as_if_ready(knowledge: Knowledge, today: date) -> Knowledge:
    """The knowledge with drafts as answers; those with no title, text or question are left out."""
    from bot.knowledge.entry import Status

    def ready(entry: Entry) -> Entry:
        if entry.status is not Status.DRAFT:
            return entry
        return replace(entry, status=Status.SOURCED, review_by=entry.review_by or today)

    whole = {
        id_: ready(entry)
        for id_, entry in knowledge.entries.items()
        if entry.title and entry.short and entry.questions
    }
    return replace(knowledge, entries=whole)


@contextmanager
def _database(folder: Path) -> Iterator[str]:
    """The address of a private database, which everything in this process takes for the real one:
    Rasa makes components and actions itself, and they ask the environment.
    """
    url = f"sqlite:///{folder / 'draft.db'}"
    with database_in_environment(url):
        yield url
