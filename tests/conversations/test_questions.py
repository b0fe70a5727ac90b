"""Questions, follow-ups, buttons, and what the bot does when it does not know."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from bot.advice.reply import Button, Kind, buttons, plain_text
from bot.knowledge.entry import Knowledge
from bot.knowledge.live import Publication
from tests.conversations.dialogue import Press, Promise, Talk, answer, small_talk

LASTING = "botox/how-long-does-it-last"
UNSURE = Promise(Kind.UNSURE, ())
DECLINE = Promise(Kind.DECLINE, ())


async def test_a_question_is_followed_by_its_detail_and_by_a_related_entry(talk: Talk) -> None:
    """The three roads out of an answer: more, what is asked next, and another question."""
    await talk.hold(
        ("how long does botox last", answer(LASTING, offers=(f"more:{LASTING}",))),
        (Press("more:"), answer(LASTING)),
        (Press("show:"), answer()),
        ("how long does filler last", answer("fillers/how-long-do-they-last")),
    )
    assert talk.replies[0].blocks != talk.replies[1].blocks
    assert talk.replies[2].entries != (LASTING,)


@pytest.mark.parametrize(
    ("first", "family"),
    [("do lip fillers last long", "fillers"), ("how long does botox last", "botox")],
)
async def test_a_follow_up_stays_with_its_subject(talk: Talk, first: str, family: str) -> None:
    """What "does it hurt" is about was last answered, also before thanks and a button."""
    hurts = answer(f"{family}/does-it-hurt")
    await talk.hold(
        (first, answer()),
        ("does it hurt", hurts),
        ("thanks", small_talk()),
        ("does it hurt?", hurts),
        (Press("more:"), hurts),
        ("and does it hurt", hurts),
    )


async def test_a_follow_up_that_looks_like_talk_is_answered(talk: Talk) -> None:
    """Alone these are small talk, a price of ours, or somebody at the door."""
    await talk.hold(
        ("how much does botox cost", answer("botox/cost")),
        ("why so much", answer("botox/cost")),
        ("when does botox kick in", answer("botox/how-soon-results")),
        ("its been 5 days and nowt", answer()),
    )


@pytest.mark.parametrize(
    ("said", "kind"),
    [
        ("ok thanks", Kind.SMALLTALK),
        ("who made you", Kind.SMALLTALK),
        ("can i book then", Kind.SERVICE),
        ("are you open sat", Kind.SERVICE),
        ("how much do you charge for that", Kind.SERVICE),
        ("do you do hair too", Kind.DECLINE),
    ],
)
async def test_what_does_not_go_on_from_an_answer_stays_what_it_is(
    talk: Talk, said: str, kind: Kind
) -> None:
    await talk.hold(("does lip filler hurt", answer()), (said, Promise(kind)))


async def test_naming_another_subject_asks_the_same_of_it(talk: Talk) -> None:
    """And from then on the conversation is about that one."""
    await talk.hold(
        ("how long does botox last", answer(LASTING)),
        ("what about fillers", answer("fillers/how-long-do-they-last")),
        ("does it hurt", answer("fillers/does-it-hurt")),
        ("and botox?", answer("botox/does-it-hurt")),
        ("how much does botox cost", answer("botox/cost")),
        ("and fillers", answer("fillers/cost")),
    )


async def test_a_follow_up_without_anything_before_it_is_not_guessed_at(talk: Talk) -> None:
    """There is nothing it could be about."""
    await talk.hold(("and fillers?", Promise(Kind.CLARIFY)))
    assert all(id_.startswith("fillers/") for id_ in talk.replies[0].offered)


async def test_doubt_offers_what_was_likely_meant_and_a_press_answers(talk: Talk) -> None:
    """The question is asked back once and not lost."""
    await talk.hold(
        ("botox", Promise((Kind.UNSURE, Kind.CLARIFY), ())),
        (Press("show:"), Promise((Kind.ANSWER, Kind.CAUTION))),
    )
    assert talk.replies[1].entries[0] == talk.replies[0].offered[0]


@pytest.mark.parametrize(
    "far", ["what's the weather", "who won the match last night", "vegan lasagne recipe"]
)
async def test_what_has_nothing_to_do_with_us_is_declined(talk: Talk, far: str) -> None:
    await talk.hold((far, DECLINE), ("how long does botox last", answer(LASTING)))


@pytest.mark.parametrize(
    "near",
    ["is my mole cancer", "can you prescribe me antibiotics", "how do i inject botox at home"],
)
async def test_what_is_near_but_not_ours_gets_no_made_up_answer(talk: Talk, near: str) -> None:
    """It may be declined, asked back or warned about; the doctor is named in any case."""
    await talk.hold((near, Promise((Kind.DECLINE, Kind.UNSURE, Kind.CAUTION, Kind.ANSWER))))
    assert not any(id_.startswith(("gadgets/", "retinol/")) for id_ in talk.replies[0].entries)


async def test_a_button_of_an_entry_that_is_gone_says_so(
    talk: Talk, publish: Callable[..., Knowledge], publication: Publication
) -> None:
    """Staff retire an answer while its button is on a screen."""
    await talk.hold(("how long does botox last", answer(LASTING)))
    gone = {id_: e for id_, e in publication.knowledge.entries.items() if id_ != LASTING}
    talk.knowledge = publish(entries=gone)
    await talk.hold((Press(f"more:{LASTING}"), UNSURE))
    await talk.hold(("how long does botox last", Promise((Kind.ANSWER, Kind.UNSURE, Kind.DECLINE))))
    assert LASTING not in talk.replies[-1].entries


@pytest.mark.parametrize("action", ["more:safety/crisis", "show:safety/vision-change"])
async def test_an_emergency_behind_an_old_button_is_an_emergency(talk: Talk, action: str) -> None:
    """Also behind "more": an entry may have become urgent since the button was offered."""
    turn = await talk.press(Button("Old", action))
    assert turn.reply.kind is Kind.EMERGENCY


async def test_a_condition_comes_before_the_answer_to_the_question(talk: Talk) -> None:
    """Pregnant, and Botox for the frown."""
    await talk.hold(("im pregnant how long does botox last", Promise(Kind.CAUTION)))
    assert talk.replies[-1].entries == (
        "safety/pregnancy-breastfeeding",
        "botox/how-long-does-it-last",
    )


PROCEDURE = ("show:botox/", "show:fillers/", "more:botox/", "more:fillers/")


async def test_nobody_under_18_is_told_of_a_procedure_until_an_adult_asks(talk: Talk) -> None:
    """Neither at once, nor later, nor by a button; and the way back is a button."""
    notice = ("safety/under-18",)
    await talk.hold(
        ("im 16 can i get lip filler", Promise(Kind.CAUTION, notice)),
        ("how long does filler last", Promise(Kind.CAUTION, notice)),
        ("and botox?", Promise((Kind.CAUTION, Kind.CLARIFY, Kind.UNSURE))),
        ("how do i stop smoking from ageing my skin", answer()),
    )
    for reply in talk.replies:
        assert not [b for b in buttons(reply) if b.action.startswith(PROCEDURE)]
        assert not [id_ for id_ in reply.entries if id_.startswith(("botox/", "fillers/"))]
    await talk.hold(
        ("can i have lip filler at 16", Promise(Kind.CAUTION, notice)),
        (Press("adult:"), Promise(Kind.SERVICE)),
        ("how long does filler last", answer("fillers/how-long-do-they-last")),
    )


async def test_button_of_before_leads_to_no_procedure_either(talk: Talk) -> None:
    """It was offered before the visitor said how old they are."""
    await talk.say("how long does filler last")
    offered = [b for b in buttons(talk.replies[-1]) if b.action.startswith("show:fillers/")]
    await talk.say("i am 15")
    turn = await talk.press(offered[0])
    assert turn.reply.entries == ("safety/under-18",)


@pytest.mark.parametrize(
    ("text", "caution"),
    [
        ("im pregnant can i use retinol", "safety/pregnancy-breastfeeding"),
        ("hi! i'm pregnant", "safety/pregnancy-breastfeeding"),
        ("my 15 year old wants botox", "safety/under-18"),
        ("im on warfarin, can i book filler", "safety/medication-blood-thinners"),
    ],
)
async def test_a_condition_is_never_passed_over(talk: Talk, text: str, caution: str) -> None:
    """Not in a greeting or a booking either."""
    await talk.hold((text, Promise(Kind.CAUTION)))
    assert talk.replies[0].entries[0] == caution


async def test_a_condition_named_earlier_comes_with_the_next_treatment(
    talk: Talk, publication: Publication
) -> None:
    """Who said that she is pregnant need not say it again with each question."""
    sentence = publication.knowledge.entries["safety/pregnancy-breastfeeding"].caution
    assert sentence
    await talk.hold(("im 12 weeks pregnant", Promise(Kind.CAUTION)))
    await talk.hold(("how long does botox last", answer(LASTING)))
    words = [getattr(block, "text", "") for block in talk.replies[-1].blocks]
    assert sentence in words


async def test_two_questions_in_one_message_are_both_answered(talk: Talk) -> None:
    await talk.hold(
        (
            "how long does botox last and does it hurt?",
            answer(LASTING, "botox/does-it-hurt"),
        ),
        ("and fillers?", answer("fillers/does-it-hurt")),
    )


@pytest.mark.parametrize(
    "text",
    [
        "what time do you close and how long does botox last",
        "how long does botox last and what time do you open on saturday?",
    ],
)
async def test_what_is_asked_of_the_clinic_is_answered_beside_a_question(
    talk: Talk, publication: Publication, text: str
) -> None:
    """In the order asked; the next question goes on from the answer, not from the hours."""
    hours = publication.clinic.hours[0]
    await talk.hold(
        (text, Promise(Kind.ANSWER, (LASTING,), says=(hours,))),
        ("does it hurt", answer("botox/does-it-hurt")),
    )
    words = plain_text(talk.replies[0])
    answered = publication.knowledge.entries[LASTING].short.split("\n")[0]
    assert (words.index(hours) < words.index(answered)) is text.startswith("what")


async def test_an_emergency_is_alone_whatever_is_asked_beside_it(
    talk: Talk, publication: Publication
) -> None:
    text = "my lip has gone white and cold since the filler, what time do you close"
    hours = publication.clinic.hours[0]
    await talk.hold((text, Promise(Kind.EMERGENCY, never=(hours,))))


async def test_who_only_mentions_an_appointment_is_not_told_how_to_book(
    talk: Talk, publication: Publication
) -> None:
    text = "i have an appointment on friday, can i drink wine the night before my botox"
    booking = publication.clinic.booking
    await talk.hold((text, answer("botox/before-treatment", never=(re.escape(booking),))))


async def test_a_button_can_be_named_instead_of_pressed(talk: Talk) -> None:
    """Not everybody sees that there are buttons, and Telegram folds them away."""
    await talk.hold(
        ("how long does botox last", answer(LASTING)), ("tell me more", answer(LASTING))
    )
    assert talk.replies[0].blocks != talk.replies[1].blocks
    show = [one for one in buttons(talk.replies[1]) if one.action.startswith("show:")]
    await talk.hold((show[0].label, answer(show[0].action.partition(":")[2])))
    assert len(talk.replies) == 3


@pytest.mark.parametrize(
    "text",
    [
        "what is this itchy lump on my elbow",
        "whats the best treatment for my sons eczema",
        "can you give me a repeat prescription for amoxicillin",
        "where can i buy botulinum toxin online without a prescription",
    ],
)
async def test_what_a_program_must_not_serve_is_declined_in_its_own_words(
    talk: Talk, text: str
) -> None:
    await talk.hold(("who won the match last night", DECLINE), (text, DECLINE))
    assert plain_text(talk.replies[1]) != plain_text(talk.replies[0])
