"""The pages that show how things stand: answers, what was not answered, reviews, history."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby

from sanic.response import HTTPResponse

from bot.knowledge.entry import Entry
from bot.knowledge.live import Live, NothingPublished, Publication
from bot.knowledge.missing import Group, groups
from bot.knowledge.publish import PublishError, published_form, rollback
from bot.knowledge.weights import EncoderError
from bot.staff.office import Office, Stop, Visit, apart, see, sentence
from bot.store.feedback import thumbs_by_entry
from bot.store.records import list_publications
from bot.store.unanswered import list_unanswered, put_away

SOON = timedelta(days=60)
"""How long before its day an entry is listed for review: sources take time to be read."""
SHOWN = 30
"""Publications of the history on one page."""
LONGEST_QUESTION = 2_000


@dataclass(frozen=True)
class Item:
    """An entry in the list of answers."""

    entry: Entry
    is_live: bool
    differs: bool
    """Whether what visitors see differs from the file."""


class Lists:
    """Handlers of the pages for reading; what they change is one row."""

    def __init__(self, office: Office) -> None:
        self._office = office
        self._live = Live(office.engine)
        self._grouped: tuple[list[int], list[Group]] = ([], [])

    async def answers(self, visit: Visit) -> HTTPResponse:
        """Every answer, by family."""
        reading = await apart(self._office.shelf.reading)
        live = self._published()
        shown = live.knowledge.entries if live else {}
        ready = published_form(reading.knowledge).entries
        items = [
            Item(entry, id_ in shown, ready.get(id_) != shown.get(id_))
            for id_, entry in sorted(reading.knowledge.entries.items())
        ]
        unreadable = sorted(reading.ids - reading.knowledge.entries.keys())
        families = [
            (family, list(some))
            for family, some in groupby(items, lambda item: item.entry.id.partition("/")[0])
        ]
        return self._office.page(
            "answers", visit.session, families=families, live=live, unreadable=unreadable
        )

    async def unanswered(self, visit: Visit) -> HTTPResponse:
        """What visitors asked that was not answered."""
        found = await apart(self.groups)
        ids = sorted((await apart(self._office.shelf.reading)).knowledge.entries)
        return self._office.page("unanswered", visit.session, groups=found, ids=ids)

    async def put_away(self, visit: Visit) -> HTTPResponse:
        """Take a group off the list."""
        group = self.group(visit.field("group"), await apart(self.groups))
        if group is not None:
            put_away(self._office.engine, [message.id for message in group.messages])
        return see("/staff/unanswered")

    async def thumbs(self, visit: Visit) -> HTTPResponse:
        """Which answers visitors did not find helpful."""
        judged = [one for one in thumbs_by_entry(self._office.engine) if one.down]
        entries = (await apart(self._office.shelf.reading)).knowledge.entries
        return self._office.page("thumbs", visit.session, judged=judged, entries=entries)

    async def review(self, visit: Visit) -> HTTPResponse:
        """Which entries have to be read again, the most urgent first."""
        reading = await apart(self._office.shelf.reading)
        today = date.today()
        due = [
            entry
            for entry in published_form(reading.knowledge).entries.values()
            if entry.review_by is None or entry.review_by <= today + SOON
        ]
        due.sort(key=lambda entry: (entry.review_by or date.min, entry.id))
        return self._office.page("review", visit.session, due=due)

    async def try_it(self, visit: Visit) -> HTTPResponse:
        """Ask as a visitor would, and see why it is answered so."""
        text = visit.field("text")[:LONGEST_QUESTION]
        reply, explanation = None, ""
        if text:
            reply, found = await self._office.tools.ask(text)
            explanation = self._office.tools.explain(found).strip()
        return self._office.page(
            "try", visit.session, text=text, reply=reply, explanation=explanation
        )

    async def history(self, visit: Visit) -> HTTPResponse:
        """What was published when, and by whom."""
        publications = list_publications(self._office.engine, SHOWN)
        done = visit.argument("done") == "1"
        return self._office.page("history", visit.session, publications=publications, done=done)

    async def roll_back(self, visit: Visit) -> HTTPResponse:
        """Make an earlier publication live again."""
        digest, name = visit.field("digest"), visit.session.name
        try:
            await apart(lambda: rollback(self._office.engine, digest, name, self._office.encoder()))
        except PublishError as error:
            raise Stop(409, sentence(str(error)), "What is live has not changed.") from None
        return see("/staff/history?done=1")

    def groups(self) -> list[Group]:
        """The messages that were not answered, by likeness.

        Raises:
            Stop: the encoder, which tells likeness, is not ready.
        """
        messages = list_unanswered(self._office.engine)
        ids = [message.id for message in messages]
        if ids != self._grouped[0]:  # 1,000 new ones take seconds
            try:
                self._grouped = (ids, groups(messages, self._office.encoder()) if ids else [])
            except EncoderError as error:
                raise Stop(503, "The messages cannot be grouped.", str(error)) from None
        return self._grouped[1]

    def group(self, id_: str, found: list[Group]) -> Group | None:
        """The group that a message is in; None if the message has gone."""
        return next((g for g in found if any(str(m.id) == id_ for m in g.messages)), None)

    def _published(self) -> Publication | None:
        try:
            return self._live.current()
        except NothingPublished:
            return None
