"""`knowledge/screening.yml`: the questions about habits."""

from __future__ import annotations

import re
from pathlib import Path

from bot.knowledge.compose import compose
from bot.knowledge.document import read_text
from bot.knowledge.entry import Amounts, Counts, Grade, Habit, Option, Screening, Status
from bot.knowledge.fields import Fields
from bot.knowledge.sheet import Sheet
from bot.knowledge.source import read_sources

FILE_NAME = "screening.yml"

FIELDS = {
    "status": "status: sourced",
    "checked_on": "checked_on: 2026-11-21",
    "review_by": "review_by: 2027-11-21",
    "signed_off_by": "signed_off_by: AB",
    "sources": "sources: [{title: ..., publisher: ..., evidence: label}]",
    "opening": "opening: I can ask you some short questions about habits.",
    "consent": "consent: I keep only which choice you made. Shall we start?",
    "minimum_answers": "minimum_answers: 5",
    "several_from": "several_from: 0.25",
    "many_from": "many_from: 0.5",
    "few": "few: Taken together, you named few habits that are linked with earlier skin ageing.",
    "several": "several: Taken together, you named several such habits.",
    "many": "many: Taken together, you named many such habits.",
    "closing": "closing: This isn't a diagnosis. Please speak with a doctor about your skin.",
    "limits": "limits: [Nobody has tested whether these points predict anything.]",
    "doctor_questions": "doctor_questions: [Which of my habits matter most for my skin?]",
    "questions": "questions: [{id: smoking, ...}]",
}
"""Every field, with a line that shows how it is written."""

QUESTION_FIELDS = {
    "id": "id: smoking",
    "factor": "factor: Smoking",
    "ask": "ask: Do you smoke cigarettes?",
    "why": "why: Many studies found more lines in people who smoke.",
    "evidence": "evidence: B",
    "about": "about: lifestyle/smoking",
    "counts": "counts: a day",
    "options": "options: [{code: never, label: Never, points: 0}]",
    "unclear": "unclear: [trying to quit]",
    "fillers": "fillers: [outside, outdoors]",
    "low": "low: Not smoking is kind to your skin.",
    "raised": "raised: Smoking is linked with more lines on the face.",
    "first": "first: A doctor can help you stop.",
}
OPTION_FIELDS = {
    "code": "code: never",
    "label": "label: Never",
    "points": "points: 0",
    "words": "words: [never, dont smoke]",
    "amounts": "amounts: [8 to 14]",
    "caution": "caution: Please don't stop suddenly without medical advice.",
}

_NUMBER = r"(\d+(?:\.\d+)?)"
_AMOUNTS = re.compile(
    rf"(?P<over>over )?{_NUMBER} to {_NUMBER}|over {_NUMBER}|under {_NUMBER}"
    rf"|{_NUMBER} or more|{_NUMBER} or less|{_NUMBER}"
)


def read_screening(path: Path, sheet: Sheet) -> Screening | None:
    """The questions, or None when there is no such file or it has no fields; all problems are
    noted.
    """
    if not path.exists():
        return None
    text = read_text(path, sheet)
    composed = None if text is None else compose(text, 1, sheet)
    if composed is None:
        return None
    fields = Fields(sheet, composed.root, FIELDS, 1, unreadable=composed.unreadable)
    status = fields.choice("status", Status, Status.DRAFT)
    return Screening(
        opening=fields.text("opening"),
        consent=fields.text("consent"),
        questions=tuple(
            _question(one, f"questions.{number}", sheet)
            for number, one in enumerate(
                fields.mappings("questions", QUESTION_FIELDS, required=True)
            )
        ),
        minimum_answers=int(
            _number(fields, "minimum_answers", "minimum_answers", sheet, whole=True)
        ),
        several_from=_number(fields, "several_from", "several_from", sheet),
        many_from=_number(fields, "many_from", "many_from", sheet),
        few=fields.text("few"),
        several=fields.text("several"),
        many=fields.text("many"),
        closing=fields.text("closing"),
        limits=fields.texts("limits"),
        doctor_questions=fields.texts("doctor_questions"),
        status=status,
        checked_on=fields.day("checked_on"),
        review_by=fields.day("review_by"),
        signed_off_by=fields.text("signed_off_by", required=status is Status.SIGNED_OFF) or None,
        sources=read_sources(fields),
    )


def _question(fields: Fields, place: str, sheet: Sheet) -> Habit:
    return Habit(
        id=fields.text("id"),
        factor=fields.text("factor"),
        ask=fields.text("ask"),
        why=fields.text("why"),
        options=tuple(
            _option(one, f"{place}.options.{number}", sheet)
            for number, one in enumerate(fields.mappings("options", OPTION_FIELDS, required=True))
        ),
        low=fields.text("low"),
        raised=fields.text("raised"),
        evidence=fields.choice_or_none("evidence", Grade),
        counts=fields.choice_or_none("counts", Counts) or Counts.NOTHING,
        unclear=fields.texts("unclear"),
        fillers=fields.texts("fillers"),
        first=fields.text("first", required=False) or None,
        about=fields.text("about", required=False) or None,
    )


def _option(fields: Fields, place: str, sheet: Sheet) -> Option:
    has_points = "points" in fields.names()
    return Option(
        code=fields.text("code"),
        label=fields.text("label"),
        points=int(_number(fields, "points", f"{place}.points", sheet, whole=True))
        if has_points
        else 0,
        words=fields.texts("words"),
        amounts=_amounts(fields.texts("amounts"), f"{place}.amounts", sheet),
        caution=fields.text("caution", required=False) or None,
    )


def _amounts(texts: tuple[str, ...], place: str, sheet: Sheet) -> tuple[Amounts, ...]:
    found = []
    for number, text in enumerate(texts):
        amounts = amounts_of(text)
        if amounts is not None:
            found.append(amounts)
            continue
        sheet.error(
            sheet.line(place, number),
            "questions.options.amounts",
            f"'{text}' is no stretch of numbers.",
            "Write it as '8 to 14', 'under 1', 'over 9', '15 or more', '5 or less' or '6'.",
        )
    return tuple(found)


def amounts_of(text: str) -> Amounts | None:
    """The stretch of numbers that `text` says: "8 to 14", "over 1 to 5", "15 or more"; else
    None.
    """
    found = _AMOUNTS.fullmatch(text)
    if found is None:
        return None
    _, first, last, over, under, more, less, same = found.groups()
    if first is not None:
        return Amounts(float(first), float(last), above_low=found["over"] is not None)
    if over is not None:
        return Amounts(float(over), above_low=True)
    if under is not None:
        return Amounts(0.0, float(under), above_low=True, below_high=True)
    if more is not None:
        return Amounts(float(more))
    if less is not None:
        return Amounts(0.0, float(less))
    return Amounts(float(same), float(same))


def _number(fields: Fields, name: str, place: str, sheet: Sheet, *, whole: bool = False) -> float:
    text = fields.text(name)
    form = r"\d{1,3}" if whole else r"\d{1,3}(\.\d{1,4})?"
    if not text or re.fullmatch(form, text):
        return float(text or 0)
    example = "a whole number, as in 2" if whole else "a number, as in 0.25"
    sheet.error(
        sheet.line(place), name, f"'{text}' is not a number that fits here.", f"Write {example}."
    )
    return 0.0
