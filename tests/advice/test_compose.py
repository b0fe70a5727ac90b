"""What a visitor reads, and in which order."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from bot.advice.compose import compose, compose_more, compose_words
from bot.advice.decide import Decision
from bot.advice.reply import Kind, Notice, Reply, Sources, Text, buttons, plain_text
from bot.advice.understanding import OUTSIDE
from bot.knowledge.entry import Urgency
from tests.advice.scenes import CLINIC, ENTRIES, entry, scene

ANSWER = Decision(Kind.ANSWER, ("botox/cost",), "near", 0.9)
UNSURE = Decision(Kind.UNSURE, (), "far", 0.1, ("botox/cost", "botox/brands"))
EMERGENCY = Decision(Kind.EMERGENCY, ("safety/vision-change",), "sign", 1.0)
DOCTOR = re.compile(r"\b(doctor|dermatologist)\b")


def last_text(reply: Reply) -> str:
    """The last words a visitor reads."""
    return [block.text for block in reply.blocks if isinstance(block, Text)][-1]


@pytest.mark.parametrize(
    "decision", [ANSWER, UNSURE, EMERGENCY, Decision(Kind.DECLINE, (), "far", 0.0)]
)
@pytest.mark.parametrize("turn", range(6))
def test_the_last_text_of_every_turn_names_a_doctor(decision: Decision, turn: int) -> None:
    """In every variant of the words, and after the sources."""
    assert DOCTOR.search(last_text(compose(decision, scene(turn=turn))))


def test_an_answer_has_its_sources_with_the_day_they_were_checked() -> None:
    """Who says so, and how fresh that is."""
    reply = compose(ANSWER, scene())
    (sources,) = [block for block in reply.blocks if isinstance(block, Sources)]
    assert "21 November 2026" in sources.heading
    assert sources.items[0].url == "https://journal.example/1"
    assert reply.publication == "abc123"


def test_buttons_offer_more_and_only_related_entries_that_exist() -> None:
    """An entry past review is not offered."""
    actions = [button.action for button in buttons(compose(ANSWER, scene()))]
    assert actions == ["more:botox/cost", "show:botox/brands"]


def test_what_else_was_likely_meant_comes_before_what_is_asked_next() -> None:
    """Each entry is offered once, and the reply says which were."""
    decision = replace(ANSWER, suggestions=("safety/pregnancy-breastfeeding", "botox/brands"))
    reply = compose(decision, scene())
    assert [button.action for button in buttons(reply)] == [
        "more:botox/cost",
        "show:safety/pregnancy-breastfeeding",
        "show:botox/brands",
    ]
    assert reply.offered == ("safety/pregnancy-breastfeeding", "botox/brands")


def test_only_the_first_turn_introduces_the_assistant() -> None:
    """Once is enough, and once is needed."""
    first, second = compose(ANSWER, scene(turn=0)), compose(ANSWER, scene(turn=1))
    assert isinstance(first.blocks[0], Notice)
    assert "automated" in first.blocks[0].text
    assert "not a clinician" in first.blocks[0].text
    assert not any(isinstance(block, Notice) for block in second.blocks)


def test_not_for_adds_the_caution_sentence_once() -> None:
    """Whoever asks about this entry reads for whom it is not."""
    shown = compose(Decision(Kind.ANSWER, ("botox/brands",), "", 0.9), scene())
    assert plain_text(shown).count("Not while pregnant.") == 1
    cautioned = Decision(Kind.CAUTION, ("safety/pregnancy-breastfeeding", "botox/brands"), "", 0.9)
    assert "Not while pregnant." not in plain_text(compose(cautioned, scene()))


def test_a_condition_named_earlier_is_not_forgotten() -> None:
    """Told "im pregnant", then asked "what about botox": every treatment has its caution."""
    pregnant = scene(conditions=("safety/pregnancy-breastfeeding",))
    assert plain_text(compose(ANSWER, pregnant)).count("Not while pregnant.") == 1
    assert "Not while pregnant." not in plain_text(compose(ANSWER, scene()))
    habits = entry("lifestyle/sun")
    other = replace(pregnant, entries={**ENTRIES, habits.id: habits})
    words = plain_text(compose(replace(ANSWER, entries=(habits.id,)), other))
    assert "Not while pregnant." not in words


def test_a_caution_stands_before_the_answer_wherever_it_comes_from() -> None:
    """Told earlier, told now, or named by the answer as whom it is not for."""
    thinner, pregnancy = "safety/medication-blood-thinners", "safety/pregnancy-breastfeeding"
    told = {**ENTRIES, thinner: entry(thinner, urgency=Urgency.CAUTION, caution="Ask about pills.")}
    brands = Decision(Kind.ANSWER, ("botox/brands",), "near", 0.9)

    def order(decision: Decision, conditions: tuple[str, ...], *parts: str) -> None:
        words = plain_text(compose(decision, scene(entries=told, conditions=conditions)))
        assert all(words.count(part) == 1 for part in parts)
        places = [words.index(part) for part in parts]
        assert places == sorted(places)

    answer = "The short answer of botox/brands"
    order(brands, (), "Not while pregnant.", answer)
    order(brands, (thinner,), "Ask about pills.", "Not while pregnant.", answer)
    both = replace(brands, kind=Kind.CAUTION, entries=(thinner, "botox/brands"))
    said = f"The short answer of {thinner}"
    order(both, (thinner,), said, "Not while pregnant.", answer)
    order(both, (thinner, pregnancy), said, "Not while pregnant.", answer)
    asked = ("service/opening-hours", "botox/brands")
    order(replace(both, asked=asked), (), said, "Not while pregnant.", "Monday to", answer)


def test_an_emergency_is_alone_and_ends_with_the_number_then_the_doctor() -> None:
    """No greeting, no other answer, no sources, no button that leads away."""
    reply = compose(EMERGENCY, scene(turn=0))
    assert all(isinstance(block, Text) for block in reply.blocks)
    assert "Call 999 now." in plain_text(reply)
    assert last_text(reply).index("999") < last_text(reply).index("doctor")


def test_a_sign_with_its_own_words_is_answered_in_them() -> None:
    """One entry may hold several signs, and its short answer need not fit each."""
    own = replace(EMERGENCY, say="Stop the device and call {emergency_number}.")
    words = plain_text(compose(own, scene()))
    assert words.startswith("Stop the device and call 999.")
    assert "Call 999 now." not in words


def test_doubt_becomes_buttons() -> None:
    """The nearest entries, by title; no answer is shown."""
    reply = compose(UNSURE, scene())
    assert [b.action for b in buttons(reply)] == ["show:botox/cost", "show:botox/brands"]
    assert "short answer" not in plain_text(reply)
    assert reply.topic is None


def test_a_follow_up_is_never_about_a_caution() -> None:
    """Asked "does it hurt" after a caution and an answer: about the answer."""
    cautioned = Decision(Kind.CAUTION, ("botox/cost", "safety/pregnancy-breastfeeding"), "", 0.9)
    assert compose(cautioned, scene()).topic == "botox/cost"
    assert compose(EMERGENCY, scene()).topic is None


def test_a_uk_clinic_does_not_bring_up_a_prescription_medicine() -> None:
    """A button names Botox only to a visitor who has named it."""
    uk = replace(CLINIC, jurisdiction="uk")
    silent = [b.action for b in buttons(compose(ANSWER, scene(clinic=uk)))]
    asked = scene(clinic=uk, visitor_words="what does BOTOX cost")
    assert silent == ["more:botox/cost"]
    assert "show:botox/brands" in [b.action for b in buttons(compose(ANSWER, asked))]


def test_more_gives_the_detail_and_stays_on_the_subject() -> None:
    """Behind the button is the rest of the same entry."""
    reply = compose_more(ENTRIES["botox/cost"], scene())
    assert "The detail of botox/cost." in plain_text(reply)
    assert reply.topic == "botox/cost"


def test_words_of_the_clinic_end_with_the_doctor_too() -> None:
    """Opening hours included."""
    reply = compose_words(Kind.SERVICE, ["Open on Monday."], scene(), forget=True)
    assert reply.forget
    assert DOCTOR.search(last_text(reply))


def test_doubt_without_a_choice_does_not_say_that_it_is_not_ours() -> None:
    """In the UK every suggestion may be one that cannot be made."""
    reply = compose(replace(UNSURE, suggestions=()), scene())
    assert scene().say("unsure_alone") in plain_text(reply)


def test_what_is_out_of_scope_is_told_without_the_medicine_in_the_uk() -> None:
    """The list of subjects is a suggestion too."""
    decline = Decision(Kind.DECLINE, (), "far", 0.0)
    assert "Botox" in plain_text(compose(decline, scene()))
    uk = scene(clinic=replace(CLINIC, jurisdiction="uk"))
    assert "Botox" not in plain_text(compose(decline, uk))


def test_doubt_that_may_be_an_emergency_gives_the_number_before_it_asks() -> None:
    """Search alone raises no alarm, but the number must not hide behind a button."""
    grave = replace(UNSURE, suggestions=("botox/cost", "safety/vision-change"))
    assert "999" in plain_text(compose(grave, scene()))
    assert "999" not in plain_text(compose(UNSURE, scene()))


def test_several_answers_are_told_apart_and_each_has_more() -> None:
    decision = Decision(Kind.ANSWER, ("botox/cost", "botox/brands"), "both")
    reply = compose(decision, scene(turn=1))
    words = plain_text(reply)
    assert words.index("About botox/cost") < words.index("Botox and other brands")
    more = [one for one in buttons(reply) if one.action.startswith("more:")]
    assert [one.action for one in more] == ["more:botox/cost", "more:botox/brands"]
    assert len({one.label for one in more}) == 2


@pytest.mark.parametrize("first", [True, False])
def test_what_the_clinic_says_of_itself_stands_where_it_was_asked_for(first: bool) -> None:
    pair = ("service/opening-hours", "botox/cost")
    asked = pair if first else pair[::-1]
    reply = compose(Decision(Kind.ANSWER, ("botox/cost",), "both", asked=asked), scene())
    words = plain_text(reply)
    assert (words.index("Monday to Friday") < words.index("The short answer")) is first
    assert "About botox/cost" in words
    assert (reply.entries, reply.services) == (("botox/cost",), ("service/opening-hours",))


def test_what_nobody_asked_for_comes_first() -> None:
    """A caution before the answers, whatever their order."""
    caution = "safety/pregnancy-breastfeeding"
    asked = ("service/book", "botox/cost")
    reply = compose(Decision(Kind.CAUTION, (caution, "botox/cost"), "both", asked=asked), scene())
    words = plain_text(reply)
    shown = [f"The short answer of {caution}", "Book on our website", "The short answer of botox"]
    places = [words.index(one) for one in shown]
    assert places == sorted(places)


def test_facts_alone_are_all_said() -> None:
    asked = ("service/opening-hours", "service/price-here")
    reply = compose(Decision(Kind.SERVICE, (), "both", asked=asked), scene())
    words = plain_text(reply)
    assert (reply.kind, reply.services) == (Kind.SERVICE, asked)
    assert words.index("Monday to Friday") < words.index("Ask the front desk")


@pytest.mark.parametrize("manner", OUTSIDE)
def test_each_thing_that_is_declined_has_words_of_its_own(manner: str) -> None:
    declined = {
        one: plain_text(compose(Decision(Kind.DECLINE, (), "far", manner=one), scene(turn=1)))
        for one in OUTSIDE
    }
    assert len(set(declined.values())) == len(OUTSIDE)
    assert "doctor" in declined[manner]
