"""The questions about habits, from the offer to the page for the doctor."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable
from dataclasses import replace

import pytest
from sqlalchemy import text as sql

from bot.advice.reply import Button, Chart, Kind, Notice, Page, Text, buttons
from bot.channels.history import Answered
from bot.channels.summary import page_html
from bot.knowledge.entry import Knowledge
from bot.knowledge.live import Publication
from tests.conversations.dialogue import Press, Promise, Talk, answer, emergency, small_talk
from tests.conversations.promises import shown

ASKS = Promise(Kind.SCREENING, ())
SMOKING = Promise(Kind.SCREENING, (), offers=("screen:answer:smoking:never",))
SUN = Promise(Kind.SCREENING, (), offers=("screen:answer:sun_exposure:under-1h",))
SERVICE = Promise(Kind.SERVICE, ())
OPENING = Promise(Kind.SCREENING, (), offers=("screen:yes", "screen:no", "screen:minor"))
LASTING = "botox/how-long-does-it-last"
AGREE = (("check my habits", OPENING), (Press("screen:yes"), SMOKING))


def asked(talk: Talk) -> str:
    """The question whose choices the last reply offers; empty if it offers none."""
    found = [b.action.split(":")[2] for b in buttons(talk.replies[-1]) if "answer:" in b.action]
    return found[0] if found else ""


async def choose(talk: Talk, *codes: str) -> None:
    """Press a choice of each question in turn."""
    for code in codes:
        await talk.hold((Press(f"screen:answer:{asked(talk)}:{code}"), ASKS))


def stored(talk: Talk) -> str:
    """Every byte that the database has of the conversation."""
    with talk.turns.history.engine.connect() as connection:
        rows = connection.execute(
            sql("SELECT data FROM events WHERE sender_id = :id"), {"id": talk.id}
        )
        return "\n".join(row[0] for row in rows)


async def test_nine_questions_are_asked_and_the_result_is_words_and_a_picture(talk: Talk) -> None:
    """No number, share, risk or age; the firmest habits first; the doctor last."""
    await talk.hold(*AGREE)
    order = []
    for code in ("ten-plus", "1-to-5h", "always", "never", "none", "5-or-less", "often", "gentle"):
        order.append(asked(talk))
        await choose(talk, code)
    assert order[0] == "smoking"
    await choose(talk, "both")
    result = talk.replies[-1]
    (chart,) = (block for block in result.blocks if isinstance(block, Chart))
    levels = [(bar.label, bar.level) for bar in chart.bars]
    assert levels == [
        ("Time in strong sun", "some"),
        ("Sun protection", "low"),
        ("Smoking", "high"),
        ("Tanning beds", "low"),
        ("Sleep", "high"),
        ("Alcohol", "low"),
        ("Skincare routine", "low"),
        ("Stress", "some"),
    ]
    assert "several habits" in shown(result)
    assert asked(talk) == ""
    texts = [block.text for block in result.blocks if isinstance(block, Text)]
    assert "doctor" in texts[-1]
    words = " ".join(texts)
    assert not [digit for digit in ("6 of", "18", "0.3", "33") if digit in words]
    await talk.hold(("how long does botox last", answer(LASTING)))


async def test_each_way_of_answering_is_understood(talk: Talk) -> None:
    """A button, a number, the label, and words of one's own."""
    await talk.hold(*AGREE)
    await talk.hold(
        ("about a pack a day", SUN),
        ("option 2", ASKS),
        ("Often", ASKS),
        (Press("screen:answer:tanning_bed:never"), ASKS),
        ("one or two", ASKS),
        ("7 hours", ASKS),
        ("3", ASKS),
        ("the first one", ASKS),
        ("no idea", Promise(Kind.SCREENING, (), offers=("screen:explain", "summary:start"))),
    )
    await talk.hold((Press("screen:explain"), Promise(Kind.SCREENING, ())))
    words = shown(talk.replies[-1])
    for label in ("Now, 10 or more a day", "1 to 5 hours", "Often", "1 to 7", "7 to 9 hours"):
        assert label in words


async def test_how_the_result_came_about_is_told_on_request(talk: Talk) -> None:
    """The points, and how they were added; by button or by words."""
    await talk.hold(*AGREE)
    await choose(talk, "ten-plus", "1-to-5h", "always", "never", "none")
    await choose(talk, "7-to-9", "rarely", "gentle", "neither")
    points = Promise(Kind.SCREENING, (), says=("3 of 3", "4 of the 18 points"))
    await talk.hold((Press("screen:explain"), points), ("how did you get there?", points))


