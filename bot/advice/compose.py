"""Turns a decision into the reply a visitor reads.

Order of blocks: what an automated assistant is (first turn), cautions, the answer, its sources,
the closing that directs to a doctor, buttons. An emergency is alone: its advice and the doctor.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from bot.advice.decide import UNDER_18, Decision, kind_of
from bot.advice.minors import ADULT, is_for_adults
from bot.advice.reply import (
    Block,
    Button,
    Buttons,
    Kind,
    Notice,
    Reply,
    SourceItem,
    Sources,
    Text,
)
from bot.advice.services import INTENT_OF
from bot.advice.wording import Wording
from bot.knowledge.entry import Clinic, Entry, Screening, Source, Urgency

NEXT_BUTTONS = 3
"""How many entries are offered besides "More": a row that fits a phone."""

NO_TREATMENT = frozenset({"general", "lifestyle", "exercises", "safety"})
"""Families that are about no treatment: a condition named earlier is not brought up again there."""


@dataclass(frozen=True)
class Scene:
    """What composing needs to know besides the decision."""

    entries: Mapping[str, Entry]
    """The entries that may be shown today."""
    clinic: Clinic
    wording: Wording
    publication: str = ""
    turn: int = 0
    """How many turns the conversation has had: 0 on the first; also chooses among wordings."""
    visitor_words: str = ""
    """What the visitor wrote so far, for the rule on naming prescription-only medicines."""
    conditions: tuple[str, ...] = ()
    """Ids of the cautions whose condition the visitor named, now or in an earlier turn."""
    alarm: bool = False
    """Whether urgent advice was the last thing of substance that the visitor was told."""
    screening: Screening | None = None
    """The questions about habits that may be asked today."""

    @property
    def is_minor(self) -> bool:
        """Whether it is about somebody under 18."""
        return UNDER_18 in self.conditions

    def say(self, name: str, **values: str) -> str:
        """A sentence of the bot's manners in the variant of this turn; the one that brings up no
        medicine where the jurisdiction asks for that.
        """
        neutral = f"{name}_neutral"
        if not self.clinic.names_medicines and self.wording.has(neutral):
            name = neutral
        return self.wording.say(name, self.turn, **self._numbers(), **values)

    def fill(self, text: str) -> str:
        """An entry's text with the clinic's numbers in place of ``{emergency_number}``,
        ``{crisis_line}`` and ``{clinic_phone}``.
        """
        for name, value in self._numbers().items():
            text = text.replace(f"{{{name}}}", value)
        return text

    def facts(self, need: str) -> str:
        """What the clinic says of itself (`bot.advice.services`)."""
        clinic = self.clinic
        return self.say(
            INTENT_OF[need],
            person=clinic.person,
            booking=clinic.booking,
            prices=clinic.prices,
            complaints=clinic.complaints,
            address=clinic.address,
            hours="\n".join(f"- {line}" for line in clinic.hours),
        )

    def _numbers(self) -> dict[str, str]:
        clinic = self.clinic
        return {
            "emergency_number": clinic.emergency_numbers.get(clinic.country, ""),
            "crisis_line": clinic.crisis_lines.get(clinic.country, ""),
            "clinic_phone": clinic.phone,
        }

    def may_suggest(self, entry: Entry) -> bool:
        """Whether a button may lead to this entry: not to a procedure for somebody under 18, and in
        some jurisdictions the bot does not bring up a prescription-only medicine that the visitor
        has not named.
        """
        if self.is_minor and is_for_adults(entry):
            return False
        words = entry.title
        if self.clinic.names_medicines:
            return True
        said = self.visitor_words.lower()
        named = (name.lower() for name in self.clinic.prescription_only)
        return all(name in said for name in named if name in words.lower())


def compose(decision: Decision, scene: Scene) -> Reply:
    """The reply to a decided message.

    Raises:
        KeyError: the decision names an entry that the scene does not hold.
    """
    if scene.alarm and decision.kind in (Kind.UNSURE, Kind.CLARIFY, Kind.DECLINE):
        return compose_reminder(decision.kind, scene)
    offered = _offered(decision, scene)
    match decision.kind:
        case Kind.EMERGENCY | Kind.URGENT:
            blocks, offered = _urgent(decision, scene), ()
        case Kind.ANSWER | Kind.CAUTION:
            entries = [scene.entries[id_] for id_ in decision.entries]
            if decision.say:
                entries[0] = replace(entries[0], short=decision.say)
            blocks = _answer(entries, offered, scene, decision.asked)
        case Kind.SERVICE:
            return compose_facts(decision.asked, scene)
        case Kind.UNSURE | Kind.CLARIFY:
            blocks = _ask_back(decision.kind, offered, scene)
        case _:
            said = Text(scene.say(decision.manner))
            blocks = (*opening(scene), said, *closing(scene, decision.kind))
    return Reply(
        kind=decision.kind,
        blocks=blocks,
        entries=decision.entries,
        services=tuple(id_ for id_ in decision.asked if id_ in INTENT_OF),
        offered=tuple(entry.id for entry in offered),
        confidence=round(decision.confidence, 4),
        publication=scene.publication,
        topic=_topic(decision.entries) or decision.about,
    )


def compose_more(entry: Entry, scene: Scene) -> Reply:
    """The detail behind an entry's "More" button."""
    blocks: tuple[Block, ...] = (
        *opening(scene),
        Text(scene.fill(entry.more or entry.short)),
        *_sources((entry,), scene),
        *closing(scene),
        *_buttons(_next([entry], (), scene)),
    )
    return Reply(
        kind_of(entry.urgency),
        blocks,
        (entry.id,),
        confidence=1.0,
        publication=scene.publication,
        topic=_topic([entry.id]),
    )


