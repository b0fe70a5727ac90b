"""Small talk, the clinic's own facts, the introduction, erasing, and what a clinic may not name."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

import pytest

from bot.advice.reply import Kind, buttons
from bot.knowledge.entry import Clinic, Knowledge
from bot.knowledge.live import Publication
from tests.conversations.dialogue import Press, Promise, Talk, answer, small_talk
from tests.conversations.promises import introduces, shown


@pytest.mark.parametrize(
    "text",
    ["hi", "thanks!", "bye", "are you a robot", "what can you do", "tell me a joke", "you idiot"],
)
async def test_small_talk_is_answered_as_such(talk: Talk, text: str) -> None:
    """And the first message of whatever kind brings the introduction, the second does not."""
    await talk.hold((text, small_talk()), (text, small_talk()))


async def test_who_asks_what_is_kept_hears_how_to_erase_it(
    talk: Talk, publication: Publication
) -> None:
    await talk.hold(
        ("what do you do with my data", small_talk(publication.clinic.privacy)),
        ("are you a real person", small_talk(never=(r"i('m| am) a (person|human)",))),
    )


@pytest.mark.parametrize(
    ("text", "field"),
    [
        ("can i speak to a human", "person"),
        ("i want to book an appointment", "booking"),
        ("what are your opening hours", "address"),
        ("what do you charge for botox", "prices"),
        ("i want to make a complaint", "complaints"),
    ],
)
async def test_the_clinic_answers_for_itself(
    talk: Talk, publication: Publication, text: str, field: str
) -> None:
    """In its own words, which are in clinic.yml."""
    own = " ".join(str(getattr(publication.clinic, field)).split())
    await talk.hold((text, Promise(Kind.SERVICE, (), says=(own,))))


async def test_opening_hours_tell_who_cannot_wait_what_to_do(
    talk: Talk, publication: Publication
) -> None:
    """It is two in the morning."""
    says = (*publication.clinic.hours, "999")
    await talk.hold(("what time do you open", Promise(Kind.SERVICE, says=says)))


async def test_an_erased_conversation_begins_anew(talk: Talk) -> None:
    """Nothing is kept, not even what it was about."""
    await talk.hold(
        ("how long do fillers last", answer()),
        ("delete my data", Promise(Kind.SERVICE, ())),
    )
    assert talk.replies[-1].forget
    assert talk.said() == []
    await talk.hold(("does it hurt", Promise((Kind.ANSWER, Kind.UNSURE, Kind.DECLINE))))
    assert introduces(talk.replies[-1]) == 1
    assert talk.said() == ["does it hurt"]


async def test_asking_about_erasing_in_a_question_erases_nothing(talk: Talk) -> None:
    """Only the wish itself does."""
    await talk.hold(
        ("how long does botox last", answer()),
        ("can filler be dissolved and gone", Promise((Kind.ANSWER, Kind.UNSURE))),
    )
    assert len(talk.said()) == 2


UNNAMED = [
    "hi",
    "what can you do",
    "are you a robot",
    "what's the weather",
    "tell me a joke",
    "can i book an appointment",
    "how much do you charge",
    "jabs",
    "wrinkles",
    "do the injections hurt",
    "what helps against frown lines",
    "how do i start with fillers",
]


@pytest.fixture
def in_the_uk(
    talk: Talk, publish: Callable[..., Knowledge], publication: Publication
) -> tuple[Talk, re.Pattern[str]]:
    """A conversation with a clinic in the UK, and the names it may not bring up."""
    clinic: Clinic = replace(publication.clinic, jurisdiction="uk")
    talk.knowledge = publish(clinic=clinic)
    return talk, re.compile("|".join(map(re.escape, clinic.prescription_only)), re.IGNORECASE)


@pytest.mark.parametrize("text", UNNAMED)
async def test_a_uk_clinic_brings_up_no_medicine(
    in_the_uk: tuple[Talk, re.Pattern[str]], text: str
) -> None:
    """No greeting, manner, suggestion or button names what the visitor has not named."""
    talk, names = in_the_uk
    reply = (await talk.say(text)).reply
    labels = " / ".join(button.label for button in buttons(reply))
    assert not names.search(labels), labels
    if not reply.entries:
        assert not names.search(shown(reply)), shown(reply)


async def test_a_uk_clinic_suggests_a_medicine_the_visitor_named(
    in_the_uk: tuple[Talk, re.Pattern[str]],
) -> None:
    """Who asks about it is helped on."""
    talk, names = in_the_uk
    await talk.hold(("how long does botox last", answer()), (Press("show:"), answer()))
    assert names.search(shown(talk.replies[0]))
