"""The pages on which an answer is written, looked at, saved and published."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from difflib import unified_diff

from sanic.response import HTTPResponse

from bot.knowledge.document import MAX_BYTES
from bot.knowledge.problem import Problem, has_errors
from bot.knowledge.template import FILE_NAME as TEMPLATE
from bot.staff import propose
from bot.staff.lists import Lists
from bot.staff.office import Office, Stop, Visit, apart, see
from bot.staff.press import Order, State
from bot.staff.proof import Proof, proof
from bot.staff.shelf import ID, NEW, tidy

LONGEST_NOTE = 200


@dataclass(frozen=True)
class Sheet:
    """What the editing form holds."""

    family: str
    slug: str
    text: str
    base: str
    """Digest of the file that it began from."""
    note: str = ""
    group: str = ""
    """The unanswered group that it is for; empty for none."""

    @property
    def id(self) -> str:
        """The entry's id, if `family` and `slug` make one."""
        return f"{self.family}/{self.slug}"


class Editing:
    """Handlers of the editing form."""

    def __init__(self, office: Office, lists: Lists) -> None:
        self._office = office
        self._lists = lists

    async def open(self, visit: Visit, family: str, slug: str) -> HTTPResponse:
        """An entry's file, with a group's wordings added if the address names one."""
        opened = self._office.shelf.open(f"{family}/{slug}")
        if opened.digest == NEW:
            raise Stop(404, "There is no such answer.", "Choose one from the list of answers.")
        group, wordings = visit.argument("group"), await self._wordings(visit)
        text = propose.added(opened.text, wordings)
        sheet = Sheet(family, slug, text, opened.digest, group=group)
        return await self._show(visit, sheet, wordings=wordings)

    async def add_to(self, visit: Visit) -> HTTPResponse:
        """From a group to the entry that was chosen for it; nothing is saved by that."""
        id_, group = visit.argument("entry"), visit.argument("group")
        self._office.shelf.path(id_)
        return see(f"/staff/entry/{id_}?group={int(group) if group.isdecimal() else ''}")

    async def begin(self, visit: Visit) -> HTTPResponse:
        """A new answer from the template, with a group's wordings as its questions."""
        wordings = await self._wordings(visit)
        slug = propose.slug(wordings[0] if wordings else "")
        try:
            template = (self._office.shelf.folder / TEMPLATE).read_text(encoding="utf-8")
        except OSError:
            raise Stop(404, "There is no template.", f"Put a {TEMPLATE} into the folder.") from None
        text = propose.new_answer(template, slug, wordings, date.today())
        sheet = Sheet("", slug, text, NEW, group=visit.argument("group"))
        return await self._show(visit, sheet, wordings=wordings)

    async def submit(self, visit: Visit) -> HTTPResponse:
        """Check, or save and publish. A text with problems comes back, and nothing is written."""
        sheet = self._sheet(visit)
        judged = await self._judged(sheet)
        if visit.field("do") != "publish":
            return await self._show(visit, sheet, judged)
        if has_errors(judged.problems):
            return await self._show(visit, sheet, judged, status=422, refused=True)
        if self._office.shelf.open(sheet.id).digest != sheet.base:
            return await self._overtaken(visit, sheet)
        order = Order(sheet.id, sheet.text, sheet.base, visit.session.name, sheet.note)
        return see(f"/staff/publishing/{self._office.press.start(order).id}")

    async def preview(self, visit: Visit) -> HTTPResponse:
        """The problems and the reply of a text that is being typed, for the page's script."""
        judged = await self._judged(self._sheet(visit))
        return self._office.page("proof", visit.session, proof=judged)

    async def publishing(self, visit: Visit, job: str) -> HTTPResponse:
        """How a publication is going; the page looks again by itself until it has ended."""
        found = self._office.press.find(job)
        if found is None:
            raise Stop(
                404,
                "This publication is not known here.",
                "The history shows whether it was made.",
            )
        return self._office.page("publishing", visit.session, job=found, working=State.WORKING)

    async def go_on(self, visit: Visit, job: str) -> HTTPResponse:
        """Back to the text of a publication that was refused: it was kept."""
        found = self._office.press.find(job)
        if found is None:
            raise Stop(404, "This text is not known here any more.", "Open the answer again.")
        family, _, slug = found.order.id.partition("/")
        sheet = Sheet(family, slug, found.order.text, found.order.base, found.order.note)
        if self._office.shelf.open(sheet.id).digest != sheet.base and not found.written:
            return await self._overtaken(visit, sheet)
        if found.written:
            sheet = Sheet(family, slug, sheet.text, self._office.shelf.open(sheet.id).digest)
        return await self._show(visit, sheet, more=found.problems)

    async def _overtaken(self, visit: Visit, sheet: Sheet) -> HTTPResponse:
        """Somebody else saved meanwhile: show what, and keep both texts."""
        theirs = self._office.shelf.open(sheet.id)
        merged = Sheet(sheet.family, sheet.slug, sheet.text, theirs.digest, sheet.note, sheet.group)
        difference = list(
            unified_diff(
                theirs.text.splitlines(), sheet.text.splitlines(), "in the file", "yours",
                lineterm="", n=1,
            )
        )[2:]  # fmt: skip
        return await self._show(
            visit, merged, status=409, difference=difference, gone=theirs.digest == NEW
        )

    async def _show(
        self,
        visit: Visit,
        sheet: Sheet,
        judged: Proof | None = None,
        *,
        status: int = 200,
        refused: bool = False,
        difference: Sequence[str] = (),
        gone: bool = False,
        wordings: Sequence[str] = (),
        more: Sequence[Problem] = (),
    ) -> HTTPResponse:
        return self._office.page(
            "edit",
            visit.session,
            status,
            sheet=sheet,
            is_new=sheet.base == NEW,
            families=self._office.shelf.families(),
            proof=judged or await self._judged(sheet),
            refused=refused,
            difference=difference,
            gone=gone,
            wordings=wordings,
            more=more,
        )

    def _sheet(self, visit: Visit) -> Sheet:
        form = visit.request.form or {}
        text = tidy(str(form.get("text", "")))
        if len(text) > MAX_BYTES:
            raise Stop(413, "The text is too long for an answer.", "Go back and shorten it.")
        sheet = Sheet(
            visit.field("family"),
            visit.field("slug").removesuffix(".md"),
            text,
            visit.field("base"),
            " ".join(visit.field("note").split())[:LONGEST_NOTE],
            visit.field("group"),
        )
        if sheet.base != NEW:
            self._office.shelf.path(sheet.id)
        return sheet

    async def _judged(self, sheet: Sheet) -> Proof:
        """The proof of a text; a new one may have no id yet, which is a problem of its own."""
        families = self._office.shelf.families()
        fit = sheet.family in families and ID.fullmatch(sheet.id)
        id_ = sheet.id if fit else f"{families[0] if families else 'general'}/new-answer"
        tools, shelf = self._office.tools, self._office.shelf

        def judge() -> Proof:
            return proof(shelf.reading(), id_, sheet.text, date.today(), tools.signs)

        judged: Proof = await apart(judge)
        missing = () if fit else (_no_name(sheet, families),)
        return Proof((*missing, *judged.problems), judged.reply, judged.status)

    async def _wordings(self, visit: Visit) -> tuple[str, ...]:
        """What the group asked that the address names; nothing without one."""
        wanted = visit.argument("group")
        if not wanted:
            return ()
        group = self._lists.group(wanted, await apart(self._lists.groups))
        return group.wordings if group else ()


def _no_name(sheet: Sheet, families: Sequence[str]) -> Problem:
    if sheet.family not in families:
        return Problem("", 1, "family", "no family is chosen.", "Choose what the answer is about.")
    return Problem(
        "", 1, "file name", f"'{sheet.slug}' cannot be a file name.",
        "Use small letters, digits and '-', as in swimming-afterwards.",
    )  # fmt: skip
