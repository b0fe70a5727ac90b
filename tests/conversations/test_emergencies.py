"""A sign of an emergency, wherever in a conversation it hides, and what comes after it."""

from __future__ import annotations

import pytest

from bot.advice.reply import Kind
from bot.channels.rotation import TURNS_A_SESSION
from bot.channels.turn import MAX_TEXT
from tests.conversations.dialogue import Press, Promise, Talk, answer, emergency, small_talk
from tests.conversations.promises import shown

SIGHT = "safety/vision-change"
BLIND = "i can't see out of my left eye since the filler"
STORY = (
    "so this is a bit long, sorry. on friday my cousin had her hen do and we all went to the same"
    " place in town that does nails and brows, really nice girl, she had just done a course. i had"
    " been thinking about my nose for about two years because there is a little bump that you only"
    " see from the side, and my cousin said why not today, i'll treat you, you've had a rubbish"
    " year. so i lay down and she put some gel in it, one syringe, maybe a bit less, it was over in"
    " ten minutes and it looked lovely straight away, everybody said so. we went for dinner and"
    " then dancing and i did not drink because i was driving. in the morning i thought the room"
    " was dark but it was not the room. {sign}. apart from that i feel fine, my appetite is good,"
    " i slept eight hours and my skin is glowing. my cousin says it is nothing and that i always"
    " worry too much, and the girl has not answered her phone because it is sunday. i have work"
    " tomorrow at the bakery from five so i would like to know whether i should put the appointment"
    " for my lips back by a week, and also how much aftercare cream i need, and whether i can wear"
    " make up for the wedding on saturday, because the photographer costs a fortune"
)


async def test_an_emergency_in_the_middle_comes_alone_and_then_life_goes_on(talk: Talk) -> None:
    """The next question is answered again, and is reminded once of what comes first."""
    await talk.hold(
        ("hello", small_talk()),
        ("how long does filler last", answer()),
        ("i cant see properly out of my left eye since my filler", emergency(SIGHT)),
        ("how long does botox last", answer("botox/how-long-does-it-last")),
        ("thanks", small_talk(never=("999",))),
    )


@pytest.mark.parametrize(
    "text",
    [
        f"hi there! {BLIND}",
        f"thanks so much, you've been great. {BLIND}",
        f"can i book an appointment for friday? {BLIND}",
        f"how much is it? and {BLIND}",
        f"delete my data. {BLIND}",
        f"/{BLIND}",
        f"/restart {BLIND}",
        BLIND.upper() + "!!!",
        "i cnt see proprly out of my left eye sicne filler",
        "ive lost the sight in one eye after my lip filler. my friend says its fine",
        f"<b>{BLIND}</b>",
        f"🙂🙂 {BLIND} 🙂",
        BLIND.replace(" ", "\n"),
        BLIND.replace(" ", "\x00 "),
        BLIND.replace("can't", "can\N{RIGHT SINGLE QUOTATION MARK}t"),
        STORY.format(sign="i can't see out of my right eye since the filler"),
    ],
)
async def test_an_emergency_is_found_wherever_it_hides(talk: Talk, text: str) -> None:
    """First message or not, whatever else it says, and however it is typed."""
    await talk.hold((text, emergency(SIGHT)))