async def test_below_five_answers_nothing_is_said_of_all_together(talk: Talk) -> None:
    await talk.hold(*AGREE)
    await choose(talk, "ten-plus")
    for _ in range(6):
        await talk.hold(("skip", ASKS))
    await choose(talk, "gentle")
    await talk.hold((Press("screen:skip"), Promise(Kind.SCREENING, (), never=("all in all",))))
    (chart,) = (block for block in talk.replies[-1].blocks if isinstance(block, Chart))
    assert [bar.label for bar in chart.bars] == ["Smoking", "Skincare routine"]


async def test_back_skip_why_stop_and_start_again(talk: Talk) -> None:
    """Typed or pressed, and nothing is lost by it."""
    await talk.hold(
        *AGREE,
        (Press("screen:why"), SMOKING),
        ("back", SMOKING),
        ("never", SUN),
        ("why do you ask?", SUN),
        (Press("screen:back"), SMOKING),
        (Press("screen:skip"), SUN),
        ("back", SMOKING),
        ("20 a day", SUN),
        ("stop", Promise(Kind.SCREENING, (), offers=("screen:start", "screen:forget"))),
        ("how long does botox last", answer(LASTING)),
    )
    assert asked(talk) == ""
    await talk.hold(
        ("check my habits", SUN),
        ("start again", SMOKING),
        (Press("screen:stop"), ASKS),
        (Press("screen:start"), SMOKING),
    )


async def test_a_question_in_between_is_answered_and_asked_again_below(talk: Talk) -> None:
    """In one reply, with the doctor at its end, and the screening goes on where it was."""
    await talk.hold(*AGREE, ("never", SUN))
    between = answer(LASTING, offers=("screen:answer:sun_exposure:15h-plus",))
    await talk.hold(
        ("how long does botox last?", between),
        ("what are your opening hours", Promise(Kind.SERVICE, (), offers=("screen:skip",))),
        ("who are you?", small_talk()),
    )
    assert asked(talk) == "sun_exposure"
    await talk.hold(("2 hours", ASKS))
    assert asked(talk) == "sun_protection"


async def test_a_pressed_button_in_between_is_answered_too(talk: Talk) -> None:
    await talk.hold(
        ("does smoking age the skin", answer("lifestyle/smoking", offers=("screen:start",)))
    )
    more = [b for b in buttons(talk.replies[0]) if b.action.startswith("more:")]
    await talk.hold((Press("screen:start"), OPENING), (Press("screen:yes"), SMOKING))
    turn = await talk.press(more[0])
    assert turn.reply.entries == ("lifestyle/smoking",)
    assert asked(talk) == "smoking"


async def test_what_is_not_understood_is_asked_once_more_then_may_be_skipped(talk: Talk) -> None:
    await talk.hold(*AGREE, ("loads", SMOKING), ("it's complicated", SMOKING))
    words = [shown(reply) for reply in talk.replies[-2:]]
    assert words[0] != words[1]
    await talk.hold(("15 odd mostly", SMOKING), (Press("screen:skip"), SUN))


async def test_an_answer_between_two_choices_is_asked_back_with_both(talk: Talk) -> None:
    """3 drinks or the third choice: a wrong band is worse than a second question."""
    await talk.hold(*AGREE)
    for _ in range(4):
        await talk.hold(("skip", ASKS))
    both = Promise(Kind.SCREENING, (), says=("1 to 7", "8 to 14"))
    await talk.hold(("3", both))
    assert asked(talk) == "alcohol"


async def test_refused_consent_keeps_nothing(talk: Talk) -> None:
    await talk.hold(
        ("check my habits", OPENING),
        (Press("screen:kept"), Promise(Kind.SCREENING, (), offers=("screen:yes", "screen:no"))),
        ("no thanks", ASKS),
        ("20 a day", Promise((Kind.UNSURE, Kind.DECLINE, Kind.ANSWER, Kind.SMALLTALK))),
    )
    assert asked(talk) == ""
    slots = [json.loads(line) for line in stored(talk).splitlines()]
    kept = [one.get("value") for one in slots if one.get("name") == "screening"]
    assert all(not value or not value["answers"] for value in kept)


async def test_no_health_question_comes_before_consent(talk: Talk) -> None:
    """Neither after chatter nor after an answer nobody asked for."""
    anything = Promise((Kind.SCREENING, Kind.ANSWER), never=("Question 1",))
    await talk.hold(("check my habits", OPENING), ("20 a day", anything), ("hmm", ASKS))
    assert asked(talk) == ""
    between = answer(LASTING, offers=("screen:yes",))
    await talk.hold(("how long does botox last", between))
    assert asked(talk) == ""
    await talk.hold(("yes", SMOKING))


@pytest.mark.parametrize("tells", ["im 16", Press("screen:minor")])
async def test_nobody_under_18_is_asked(talk: Talk, tells: str | Press) -> None:
    """Told before a question or by the button; and the way back is a button."""
    await talk.hold(("check my habits", OPENING))
    await talk.hold((tells, ASKS))
    assert asked(talk) == ""
    await talk.hold((Press("adult:"), SERVICE), ("check my habits", OPENING))


