"""The tiny markup of answers as Telegram's HTML, and long texts in messages that Telegram takes."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

SCHEMES = ("https://", "tel:", "mailto:")
MAX_URL = 1_000
"""A longer address is shown by its label alone: it could fill a message by itself."""

_INLINE = re.compile(r"\*\*([^*]+)\*\*|\[([^\]]+)\]\(([^()\s]+)\)")
_ITEM = re.compile(r"^[-*] ", re.MULTILINE)
_BREAKS = ("\n\n", "\n", " ")
"""Where a text is cut, from the best place to the worst."""


@dataclass(frozen=True)
class Span:
    """Some text of one look."""

    text: str
    bold: bool = False
    italic: bool = False
    url: str = ""
    folded: bool = False
    """Behind its first lines until the visitor wants more."""

    def html(self) -> str:
        """As Telegram reads it; whatever the text holds is text."""
        shown = html.escape(self.text, quote=False)
        if not self.text.strip():
            return shown
        if self.url:
            shown = f'<a href="{html.escape(self.url)}">{shown}</a>'
        if self.bold:
            shown = f"<b>{shown}</b>"
        return f"<i>{shown}</i>" if self.italic else shown

    def plain(self) -> str:
        """Without any tags."""
        return f"{self.text} ({self.url})" if self.url else self.text


Spans = tuple[Span, ...]


def spans(text: str, italic: bool = False) -> Spans:
    """A text in the tiny markup."""
    text = _ITEM.sub("\N{BULLET} ", re.sub(r"\n{3,}", "\n\n", text.strip()))
    found, at = [], 0
    for match in _INLINE.finditer(text):
        found.append(Span(text[at : match.start()], italic=italic))
        if match[1] is not None:
            found.append(Span(match[1], bold=True, italic=italic))
        else:
            found.append(link(match[2], match[3], italic))
        at = match.end()
    found.append(Span(text[at:], italic=italic))
    return tuple(span for span in found if span.text)


def link(label: str, url: str, italic: bool = False) -> Span:
    """A link, or its label alone where the address is none that a visitor should open."""
    fits = url.startswith(SCHEMES) and len(url) <= MAX_URL
    return Span(label, italic=italic, url=url if fits else "")


def to_html(parts: Iterable[Span]) -> str:
    """All of them in a row."""
    runs = groupby(parts, key=lambda span: span.folded)
    return "".join(_run(folded, "".join(span.html() for span in run)) for folded, run in runs)


def _run(folded: bool, markup: str) -> str:
    return f"<blockquote expandable>{markup}</blockquote>" if folded else markup


def to_plain(parts: Iterable[Span]) -> str:
    """All of them in a row, without any tags."""
    return "".join(span.plain() for span in parts)


def size(parts: Iterable[Span]) -> int:
    """How long it is for Telegram: in UTF-16 code units, everything escaped, tags and all."""
    return len(to_html(parts).encode("utf-16-le")) // 2


def split(parts: Spans, limit: int) -> list[Spans]:
    """In messages of less than `limit`, cut between paragraphs, or lines, or words, or, in a word
    that is longer than a message, anywhere.
    """
    pieces = (_strip(piece) for piece in _split(parts, limit, _BREAKS))
    return [piece for piece in pieces if piece]


def _split(parts: Spans, limit: int, breaks: Sequence[str]) -> list[Spans]:
    if size(parts) < limit:
        return [parts]
    if not breaks:
        return list(_anywhere(parts, limit))
    messages: list[Spans] = []
    for piece in _cut(parts, breaks[0]):
        joined = _joined(messages[-1], breaks[0], piece) if messages else piece
        if messages and size(joined) < limit:
            messages[-1] = joined
        else:
            messages += _split(piece, limit, breaks[1:])
    return messages


def _joined(before: Spans, separator: str, after: Spans) -> Spans:
    folded = bool(before and after) and before[-1].folded and after[0].folded
    return (*before, Span(separator, folded=folded), *after)


def _cut(parts: Spans, separator: str) -> list[Spans]:
    """At each `separator`, which is left out."""
    pieces: list[list[Span]] = [[]]
    for span in parts:
        first, *others = span.text.split(separator)
        pieces[-1].append(replace(span, text=first))
        pieces += [[replace(span, text=other)] for other in others]
    return [tuple(span for span in piece if span.text) for piece in pieces]


def _anywhere(parts: Spans, limit: int) -> Iterator[Spans]:
    """Between any two characters, which is never between the two halves of one."""
    for span in parts:
        room = limit - 1 - size([replace(span, text="x")]) + 1
        text, used = "", 0
        for character in span.text:
            width = size([Span(character)])
            if used + width > room:
                yield (replace(span, text=text),)
                text, used = "", 0
            text, used = text + character, used + width
        if text:
            yield (replace(span, text=text),)


def _strip(parts: Spans) -> Spans:
    """Without space at either end."""
    kept = list(parts)
    while kept and not kept[0].text.strip():
        kept.pop(0)
    while kept and not kept[-1].text.strip():
        kept.pop()
    if kept:
        kept[0] = replace(kept[0], text=kept[0].text.lstrip())
        kept[-1] = replace(kept[-1], text=kept[-1].text.rstrip())
    return tuple(kept)
