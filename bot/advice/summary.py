"""The page to take to a doctor: what would be on it, and what the visitor leaves out.

The visitor sees it all before the page is made. It repeats what was chosen and asked, and says
nothing about it: no result, no diagnosis.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from bot.advice.compose import Scene, opening
from bot.advice.reply import Block, Button, Buttons, Kind, Page, Reply, Text
from bot.knowledge.entry import Knowledge

SUMMARY = "summary"
"""The verb of its buttons: ``summary:start``, ``summary:without:asked``, ``summary:make``."""
PARTS = ("answers", "asked", "questions")
MAX_ASKED = 12
"""How many of the entries asked about last fit a page beside the rest."""
PATH = "/summary/"


@dataclass(frozen=True)
class Summary:
    """What is on the page, as codes and ids; `made` is in whole seconds since 1970, 0 before."""

    without: tuple[str, ...] = ()
    """The parts that the visitor left out."""
    made: int = 0
    answers: Mapping[str, str] = field(default_factory=dict)
    asked: tuple[str, ...] = ()
    questions: bool = False

    def to_json(self) -> dict[str, Any]:
        """As plain JSON values: the form kept in the tracker."""
        return {
            "without": list(self.without),
            "made": self.made,
            "answers": dict(self.answers),
            "asked": list(self.asked),
            "questions": self.questions,
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any] | None) -> Summary:
        """The inverse of `to_json`; None is one that nothing was chosen for."""
        if not data:
            return cls()
        return cls(
            tuple(data["without"]),
            int(data["made"]),
            dict(data["answers"]),
            tuple(data["asked"]),
            bool(data["questions"]),
        )


@dataclass(frozen=True)
class Content:
    """A page's words."""

    answers: tuple[tuple[str, str], ...]
    """Question and chosen label."""
    asked: tuple[str, ...]
    """Titles of entries."""
    questions: tuple[str, ...]

    def __bool__(self) -> bool:
        return bool(self.answers or self.asked or self.questions)


def filled(
    summary: Summary, answers: Mapping[str, str], asked: Iterable[str], made: int = 0
) -> Summary:
    """The summary with what there is to put on it now, but what is left out."""
    wanted = [part for part in PARTS if part not in summary.without]
    return replace(
        summary,
        made=made,
        answers={id_: code for id_, code in answers.items() if code} if "answers" in wanted else {},
        asked=tuple(asked)[-MAX_ASKED:] if "asked" in wanted else (),
        questions="questions" in wanted,
    )


def content(summary: Summary, knowledge: Knowledge) -> Content:
    """The words for what is on the page; what is no longer published is left out."""
    screening = knowledge.screening
    questions = screening.questions if screening is not None else ()
    answers = tuple(
        (habit.ask, option.label)
        for habit in questions
        if (option := habit.option(summary.answers.get(habit.id, "")))
    )
    titles = tuple(
        knowledge.entries[id_].title for id_ in summary.asked if id_ in knowledge.entries
    )
    worth = screening.doctor_questions if screening is not None and summary.questions else ()
    return Content(answers, titles, worth)


def step(
    action: str,
    summary: Summary,
    answers: Mapping[str, str],
    asked: Iterable[str],
    scene: Scene,
    knowledge: Knowledge,
    now: int,
) -> tuple[Reply, Summary]:
    """One turn: the preview, the preview with other parts, or the page.

    Args:
        action: of the button pressed; empty where the visitor asked in words.
        now: in whole seconds since 1970.
    """
    _, verb, part = (*action.split(":"), "", "")[:3]
    asked = tuple(asked)
    if verb == "make":
        made = filled(summary, answers, asked, now)
        if content(made, knowledge):
            return _made(made, scene), made
    if verb == "without" and part in PARTS:
        summary = Summary((*summary.without, part))
    elif verb == "with":
        summary = Summary(tuple(one for one in summary.without if one != part))
    elif verb != "make":
        summary = Summary()
    return _preview(summary, answers, asked, scene, knowledge), replace(summary, made=0)


def _preview(
    summary: Summary,
    answers: Mapping[str, str],
    asked: tuple[str, ...],
    scene: Scene,
    knowledge: Knowledge,
) -> Reply:
    shown = content(filled(summary, answers, asked), knowledge)
    there = content(filled(Summary(), answers, asked), knowledge)
    blocks: list[Block] = [Text(scene.say("summary_preview"))] if shown else []
    lists = {
        "answers": [f"{question} {label}" for question, label in shown.answers],
        "asked": list(shown.asked),
        "questions": list(shown.questions),
    }
    for part, lines in lists.items():
        if lines:
            head = scene.say(f"summary_part_{part}")
            blocks.append(Text("\n".join([head, "", *(f"- {line}" for line in lines)])))
    if not shown:
        blocks.append(Text(scene.say("summary_empty")))
    names = {part: scene.say(f"summary_name_{part}") for part in PARTS}
    if summary.without:
        out = ", ".join(names[part] for part in summary.without)
        blocks.append(Text(scene.say("summary_left_out", parts=out)))
    buttons = [Button(scene.say("summary_make_button"), "summary:make")] if shown else []
    for part in PARTS:
        if part in summary.without:
            label = scene.say("summary_with_button", part=names[part])
            buttons.append(Button(label, f"summary:with:{part}"))
        elif getattr(there, part):
            label = scene.say("summary_without_button", part=names[part])
            buttons.append(Button(label, f"summary:without:{part}"))
    return _reply(scene, [*blocks, *_closing(scene)], buttons)


def _made(summary: Summary, scene: Scene) -> Reply:
    page = Page(scene.say("summary_page"), f"{PATH}{summary.made}")
    return _reply(scene, [Text(scene.say("summary_made")), page, *_closing(scene)], [])


def _closing(scene: Scene) -> list[Text]:
    return [Text(scene.say("closing_aside"))]


def _reply(scene: Scene, blocks: list[Block], buttons: list[Button]) -> Reply:
    rows = [Buttons(tuple(buttons))] if buttons else []
    all_blocks = (*opening(scene), *blocks, *rows)
    return Reply(Kind.SCREENING, all_blocks, publication=scene.publication)
