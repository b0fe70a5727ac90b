"""Only what every channel can show: paragraphs, lists, bold, links and ``##`` headings."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.knowledge.entry import Entry, Knowledge
from bot.knowledge.problem import Problem
from bot.knowledge.rules.context import Context

_LINE_FAULTS: tuple[tuple[re.Pattern[str], str, str], ...] = tuple(
    (re.compile(pattern), message, what)
    for pattern, message, what in (
        (r"#(?!# \S)", "only headings with '## ' can be shown.", "Write '## Heading'."),
        (r"\s*\d+[.)]\s", "numbered lists cannot be shown.", "Begin each item with '- '."),
        (r"\s*[*+]\s", "a list with this sign cannot be shown.", "Begin each item with '- '."),
        (r"\s+-\s", "a list inside a list cannot be shown.", "Move the '-' to the left edge."),
        (r"-\S", "this is not read as a list.", "Put a space after the '-'."),
        (r"\s*>", "quotations with '>' cannot be shown.", "Write it as a plain sentence."),
        (r"\s*\|", "tables cannot be shown.", "Write it as a list."),
        (r"\s*(```|~~~)", "code cannot be shown.", "Write it as plain text."),
        (r"\s*([-*_=] ?){3,}$", "a line of signs cannot be shown.", "Remove it."),
    )
)
_INLINE_FAULTS: tuple[tuple[re.Pattern[str], str, str], ...] = tuple(
    (re.compile(pattern), message, what)
    for pattern, message, what in (
        (r"!\[", "images cannot be shown.", "Describe it, or link to the page."),
        (r"</?[A-Za-z!]", "HTML cannot be shown.", "Use ** for bold, and [text](https://...)."),
        (r"`", "code cannot be shown.", "Leave the '`' out."),
        (r"~~", "text cannot be crossed out.", "Leave the '~~' out."),
        (r"(?<![\w*])\*(?![*\s])", "italics cannot be shown.", "Use ** for bold, or no sign."),
        (r"(?<!\w)_[^_\s][^_]*_(?!\w)", "italics cannot be shown.", "Use ** for bold, or no sign."),
        (r"\\", "'\\' is shown as it is.", "Leave it out."),
    )
)
_LINK = re.compile(r"(?<!!)\[([^\[\]]+)\]\((https://[^\s()]+\.[^\s()]+)\)")


def only_the_safe_markup(knowledge: Knowledge, context: Context) -> Iterator[Problem]:
    """Anything else would reach visitors as bare signs, or would have to be trusted as HTML."""
    for id_, entry in knowledge.entries.items():
        for field, name, text in _parts(entry):
            first = context.line(id_, field)
            for number, line in enumerate(text.split("\n")):
                for message, what in line_faults(line):
                    yield context.error(id_, name, message, what, line=first + number)


def line_faults(line: str) -> Iterator[tuple[str, str]]:
    """What cannot be shown in one line of a body: messages, each with what to do."""
    for pattern, message, what in _LINE_FAULTS:
        if pattern.match(line):
            yield message, what
            return  # the signs in such a line need no further words
    rest = _LINK.sub(r"\1", line)
    if "](" in rest and "![" not in rest:
        yield "this link cannot be used.", "Write it as [text](https://address)."
    if rest.count("**") % 2:
        yield "the bold that begins with '**' has no end in this line.", "Close it with '**'."
    plain = rest.replace("**", "")
    faults = {message: what for pattern, message, what in _INLINE_FAULTS if pattern.search(plain)}
    yield from faults.items()


def _parts(entry: Entry) -> Iterator[tuple[str, str, str]]:
    yield "short", "short answer", entry.short
    yield "more", "More", entry.more
    if entry.caution:
        yield "caution", "caution", entry.caution