async def test_an_emergency_is_found_in_a_message_that_is_too_long_to_read(talk: Talk) -> None:
    """At its end, after all that is asked first."""
    text = "how much is it? " * (MAX_TEXT // 16) + BLIND
    await talk.hold((text, emergency(SIGHT)))


async def test_symptoms_may_come_in_two_messages(talk: Talk) -> None:
    """The treatment first, then the sign, which would be nothing without it."""
    await talk.hold(
        (
            "had my lips filled at noon",
            Promise((Kind.ANSWER, Kind.UNSURE, Kind.DECLINE, Kind.SERVICE)),
        ),
        ("one side has gone white and it really hurts", Promise(Kind.EMERGENCY)),
    )


async def test_the_introduction_is_made_up_for_after_an_emergency(talk: Talk) -> None:
    """An emergency comes without one; the reply after it tells what has been writing."""
    await talk.hold((BLIND, emergency(SIGHT)), ("ok", small_talk()), ("ok", small_talk()))
    assert talk.met


@pytest.mark.parametrize("sign", [BLIND, "i want to die because of my face"])
async def test_manners_do_not_wipe_an_emergency_away(talk: Talk, sign: str) -> None:
    """A thank-you for the emergency number is not answered with "glad that helped", and "what
    should I do" is not outside what the bot knows.
    """
    stands = ("999",)
    wrong = (r"glad that helped", r"take care\.", r"small talk", r"outside what i know")
    await talk.hold(
        (sign, Promise(Kind.EMERGENCY)),
        ("thanks", Promise(Kind.SMALLTALK, says=stands, never=wrong)),
        ("no", Promise((Kind.SMALLTALK, Kind.EMERGENCY), says=stands, never=wrong)),
        ("bye", Promise((Kind.SMALLTALK, Kind.EMERGENCY), says=stands, never=wrong)),
        ("what should i do", Promise((Kind.DECLINE, Kind.UNSURE), says=stands, never=wrong)),
        ("can i speak to a human", Promise(Kind.SERVICE, says=stands)),
        ("are you a robot", Promise(Kind.SMALLTALK, says=stands)),
    )


async def test_urgent_advice_stands_when_a_new_session_begins(talk: Talk) -> None:
    """A long conversation is cut into sessions behind the visitor's back."""
    for _ in range(TURNS_A_SESSION - 1):
        await talk.say("hello")
    await talk.hold(
        (BLIND, emergency(SIGHT)),
        ("thanks", Promise(Kind.SMALLTALK, says=("999",), never=("glad that helped",))),
        ("how long does botox last", answer("botox/how-long-does-it-last")),
        ("thanks", small_talk(never=("999",))),
    )


@pytest.mark.parametrize("said", ["its fine now honestly", "my friend is a nurse and says wait"])
async def test_nothing_said_afterwards_lowers_it_and_a_person_is_offered(
    talk: Talk, said: str
) -> None:
    """Reassurance is no answer to a question and no new symptom."""
    await talk.hold((BLIND, emergency(SIGHT)))
    turn = await talk.say(said)
    assert turn.reply.kind is not Kind.ANSWER
    assert "999" in shown(turn.reply)
    if turn.reply.kind not in (Kind.EMERGENCY, Kind.URGENT):
        assert "7946 0000" in shown(turn.reply)


async def test_is_it_normal_after_an_emergency_offers_nothing_harmless(talk: Talk) -> None:
    """A button to "ordinary swelling" would talk a blocked vessel down."""
    await talk.hold(
        ("lip filler 3 hours ago, one side is white and really painful", Promise(Kind.EMERGENCY)),
        ("is it normal", Promise((Kind.UNSURE, Kind.DECLINE, Kind.EMERGENCY), says=("999",))),
    )
    assert not talk.replies[-1].offered


@pytest.mark.parametrize(
    "text",
    [
        "can filler make you blind",
        "what if i go blind from filler",
        "my sister nearly died laughing at my eyebrows",
        "i'm dying to try lip filler",
        "any chance of being seen this fri",
        "had filler in my nose this morning",
        "i had botox yesterday and i have a headache",
    ],
)
async def test_what_only_sounds_near_raises_no_alarm(talk: Talk, text: str) -> None:
    """A visitor who is told to ring 999 for a question believes it less the next time."""
    calm = tuple(kind for kind in Kind if kind not in (Kind.EMERGENCY, Kind.URGENT))
    await talk.hold((text, Promise(calm)))


async def test_reading_about_an_emergency_is_not_having_one(talk: Talk) -> None:
    """Labels of pressed buttons are the bot's words; they make no symptom of what follows."""
    await talk.hold(
        ("can filler make you blind", answer("fillers/blocked-vessel-info")),
        (Press("show:"), Promise(tuple(Kind))),
        ("how long does filler last", answer("fillers/how-long-do-they-last")),
    )
