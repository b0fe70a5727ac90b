"""The tiny safe markup of answers as HTML, the same as the website's ``markup.js`` makes of it."""

from __future__ import annotations

import re

from markupsafe import Markup, escape

_BOLD = re.compile(r"\*\*([^*]+)\*\*")
_LINK = re.compile(r"\[([^\]]+)\]\(((?:https://|tel:|mailto:)[^()\s]+)\)")
_ITEM = re.compile(r"[-*] ")


def markup(text: str) -> Markup:
    """Paragraphs, lists, bold and links; everything else is escaped."""
    parts: list[str] = []
    for block in re.split(r"\n{2,}", text.strip()):
        lines: list[str] = []
        items: list[str] = []
        for line in block.split("\n"):
            (items if _ITEM.match(line) else lines).append(line)
        if lines:
            parts.append(f"<p>{_inline(chr(10).join(lines))}</p>")
        if items:
            parts.append(f"<ul>{''.join(f'<li>{_inline(item[2:])}</li>' for item in items)}</ul>")
    return Markup("".join(parts))


def _inline(text: str) -> str:
    linked = _LINK.sub(r'<a href="\2" rel="noopener noreferrer">\1</a>', str(escape(text)))
    return _BOLD.sub(r"<strong>\1</strong>", linked)