def compose_words(kind: Kind, words: Iterable[str], scene: Scene, forget: bool = False) -> Reply:
    """A reply of manners or of the clinic's own facts, such as its opening hours."""
    texts = tuple(Text(scene.fill(text)) for text in words)
    blocks: tuple[Block, ...] = (*opening(scene), *texts, *closing(scene, kind))
    return Reply(kind, blocks, publication=scene.publication, forget=forget)


def compose_facts(needs: Iterable[str], scene: Scene) -> Reply:
    """What the clinic says of itself, for each of these needs (`bot.advice.services`)."""
    needs = tuple(needs)
    reply = compose_words(Kind.SERVICE, [scene.facts(need) for need in needs], scene)
    return replace(reply, services=needs)


def compose_reminder(kind: Kind, scene: Scene) -> Reply:
    """What is said instead of manners while urgent advice stands: that it does."""
    blocks: tuple[Block, ...] = (
        *opening(scene),
        Text(scene.say("closing_alarm", person=scene.clinic.person)),
    )
    return Reply(kind, blocks, publication=scene.publication)


def closing(scene: Scene, kind: Kind = Kind.ANSWER) -> tuple[Text, ...]:
    """The last text of every turn: speak with a doctor. What was no answer has words of its own."""
    informed = kind in (Kind.ANSWER, Kind.CAUTION)
    return (Text(scene.say("closing" if informed else "closing_aside")),)


def opening(scene: Scene) -> tuple[Notice, ...]:
    """What comes before anything else: urgent advice that stands, and once what the bot is."""
    said = []
    if scene.alarm:
        said.append(scene.say("alarm_stands"))
    if not scene.turn:
        said.append(scene.say("automated", clinic=scene.clinic.name))
    return tuple(map(Notice, said))


def _urgent(decision: Decision, scene: Scene) -> tuple[Block, ...]:
    name = "closing_urgent"
    if decision.kind is Kind.EMERGENCY:
        own = f"closing_{decision.entries[0].rpartition('/')[2]}"
        name = own if scene.wording.has(own) else "closing_emergency"
    advice = decision.say or scene.entries[decision.entries[0]].short
    return (Text(scene.fill(advice)), Text(scene.say(name)))


def _answer(
    entries: list[Entry], offered: Iterable[Entry], scene: Scene, asked: Sequence[str]
) -> tuple[Block, ...]:
    """Entries as listed, or where several questions were asked in the order of those; what nobody
    asked for, a caution, comes first: what the visitor named now, what was named earlier, and whom
    the answer is not for. Below an answer that says yes it would be read too late.
    """
    shown = {entry.id for entry in entries}
    named: dict[str, None] = {}
    if any(entry.id.partition("/")[0] not in NO_TREATMENT for entry in entries):
        named |= dict.fromkeys(scene.conditions)
    named |= dict.fromkeys(f"safety/{slug}" for entry in entries for slug in entry.not_for)
    cautions = [
        Notice(scene.fill(entry.caution))
        for id_ in named
        if id_ not in shown and (entry := scene.entries.get(id_)) and entry.caution
    ]
    answers = [entry for entry in entries if kind_of(entry.urgency) is Kind.ANSWER]
    services = [id_ for id_ in asked if id_ in INTENT_OF]
    several = len(answers) + len(services) > 1
    titled = {
        entry.id: f"**{entry.title}**\n\n{entry.short}" if several else entry.short
        for entry in entries
    }
    told = titled | {need: scene.facts(need) for need in services}
    order = dict.fromkeys([*(id_ for id_ in titled if id_ not in asked), *asked])
    first = [entry.id for entry in entries if kind_of(entry.urgency) is not Kind.ANSWER]
    rest = [id_ for id_ in order if id_ in told and id_ not in first]
    more = [
        Button(_more_label(entry, several, scene), f"more:{entry.id}")
        for entry in (answers or entries[-1:])
        if entry.more
    ]
    check = _check_habits(entries, scene)
    adult = _as_an_adult(shown, scene)
    taken = max(len(more), 1) - 1 + len(check) + len(adult)
    following = _next(entries, offered, scene)[: NEXT_BUTTONS - taken]
    return (
        *opening(scene),
        *(Text(scene.fill(told[id_])) for id_ in first),
        *cautions,
        *(Text(scene.fill(told[id_])) for id_ in rest),
        *_sources(entries, scene),
        *closing(scene),
        *_buttons([*more, *check, *following, *adult]),
    )


