"""One turn of the questions about habits, without Rasa: `tests/conversations` has the dialogues."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from bot.advice.aside import Message, is_aside
from bot.advice.compose import Scene
from bot.advice.decide import Thresholds
from bot.advice.interview import Interview, Step
from bot.advice.progress import Progress, Stage
from bot.advice.reply import Button, Chart, Kind, Notice, Reply, Text, buttons
from bot.advice.understanding import Candidate, RedFlag, Understanding
from bot.knowledge.entry import Urgency
from tests.advice.habits import screening
from tests.advice.scenes import scene

THRESHOLDS = Thresholds(
    in_scope=0.5, sure=0.5, several=0.5, alarm=1.0, doubt=-1.0, longer=0.0, goes_on=0.7
)
FLAG = RedFlag("safety/vision-change", Urgency.EMERGENCY, "sight")
MINOR = RedFlag("safety/under-18", Urgency.CONTACT_CLINIC, "minor")
NEAR = Understanding(
    intents=(("ask_question", 0.9),),
    candidates=(Candidate("botox/cost", 3.0, 0.9, 0.9),),
    in_scope=0.9,
)


def at(progress: Progress | None, waits: bool = True, **changes: Any) -> Interview:
    there: Scene = scene(screening=screening(), **changes)
    return Interview(there, THRESHOLDS, progress, waits, alarmed=False, year=2026)


def asking(question: str = "smoking", **answers: str) -> Progress:
    habit = screening().question(question)
    assert habit is not None
    return Progress(Stage.ASKING, answers).asking(habit)


def typed(text: str, intent: str = "out_of_scope", found: Understanding | None = None) -> Message:
    return Message(intent, text, "", found or Understanding())


def pressed(action: str) -> Message:
    return Message("press_screening", "", action)


def words(reply: Reply) -> str:
    return "\n".join(b.text for b in reply.blocks if isinstance(b, Text | Notice))


def asked(step: Step) -> str:
    found = [b.action.split(":")[2] for b in buttons(step.reply) if "answer:" in b.action]
    return found[0] if found else ""


def test_the_opening_asks_for_agreement_and_nothing_else() -> None:
    step = at(None, waits=False).step(Message("start_screening", "check my habits"))
    assert step.waits
    assert step.progress == Progress()
    assert screening().opening in words(step.reply)
    assert asked(step) == ""
    assert len(buttons(step.reply)) <= 4


def test_an_answer_is_kept_as_its_code_and_shown_to_be_checked() -> None:
    step = at(asking()).step(typed("a pack a day"))
    assert step.progress is not None
    assert dict(step.progress.answers) == {"smoking": "ten-plus"}
    assert step.reply.heard == "Now, 10 or more a day"
    assert "Now, 10 or more a day" in words(step.reply)
    assert asked(step) == "sun_exposure"


def test_a_pressed_answer_has_no_words_to_replace() -> None:
    assert at(asking()).step(pressed("screen:answer:smoking:never")).reply.heard == ""


def test_an_older_choice_replaces_the_answer_and_the_questions_go_on() -> None:
    before = asking("sun_protection", smoking="never", sun_exposure="under-1h")
    step = at(before).step(pressed("screen:answer:smoking:stopped"))
    assert step.progress is not None
    assert step.progress.answers["smoking"] == "stopped"
    assert asked(step) == "sun_protection"


def test_a_choice_after_the_end_gives_the_result_anew() -> None:
    done = {habit.id: habit.options[0].code for habit in screening().questions}
    progress = Progress(Stage.DONE, done)
    step = at(progress, waits=False).step(pressed("screen:answer:smoking:ten-plus"))
    assert step.progress is not None
    assert step.progress.stage is Stage.DONE
    assert any(isinstance(block, Chart) for block in step.reply.blocks)


@pytest.mark.parametrize("progress", [None, Progress(), asking(), Progress(Stage.DONE)])
def test_an_emergency_ends_it_whatever_waits(progress: Progress | None) -> None:
    found = Understanding(red_flags=(FLAG,))
    step = at(progress).step(typed("i cant see", "report_red_flag", found))
    assert step.reply.kind is Kind.EMERGENCY
    assert (step.progress, step.waits) == (None, False)


def test_somebody_under_18_is_not_asked_on() -> None:
    step = at(asking(smoking="never")).step(
        typed("im 16", "ask_question", Understanding(red_flags=(MINOR,)))
    )
    assert (step.progress, step.waits) == (None, False)


def test_an_alarm_that_was_given_keeps_the_questions_away() -> None:
    alarmed = replace(at(None, waits=False), alarmed=True)
    step = alarmed.step(Message("start_screening"))
    assert step.reply.kind is Kind.SERVICE
    assert (step.progress, step.waits) == (None, False)


def test_a_message_twice_not_understood_gets_the_offer_to_skip() -> None:
    first = at(asking()).step(typed("loads"))
    assert first.progress is not None
    second = at(first.progress).step(typed("loads"))
    third = at(second.progress).step(typed("loads"))
    assert [s.progress.missed for s in (first, second, third) if s.progress] == [1, 2, 3]
    assert words(first.reply) != words(second.reply)
    assert asked(third) == "smoking"


def test_a_question_in_between_keeps_its_own_kind_and_entries() -> None:
    step = at(asking()).step(typed("what does botox cost", "ask_question", NEAR))
    assert step.reply.kind is Kind.ANSWER
    assert step.reply.entries == ("botox/cost",)
    assert asked(step) == "smoking"
    texts = [block.text for block in step.reply.blocks if isinstance(block, Text)]
    assert "doctor" in texts[-1]


def test_a_statement_near_the_habit_that_is_asked_about_is_no_question_in_between() -> None:
    about = Candidate("lifestyle/smoking", 3.0, 0.9, 0.9)
    near = replace(NEAR, candidates=(about,))
    message = typed("fags with the girls", "ask_question", near)
    assert not is_aside(message, "lifestyle/smoking", THRESHOLDS)
    assert is_aside(message, "lifestyle/alcohol", THRESHOLDS)


def test_a_wish_that_has_two_parts_is_a_question_in_between() -> None:
    """Nothing in its form says that it asks."""
    hours = Candidate("service/opening-hours", 1.0, 0.8, 0.0)
    doubtful = replace(NEAR, candidates=(), parts=(hours, replace(NEAR.candidates[0])))
    message = typed("need your opening hours and the price of botox", "ask_question", doubtful)
    assert is_aside(message, None, THRESHOLDS)


def test_a_second_doubtful_intent_is_no_question_in_between() -> None:
    doubtful = Understanding(intents=(("complain", 0.3),))
    assert not is_aside(typed("rubbish", "complain", doubtful), None, THRESHOLDS)


def test_deleting_answers_needs_no_questions_that_are_live() -> None:
    gone = replace(at(asking()), scene=scene(screening=None))
    step = gone.step(typed("delete my answers"))
    assert step.reply.forget_answers
    assert (step.progress, step.waits) == (None, False)


def test_without_questions_that_are_live_it_says_so_and_ends() -> None:
    gone = replace(at(asking()), scene=scene(screening=None))
    step = gone.step(typed("20 a day"))
    assert (step.progress, step.waits) == (None, False)


def test_the_explanation_in_the_middle_is_followed_by_the_question() -> None:
    step = at(asking("sun_exposure", smoking="ten-plus")).step(pressed("screen:explain"))
    assert "3 of 3" in words(step.reply)
    assert asked(step) == "sun_exposure"


def test_progress_survives_being_kept() -> None:
    progress = asking("sleep", smoking="never", alcohol="")
    assert Progress.from_json(progress.to_json()) == progress
    assert Progress.from_json(None) is None


def test_no_reply_of_the_questions_has_more_buttons_than_fit() -> None:
    progress: Progress | None = Progress(Stage.ASKING)
    step = at(Progress()).step(pressed("screen:yes"))
    while step.waits:
        for block in step.reply.blocks:
            assert len(getattr(block, "items", ())) <= 5
        progress = step.progress
        chosen: Button = next(b for b in buttons(step.reply) if "answer:" in b.action)
        step = at(progress).step(pressed(chosen.action))
    assert step.progress is not None
    assert len(step.progress.answers) == len(screening().questions)