async def test_an_age_told_in_the_middle_ends_it(talk: Talk) -> None:
    await talk.hold(*AGREE, ("i'm 15 and smoke 5 a day", ASKS))
    assert asked(talk) == ""
    await talk.hold(("check my habits", ASKS))
    assert asked(talk) == ""
    assert not [b for b in buttons(talk.replies[-1]) if b.action == "screen:yes"]


async def test_a_red_flag_in_the_middle_ends_it(talk: Talk) -> None:
    """The advice comes alone, the answers are dropped, and no question follows it."""
    await talk.hold(
        *AGREE,
        ("never", SUN),
        ("i can't see out of my left eye since my filler", emergency("safety/vision-change")),
        (
            "2 hours",
            Promise((Kind.UNSURE, Kind.DECLINE, Kind.SMALLTALK, Kind.SERVICE, Kind.ANSWER)),
        ),
    )
    assert asked(talk) == ""
    await talk.hold(("check my habits", Promise((Kind.SERVICE,))))
    assert asked(talk) == ""


async def test_an_emergency_that_was_told_before_is_not_followed_by_questions(talk: Talk) -> None:
    await talk.hold(
        ("i can't see out of my left eye since my filler", emergency("safety/vision-change")),
        ("check my habits", Promise(Kind.SERVICE, (), offers=())),
    )
    assert not buttons(talk.replies[-1])


async def test_a_condition_named_in_an_answer_is_not_passed_over(talk: Talk) -> None:
    await talk.hold(*AGREE, ("never", SUN), ("im pregnant", Promise(Kind.CAUTION)))
    assert asked(talk) == "sun_exposure"


async def test_heavy_drinking_gets_its_words_at_once_and_with_the_result(talk: Talk) -> None:
    await talk.hold(*AGREE)
    for _ in range(4):
        await talk.hold((Press("screen:skip"), ASKS))
    suddenly = Promise(Kind.SCREENING, (), says=("stop suddenly",))
    await talk.hold(("a bottle of wine every night", suddenly))
    for _ in range(3):
        await talk.hold((Press("screen:skip"), ASKS))
    await talk.hold((Press("screen:skip"), suddenly))
    assert any(
        isinstance(block, Notice) and "stop suddenly" in block.text
        for block in talk.replies[-1].blocks
    )


async def test_a_question_that_staff_remove_while_it_waits_is_left_out(
    talk: Talk, publish: Callable[..., Knowledge], publication: Publication
) -> None:
    """Its answer is not taken for that of the next one, and what was given stays."""
    screening = publication.knowledge.screening
    assert screening is not None
    await talk.hold(*AGREE, ("never", SUN))
    left = tuple(one for one in screening.questions if one.id != "sun_exposure")
    talk.knowledge = publish(screening=replace(screening, questions=left))
    await talk.hold(("1", ASKS))
    assert asked(talk) == "sun_protection"
    await talk.hold(("always", ASKS))
    assert asked(talk) == "tanning_bed"
    turned = tuple(reversed(left))
    talk.knowledge = publish(screening=replace(screening, questions=turned))
    await talk.hold(("never", ASKS))  # the one that was on the screen
    assert asked(talk) == "family"
    talk.knowledge = publish(screening=None)
    await talk.hold(("both", ASKS), ("how long does botox last", answer(LASTING)))
    assert asked(talk) == ""


async def test_an_edited_question_is_asked_as_edited_without_training(
    talk: Talk, publish: Callable[..., Knowledge], publication: Publication
) -> None:
    screening = publication.knowledge.screening
    assert screening is not None
    first, *rest = screening.questions
    edited = replace(first, ask="Do you ever smoke?")
    talk.knowledge = publish(screening=replace(screening, questions=(edited, *rest)))
    await talk.hold(
        ("check my habits", OPENING),
        (Press("screen:yes"), Promise(Kind.SCREENING, (), says=("Do you ever smoke?",))),
    )


async def test_it_goes_on_over_the_end_of_a_session(talk: Talk) -> None:
    """Rasa's session is ended every 25 messages; the form and the answers go over into the next."""
    await talk.hold(*AGREE, ("never", SUN))
    for _ in range(26):
        await talk.say("who are you?")
    assert asked(talk) == "sun_exposure"
    await talk.hold(("2 hours", ASKS), (Press("screen:back"), SUN), (Press("screen:back"), SMOKING))


