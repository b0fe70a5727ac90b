"""What every reply promises, whatever was said before it; and what a conversation does."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from bot.advice.decide import kind_of
from bot.advice.reply import Buttons, Chart, Kind, Notice, Reply, Sources, Text, buttons
from bot.knowledge.entry import Entry, Knowledge

DOCTOR = re.compile(r"\b(doctors?|dermatologists?)\b", re.IGNORECASE)
PLACEHOLDER = re.compile(r"\{\w*\}|\$\{|<(?:pain|injected|filler)>")
RAW = re.compile(r"^---$|^\w+:\s*\[|\b(?:utter|action|nlu|ask|show|more)[_:]\w+", re.MULTILINE)
INTRODUCTION = re.compile(r"automated assistant, not a clinician")
ALARMS = (Kind.EMERGENCY, Kind.URGENT)
SHOWS_ENTRIES = (Kind.ANSWER, Kind.CAUTION, *ALARMS)
PHONE_ROW = 4
"""More buttons than these do not fit a phone: "More", and three entries."""
CHOICES = 5
"""Of a question about habits, which has a second row to steer."""
SHOWS = ("show", "more")
"""The verbs of buttons that lead to an entry."""
VERDICT = re.compile(
    r"\d ?(%|per ?cent)|\b(your|low|high|higher|lower) risk\b|\bskin age\b|\bsuitab",
    re.IGNORECASE,
)
"""What no reply about habits may say."""


def broken(reply: Reply, knowledge: Knowledge) -> list[str]:
    """The promises that a reply breaks, in words; none is what a test wants."""
    return [
        *_form(reply),
        *_words(reply, knowledge),
        *_entries(reply, knowledge),
        *_alarm(reply),
        *_habits(reply),
    ]


def introduces(reply: Reply) -> int:
    """How often a reply says that a machine writes."""
    return sum(bool(INTRODUCTION.search(words)) for words in said(reply))


def said(reply: Reply) -> list[str]:
    """Its words block by block, without the titles of sources, which are others' words."""
    return [b.text for b in reply.blocks if isinstance(b, Text | Notice)]


def shown(reply: Reply) -> str:
    """All that is on the screen and is ours: words, headings and the labels of buttons."""
    headings = [b.heading for b in reply.blocks if isinstance(b, Sources)]
    bars = [
        f"{bar.label}: {bar.level}" for b in reply.blocks if isinstance(b, Chart) for bar in b.bars
    ]
    labels = (button.label for button in buttons(reply))
    return "\n".join([*said(reply), *headings, *bars, *labels])


def _form(reply: Reply) -> Iterator[str]:
    if Reply.from_json(reply.to_json()) != reply:
        yield "it does not survive being kept"
    texts = [block.text for block in reply.blocks if isinstance(block, Text)]
    if not texts:
        yield "it says nothing"
    elif not DOCTOR.search(texts[-1]):
        yield f"its last text names no doctor: {texts[-1]!r}"
    if not all(words.strip() for words in said(reply)):
        yield "a block is empty"
    for block in reply.blocks:
        if isinstance(block, Buttons | Sources) and not block.items:
            yield "a list is empty"


def _words(reply: Reply, knowledge: Knowledge) -> Iterator[str]:
    words = shown(reply)
    for what, pattern in (("a placeholder", PLACEHOLDER), ("raw YAML or a name of ours", RAW)):
        if found := pattern.search(words):
            yield f"{what} is shown: {found.group()!r}"
    yield from (f"the id {id_} is shown" for id_ in knowledge.entries if id_ in words)
    labels = [button.label for button in buttons(reply)]
    if len(set(labels)) < len(labels) or not all(labels):
        yield f"buttons that cannot be told apart: {labels}"
    fits = CHOICES if any(b.action.startswith("screen:") for b in buttons(reply)) else PHONE_ROW
    for block in reply.blocks:
        if isinstance(block, Buttons) and len(block.items) > fits:
            yield f"{len(block.items)} buttons"


def _entries(reply: Reply, knowledge: Knowledge) -> Iterator[str]:
    unknown = [id_ for id_ in (*reply.entries, *reply.offered) if id_ not in knowledge.entries]
    if unknown:
        yield f"it names what is not there: {unknown}"
        return
    actions = {button.action for button in buttons(reply)}
    ids = [action.partition(":")[2] for action in actions if action.partition(":")[0] in SHOWS]
    gone = [id_ for id_ in ids if id_ not in knowledge.entries]
    yield from (f"a button leads to {id_}, which is not there" for id_ in gone)
    yield from (f"{id_} is not offered" for id_ in reply.offered if f"show:{id_}" not in actions)
    if (reply.kind in SHOWS_ENTRIES) is not bool(reply.entries):
        yield f"{reply.kind.value} with the entries {reply.entries}"
    elif reply.entries and reply.kind not in _kinds(knowledge.entries[reply.entries[0]]):
        yield f"{reply.kind.value} for {reply.entries[0]}"
    if reply.kind is Kind.ANSWER:
        urgent = [id_ for id_ in reply.entries if kind_of(knowledge.entries[id_].urgency) in ALARMS]
        yield from (f"{id_} among the answers" for id_ in urgent)


def _habits(reply: Reply) -> Iterator[str]:
    if reply.kind is Kind.SCREENING and (found := VERDICT.search(shown(reply))):
        yield f"a verdict on habits: {found.group()!r}"


def _kinds(entry: Entry) -> set[Kind]:
    """What a reply with an entry may be: as the entry says, or as the sign that was found does."""
    urgencies = [entry.urgency, *(sign.urgency for sign in entry.signs if sign.urgency)]
    return {kind_of(urgency) for urgency in urgencies}


def _alarm(reply: Reply) -> Iterator[str]:
    if reply.kind not in ALARMS:
        return
    if not all(isinstance(block, Text) for block in reply.blocks) or len(reply.blocks) != 2:
        yield "an alarm that is not alone"
    if len(reply.entries) != 1:
        yield f"an alarm about {reply.entries}"


def introduced_wrongly(replies: Iterable[Reply]) -> str | None:
    """What is wrong about the introduction in the replies of one conversation, oldest first.

    An alarm has none, so it comes with the first reply that is no alarm, and never again.
    """
    counts = [introduces(reply) for reply in replies if reply.kind not in ALARMS]
    wanted = [1] + [0] * (len(counts) - 1) if counts else []
    return None if counts == wanted else f"introductions: {counts}"