def _more_label(entry: Entry, several: bool, scene: Scene) -> str:
    """Of several answers each says what there is more of."""
    if several:
        return scene.say("more_about_button", title=entry.title)
    return scene.say("more_button")


def _check_habits(entries: Iterable[Entry], scene: Scene) -> list[Button]:
    """After an answer about a habit: the offer to go through them."""
    about = any(entry.id.partition("/")[0] == "lifestyle" for entry in entries)
    if not about or scene.screening is None or scene.is_minor or scene.alarm:
        return []
    return [Button(scene.say("screening_start_button"), "screen:start")]


def _as_an_adult(shown: Iterable[str], scene: Scene) -> list[Button]:
    """The way back for a visitor who told of somebody under 18 and now asks as an adult."""
    if UNDER_18 not in shown:
        return []
    return [Button(scene.say("adult_button"), f"{ADULT}:{UNDER_18}")]


def _ask_back(kind: Kind, offered: tuple[Entry, ...], scene: Scene) -> tuple[Block, ...]:
    choices = [_show(entry) for entry in offered]
    name = kind.value if choices else "unsure_alone"
    grave = [e for e in offered if e.urgency.rank >= Urgency.URGENT_SAME_DAY.rank]
    return (
        *opening(scene),
        *(Notice(scene.say("unsure_alarm")) for _ in grave[:1]),
        Text(scene.say(name)),
        *closing(scene, kind),
        *_buttons(choices),
    )


def _offered(decision: Decision, scene: Scene) -> tuple[Entry, ...]:
    entries = (scene.entries[id_] for id_ in decision.suggestions if id_ in scene.entries)
    return tuple(entry for entry in entries if scene.may_suggest(entry))


def _next(entries: list[Entry], offered: Iterable[Entry], scene: Scene) -> list[Button]:
    """Buttons for what may have been meant, then for what is usually asked next."""
    shown = {entry.id for entry in entries}
    related = [scene.entries.get(id_) for entry in entries for id_ in entry.related]
    wanted = {entry.id: entry for entry in (*offered, *filter(None, related))}
    return [
        _show(entry)
        for entry in wanted.values()
        if entry.id not in shown and scene.may_suggest(entry)
    ][:NEXT_BUTTONS]


def _show(entry: Entry) -> Button:
    return Button(entry.title, f"show:{entry.id}")


def _topic(entries: Iterable[str]) -> str | None:
    """What a follow-up is about: the last entry shown, but not a caution or an emergency."""
    subjects = [id_ for id_ in entries if not id_.startswith("safety/")]
    return subjects[-1] if subjects else None


def _buttons(items: list[Button]) -> tuple[Buttons, ...]:
    return (Buttons(tuple(items)),) if items else ()


def _sources(entries: Iterable[Entry], scene: Scene) -> tuple[Sources, ...]:
    entries = list(entries)
    sources = dict.fromkeys(source for entry in entries for source in entry.sources)
    days = [entry.checked_on for entry in entries if entry.checked_on]
    return source_blocks(sources, min(days), scene) if days else ()


def source_blocks(sources: Iterable[Source], checked_on: date, scene: Scene) -> tuple[Sources, ...]:
    """The sources under a heading that says when they were checked; nothing if there are none."""
    items = tuple(
        SourceItem(s.title, s.publisher, s.evidence.value, s.url, s.date) for s in sources
    )
    return (Sources(scene.say("sources", checked_on=spoken(checked_on)), items),) if items else ()


def spoken(day: date) -> str:
    """A date as a person writes it: 21 November 2026."""
    return f"{day.day} {day:%B %Y}"
