"""What a visitor is sent: typed blocks, the same for every channel.

A channel renders blocks; nothing before it knows HTML. Text carries a tiny safe markup, the one
entries are written in: paragraphs, ``-`` lists, ``**bold**`` and ``[label](https://...)``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from enum import Enum
from typing import Any


class Kind(str, Enum):
    """What sort of answer a turn was; `advisor ask` and `advisor eval` report it."""

    EMERGENCY = "emergency"
    URGENT = "urgent"
    CAUTION = "caution"
    ANSWER = "answer"
    CLARIFY = "clarify"
    SERVICE = "service"
    SMALLTALK = "smalltalk"
    SCREENING = "screening"
    DECLINE = "decline"
    UNSURE = "unsure"


@dataclass(frozen=True)
class Text:
    """Words in the tiny markup."""

    text: str


@dataclass(frozen=True)
class Notice:
    """Words about the conversation itself: that an automated assistant writes, that it failed."""

    text: str


@dataclass(frozen=True)
class SourceItem:
    """One source as shown; ``url`` is None where a visitor cannot open it."""

    title: str
    publisher: str
    evidence: str
    url: str | None = None
    date: str | None = None


@dataclass(frozen=True)
class Sources:
    """The sources of the answer above, under a heading that says when they were checked."""

    heading: str
    items: tuple[SourceItem, ...]


@dataclass(frozen=True)
class Button:
    """One choice. ``action`` (``show:botox/cost``, ``more:botox/cost``) never leaves the server:
    a channel hands out an opaque id for it.
    """

    label: str
    action: str


@dataclass(frozen=True)
class Buttons:
    """Choices in a row."""

    items: tuple[Button, ...]


@dataclass(frozen=True)
class Bar:
    """One row of a chart."""

    label: str
    level: str
    """The length of the bar in words, for whoever does not see it."""
    share: float
    """Of the longest bar there could be, 0 to 1; a channel shows it as a length, never a number."""


@dataclass(frozen=True)
class Chart:
    """Horizontal bars: a picture where a channel can draw one, and the same in words."""

    title: str
    bars: tuple[Bar, ...]


@dataclass(frozen=True)
class Page:
    """A page to print or keep, for the visitor alone: a web channel links to it, one without a
    browser of ours sends it as a file.
    """

    label: str
    path: str
    """Names the page in its conversation (``/summary/MADE``). It opens nothing as it stands: a web
    channel hands out a signed path that ends, as it does for buttons.
    """


Block = Text | Notice | Sources | Buttons | Chart | Page


@dataclass(frozen=True)
class Reply:
    """One turn's whole answer, and what it was made from (for receipts and for `advisor ask`)."""

    kind: Kind
    blocks: tuple[Block, ...]
    entries: tuple[str, ...] = ()
    """The entries whose words are in it."""
    services: tuple[str, ...] = ()
    """What it says of the clinic itself, by need (`bot.advice.services`)."""
    offered: tuple[str, ...] = ()
    """Entries that its buttons offer because they may be what was meant, likeliest first."""
    confidence: float = 0.0
    publication: str = ""
    """Digest of the publication that the entries come from; empty where none was needed."""
    topic: str | None = None
    """The entry that a follow-up question would be about, if this turn set one."""
    forget: bool = False
    """The visitor asked for erasure: the channel erases the conversation after this turn."""
    forget_answers: bool = False
    """As `forget`, of the answers about habits alone."""
    heard: str = ""
    """The words of the option that the visitor's message was read as, where it answered a question
    about habits: the record keeps them in place of the message. Empty for all other messages.
    """

    def to_json(self) -> dict[str, Any]:
        """As plain JSON values: the form kept in the tracker."""
        blocks = [{"type": type(block).__name__.lower(), **asdict(block)} for block in self.blocks]
        return {**asdict(self), "kind": self.kind.value, "blocks": blocks}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Reply:
        """The inverse of `to_json`.

        Raises:
            ValueError: `data` is not a reply, so garbage from an action is noticed.
        """
        try:
            return cls(
                kind=Kind(data["kind"]),
                blocks=tuple(_block(block) for block in data["blocks"]),
                entries=tuple(data["entries"]),
                services=tuple(data.get("services", ())),
                offered=tuple(data["offered"]),
                confidence=float(data["confidence"]),
                publication=str(data["publication"]),
                topic=data["topic"],
                forget=bool(data["forget"]),
                forget_answers=bool(data.get("forget_answers", False)),
                heard=str(data.get("heard", "")),
            )
        except (KeyError, TypeError, AttributeError) as error:
            raise ValueError(f"not a reply: {error!r}") from error


def _block(data: Mapping[str, Any]) -> Block:
    match data["type"]:
        case "text":
            return Text(data["text"])
        case "notice":
            return Notice(data["text"])
        case "sources":
            return Sources(data["heading"], tuple(SourceItem(**item) for item in data["items"]))
        case "buttons":
            return Buttons(tuple(Button(**item) for item in data["items"]))
        case "chart":
            return Chart(data["title"], tuple(Bar(**bar) for bar in data["bars"]))
        case "page":
            return Page(data["label"], data["path"])
        case other:
            raise KeyError(other)


def plain_text(reply: Reply) -> str:
    """All the words a visitor sees in order, without the buttons, for a terminal."""
    return "\n\n".join(words for words in map(_words, reply.blocks) if words)


def buttons(reply: Reply) -> tuple[Button, ...]:
    """Every button of the reply, in order."""
    rows = (block.items for block in reply.blocks if isinstance(block, Buttons))
    return tuple(button for row in rows for button in row)


def _words(block: Block) -> str:
    if isinstance(block, Text | Notice):
        return block.text
    if isinstance(block, Sources):
        lines = (", ".join(filter(None, (i.title, i.publisher, i.date))) for i in block.items)
        return "\n".join([block.heading, *(f"- {line}" for line in lines)])
    if isinstance(block, Chart):
        return "\n".join([block.title, *(f"- {bar.label}: {bar.level}" for bar in block.bars)])
    if isinstance(block, Page):
        return f"{block.label}: {block.path}"
    return ""
