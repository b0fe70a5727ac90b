"""A reply's blocks as what Telegram can be sent: messages, pictures, files, and rows of buttons."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from math import ceil

from telegram.constants import MessageLimit

from bot.advice.reply import (
    Block,
    Button,
    Buttons,
    Chart,
    Notice,
    Page,
    Reply,
    Sources,
    Text,
)
from bot.advice.wording import Wording
from bot.channels.telegram.markup import Span, Spans, link, size, spans, split, to_html, to_plain
from bot.channels.telegram.picture import draw

MAX_TEXT = int(MessageLimit.MAX_TEXT_LENGTH)
MAX_CAPTION = int(MessageLimit.CAPTION_LENGTH)
ROW_CHARACTERS = 32
"""Of labels side by side on a small telephone before Telegram cuts them off."""
ROW_BUTTONS = 3
"""All buttons of a row are equally wide, whatever stands on them."""
BETWEEN = Span("\n\n")
SHORT = 200
"""Of Telegram's characters: words before a picture that are no message of their own."""

Pages = Callable[[str], bytes | None]
"""Gives the HTML document behind a `Page`'s path; None for one that has gone."""


def no_pages(path: str) -> bytes | None:
    """Where there are no documents."""
    return None


@dataclass(frozen=True)
class Words:
    """A text in both forms: the second is sent when Telegram cannot read the first."""

    html: str
    plain: str

    @classmethod
    def of(cls, parts: Spans) -> Words:
        """Both forms of some spans."""
        return cls(to_html(parts), to_plain(parts))


@dataclass(frozen=True)
class Picture:
    """A drawing, and the same in words below it."""

    png: bytes
    caption: Words


@dataclass(frozen=True)
class File:
    """An HTML document."""

    name: str
    content: bytes
    caption: Words


Part = Words | Picture | File


@dataclass(frozen=True)
class Rendered:
    """What to send, in order; the buttons go below the last of it."""

    parts: tuple[Part, ...]
    rows: tuple[tuple[Button, ...], ...] = ()


def render(reply: Reply, wording: Wording, pages: Pages) -> Rendered:
    """Everything in a reply, in as few messages as it fits in."""
    parts: list[Part] = []
    text: list[Span] = []

    def flush() -> None:
        parts.extend(Words.of(piece) for piece in split(tuple(text), MAX_TEXT))
        text.clear()

    for block in reply.blocks:
        match block:
            case Buttons():
                continue
            case Chart():
                before: Spans = ()
                if text and size(text) < SHORT:
                    before = (*text, BETWEEN)
                    text.clear()
                flush()
                parts.extend(_chart(block, before))
            case Page():
                document = pages(block.path)
                if document is None:
                    _append(text, spans(wording.say("telegram_page_gone")))
                    continue
                flush()
                caption = split(spans(wording.say("telegram_page")), MAX_CAPTION)[:1]
                parts.append(File("summary.html", document, Words.of(*caption)))
            case _:
                _append(text, _spans(block))
    flush()
    offered = tuple(row for group in _groups(reply.blocks) for row in rows(group.items))
    if offered and not parts:
        parts.append(Words.of(spans(wording.say("telegram_choose"))))
    return Rendered(tuple(parts), offered)


def rows(offered: Sequence[Button]) -> Iterator[tuple[Button, ...]]:
    """Buttons that belong together, in as few rows of one length as their labels can be read in."""
    if not offered:
        return
    longest = max(len(button.label) for button in offered)
    fitting = min(max(ROW_CHARACTERS // longest, 1), ROW_BUTTONS)
    in_row = ceil(len(offered) / ceil(len(offered) / fitting))
    for first in range(0, len(offered), in_row):
        yield tuple(offered[first : first + in_row])


def _groups(blocks: Sequence[Block]) -> list[Buttons]:
    """The groups of buttons from the top: those below the last words come first, because that is
    what they stand below, and then those of what was said before.
    """
    last = max((n for n, block in enumerate(blocks) if not isinstance(block, Buttons)), default=0)
    found = [(n < last, block) for n, block in enumerate(blocks) if isinstance(block, Buttons)]
    return [block for _, block in sorted(found, key=lambda each: each[0])]


def _append(text: list[Span], more: Spans) -> None:
    if text:
        text.append(BETWEEN)
    text.extend(more)


def _spans(block: Text | Notice | Sources) -> Spans:
    if isinstance(block, Text):
        return spans(block.text)
    if isinstance(block, Notice):
        return spans(block.text, italic=True)
    found = [Span(block.heading, italic=True)]
    for item in block.items:
        found.append(Span("\n\N{BULLET} "))
        found.append(link(item.title, item.url) if item.url else Span(item.title))
        more = ", ".join(filter(None, (item.publisher, item.date)))
        found.append(Span(f", {more}" if more else ""))
    return tuple(replace(span, folded=True) for span in found if span.text)


def _chart(chart: Chart, before: Spans) -> Iterator[Part]:
    lines = [Span(f"\n\N{BULLET} {bar.label}: {bar.level}") for bar in chart.bars]
    first, *others = split((*before, Span(chart.title, bold=True), *lines), MAX_CAPTION)
    yield Picture(draw(chart), Words.of(first))
    yield from map(Words.of, others)
