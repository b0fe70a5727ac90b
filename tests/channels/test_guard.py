from __future__ import annotations

import pytest

from bot.advice.reply import Kind, Notice, Text, plain_text
from bot.advice.safety import Safety
from bot.advice.wording import MissingWordingError, Wording
from bot.channels.guard import Guard, current, neutral_clinic
from bot.knowledge.entry import Entry, Sign, Urgency

IN_DOUBT = "the optician looked at my floaters and said they are only age"


def last_words(reply) -> str:
    return next(b.text for b in reversed(reply.blocks) if isinstance(b, Text))


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("I can't see since my filler", Kind.EMERGENCY),
        ("there are red streaks and I can't see", Kind.EMERGENCY),
        ("red streaks since yesterday", Kind.URGENT),
        ("how long does it last", Kind.UNSURE),
        ("", Kind.UNSURE),
        ("\x00" * 50, Kind.UNSURE),
    ],
)
def test_it_finds_the_most_urgent_sign_or_apologises(guard: Guard, text: str, kind: Kind) -> None:
    reply = guard.reply(text)
    assert reply.kind is kind
    assert "doctor" in last_words(reply) or "dermatologist" in last_words(reply)


def test_a_sign_in_doubt_is_told_where_nothing_else_can_look() -> None:
    """The second layer is behind what has failed."""
    assert Guard.builtin().reply(IN_DOUBT).kind is Kind.EMERGENCY


def test_a_sign_in_doubt_is_not_sure_to_have_been_told() -> None:
    guard = Guard.builtin()
    assert all(finding.is_in_doubt for finding in guard.safety.check(IN_DOUBT))
    assert guard.urgent(IN_DOUBT, sure=True) is None
    assert guard.urgent("I can't see out of one eye since my filler", sure=True) is not None


def test_an_emergency_has_a_number_to_call_and_no_braces(guard: Guard) -> None:
    words = plain_text(guard.reply("I can't see"))
    assert "999" in words
    assert "{" not in words


def test_the_apology_says_how_to_reach_a_person(guard: Guard) -> None:
    assert guard.clinic.person in plain_text(guard.reply("hello"))


def test_only_the_first_apology_introduces_the_assistant(guard: Guard) -> None:
    assert isinstance(guard.reply("hello", turn=0).blocks[0], Notice)
    assert not any(isinstance(b, Notice) for b in guard.reply("hello", turn=3).blocks)


def test_a_caution_is_no_emergency() -> None:
    entry = Entry(
        "safety/pregnancy",
        "",
        "Wait.",
        urgency=Urgency.CAUTION,
        signs=(Sign("p", any=("pregnant",)),),
    )
    guard = Guard(neutral_clinic(), Wording.load(), Safety.of([entry]), {entry.id: entry})
    assert guard.safety.check("I am pregnant")
    assert guard.urgent("I am pregnant") is None


def test_a_sign_has_its_own_words_before_its_entrys() -> None:
    sign = Sign("s", any=("can't see",), urgency=Urgency.URGENT_SAME_DAY, say="Its own words.")
    entry = Entry("safety/x", "", "The entry's.", urgency=Urgency.EMERGENCY, signs=(sign,))
    guard = Guard(neutral_clinic(), Wording.load(), Safety.of([entry]), {entry.id: entry})
    reply = guard.reply("I can't see")
    assert reply.kind is Kind.URGENT
    assert "Its own words." in plain_text(reply)


def test_a_sign_of_an_entry_that_is_not_here_still_sends_for_help() -> None:
    entry = Entry(
        "safety/new", "", "", urgency=Urgency.EMERGENCY, signs=(Sign("s", any=("can't see",)),)
    )
    guard = Guard(neutral_clinic(), Wording.load(), Safety.of([entry]), {})
    reply = guard.reply("I can't see")
    assert reply.kind is Kind.EMERGENCY
    assert "999" in last_words(reply)


def test_a_sentence_that_does_not_exist_is_named(guard: Guard) -> None:
    with pytest.raises(MissingWordingError, match="utter_no_such"):
        guard.say("no_such")


@pytest.mark.parametrize("turn", range(6))
@pytest.mark.parametrize("name", ["apology", "nothing_to_read", "too_long", "button_expired"])
def test_every_sentence_of_the_guard_exists_and_ends_with_a_doctor(
    guard: Guard, name: str, turn: int
) -> None:
    reply = guard.say(name, turn, limit="2,000", person="Ring us.")
    assert "doctor" in last_words(reply) or "dermatologist" in last_words(reply)


def test_the_built_in_guard_finds_an_emergency_without_anything_else() -> None:
    """The whole fallback on data files of the package alone."""
    reply = Guard.builtin().reply("I can't see properly since my filler yesterday")
    assert reply.kind is Kind.EMERGENCY
    assert "999" in plain_text(reply)


def test_a_source_of_guards_is_asked_each_time(guard: Guard) -> None:
    asked: list[int] = []

    def source() -> Guard:
        asked.append(1)
        return guard

    assert current(source) is current(source) is current(guard) is guard
    assert len(asked) == 2