async def test_typed_answers_are_stored_as_choices_and_logged_nowhere(
    talk: Talk, caplog: pytest.LogCaptureFixture
) -> None:
    """Nothing of the visitor's words, in any event of the conversation."""
    caplog.set_level(logging.DEBUG)
    await talk.hold(*AGREE, ("abuot a pack a day", SUN), ("twenty hours", ASKS))
    assert "pack" not in stored(talk)
    assert "twenty" not in stored(talk)
    assert talk.said()[-2:] == ["Now, 10 or more a day", "15 hours or more, or I work outdoors"]
    assert not [r for r in caplog.records if "pack a day" in r.getMessage()]


async def test_delete_my_answers_erases_them_alone(talk: Talk) -> None:
    """The rest of the conversation stays, and so does what every reply promises."""
    await talk.hold(("how long does botox last", answer(LASTING)), *AGREE)
    await talk.hold(("about a pack a day", SUN))
    await choose(talk, "15h-plus", "rarely")
    before = len(talk.said())
    await talk.hold(("delete my answers", SERVICE))
    left = stored(talk)
    for trace in (
        "ten-plus",
        "10 or more a day",
        "15h-plus",
        "15 hours or more",
        "Rarely or never",
    ):
        assert trace not in left
    assert len(talk.said()) == before + 1
    page = talk.turns.history.read(talk.id, limit=1000)
    kinds = [event.reply.kind for event in page.events if isinstance(event, Answered)]
    assert kinds[0] is Kind.ANSWER
    await talk.hold(
        ("how did you get there?", Promise((Kind.SCREENING, Kind.SERVICE), ())),
        ("how long does botox last", answer(LASTING)),
        ("check my habits", OPENING),
    )


async def test_delete_my_data_in_the_middle_erases_everything(talk: Talk) -> None:
    await talk.hold(*AGREE, ("never", SUN), ("delete my data", SERVICE))
    assert stored(talk) == ""


async def test_the_page_is_seen_first_and_parts_can_be_left_out(
    talk: Talk, publication: Publication
) -> None:
    """Answers, titles and questions; nothing that was left out; no result."""
    await talk.hold(("how long does botox last", answer(LASTING)), *AGREE)
    await choose(talk, "ten-plus", "1-to-5h", "always", "never", "none")
    await choose(talk, "7-to-9", "rarely", "gentle", "neither")
    title = publication.knowledge.entries[LASTING].title
    whole = Promise(Kind.SCREENING, (), says=("Now, 10 or more a day", title))
    await talk.hold(
        (Press("summary:start"), whole),
        (Press("summary:without:answers"), Promise(Kind.SCREENING, (), never=("10 or more",))),
        (Press("summary:with:answers"), whole),
        (Press("summary:without:asked"), Promise(Kind.SCREENING, (), never=(title,))),
        (Press("summary:make"), Promise(Kind.SCREENING, ())),
    )
    (page,) = (block for block in talk.replies[-1].blocks if isinstance(block, Page))
    wording = talk.turns._guard().wording  # type: ignore[operator]
    knowledge = publication.knowledge
    html = page_html(talk.turns.history, talk.id, page.path, knowledge, wording)
    assert html is not None
    assert "Now, 10 or more a day" in html
    assert title not in html
    assert "several habits" not in html
    assert "doctor" in html
    await talk.hold(("delete my answers", SERVICE))
    assert page_html(talk.turns.history, talk.id, page.path, knowledge, wording) is None


@pytest.mark.parametrize(
    "words", ["can i take something to my doctor", "print a summary for my gp"]
)
async def test_the_page_is_offered_on_request_in_words(talk: Talk, words: str) -> None:
    await talk.hold(
        ("how long does botox last", answer(LASTING)),
        (words, Promise(Kind.SCREENING, (), offers=("summary:make",))),
    )


async def test_the_page_asked_for_in_the_middle_lets_the_questions_wait(talk: Talk) -> None:
    await talk.hold(*AGREE, ("never", SUN))
    await talk.hold(("can i have a summary for my doctor?", Promise(Kind.SCREENING, ())))
    assert [b for b in buttons(talk.replies[-1]) if b.action == "summary:make"]
    await talk.hold(("check my habits", SUN))


@pytest.mark.parametrize("action", ["screen:answer:gone:never", "screen:answer:smoking:gone"])
async def test_a_choice_that_is_gone_says_so_and_asks_on(talk: Talk, action: str) -> None:
    await talk.hold(*AGREE)
    turn = await talk.press(Button("Old", action))
    assert turn.reply.kind is Kind.SCREENING
    assert asked(talk) == "smoking"


@pytest.mark.parametrize(
    "action",
    ["screen:", "screen:answer", "screen:back", "screen:explain", "summary:", "summary:x:y"],
)
async def test_an_odd_button_without_questions_is_answered(talk: Talk, action: str) -> None:
    """Nothing is asked about health, and nothing fails."""
    turn = await talk.press(Button("Old", action))
    assert turn.reply.kind is Kind.SCREENING
    assert asked(talk) == ""
    assert turn.recorded
