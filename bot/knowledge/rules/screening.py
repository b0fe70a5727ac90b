"""What the questions about habits must keep, so that each can be asked, read and counted."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import combinations

from bot.knowledge.entry import Amounts, Counts, Habit, Knowledge, Option, Screening
from bot.knowledge.problem import Problem, suggestion
from bot.knowledge.rules.context import Context
from bot.knowledge.rules.dates import NOTICE
from bot.knowledge.rules.text import MAX_GRADE, reading_grade
from bot.knowledge.rules.wording import banned
from bot.knowledge.screening import FILE_NAME as FILE

MAX_OPTIONS = 5
"""As many buttons as fit a telephone beside those for back, skip, why and stop."""
MAX_LABEL = 50
MAX_POINTS = 10
ALCOHOL = "alcohol"
"""The question whose highest answer needs the words on not stopping suddenly."""

_ID = re.compile(r"[a-z]+(_[a-z]+)*")
_CODE = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_DOCTOR = re.compile(r"\b(doctor|dermatologist)", re.IGNORECASE)
_MEDICAL = re.compile(r"\b(medical|doctor)", re.IGNORECASE)
_VERDICT = re.compile(
    r"\d ?(%|per ?cent)|\b(low|high|higher|lower|your) risk\b|\bskin age\b|\bsuit(s|able|ability)\b"
    r"|\b(other|most) people your age\b",
    re.IGNORECASE,
)
_WORD = re.compile(r"[a-z0-9 .]+")


def can_be_asked(knowledge: Knowledge, context: Context) -> Iterator[Problem]:
    """Ids and codes are what is kept of an answer, so they are plain and there once."""
    screening = knowledge.screening
    if screening is None:
        return
    ids = [question.id for question in screening.questions]
    for place, question in _questions(screening):
        if question.id and not _ID.fullmatch(question.id):
            what = "Use only small letters and '_', as in sun_exposure."
            yield _error(context, place, "id", f"'{question.id}' cannot be an id.", what)
        if question.id in ids[: ids.index(question.id)] or ids.count(question.id) > 1:
            yield _error(context, place, "id", f"'{question.id}' is here twice.", "Rename one.")
        if question.about and question.about not in context.ids | knowledge.entries.keys():
            known = context.ids | knowledge.entries.keys()
            what = suggestion(question.about, known, "Use the path of a file, without '.md'.")
            message = f"there is no entry '{question.about}'."
            yield _error(context, place, "about", message, what)
        if not 2 <= len(question.options) <= MAX_OPTIONS:
            message = f"there are {len(question.options)} options."
            what = f"Give from 2 to {MAX_OPTIONS}."
            yield _error(context, place, "options", message, what)
        yield from _options(question, place, context)


def _options(question: Habit, place: str, context: Context) -> Iterator[Problem]:
    codes = [option.code for option in question.options]
    labels = [option.label.lower() for option in question.options]
    for number, option in enumerate(question.options):
        here = f"{place}.options.{number}"
        if option.code and not _CODE.fullmatch(option.code):
            what = "Use only small letters, digits and '-', as in under-10."
            yield _error(context, here, "code", f"'{option.code}' cannot be a code.", what)
        if option.code in codes[:number]:
            yield _error(context, here, "code", f"'{option.code}' is here twice.", "Rename one.")
        if option.label.lower() in labels[:number]:
            yield _error(context, here, "label", f"'{option.label}' is here twice.", "Reword one.")
        if len(option.label) > MAX_LABEL:
            message = f"it has {len(option.label)} characters; at most {MAX_LABEL} fit a button."
            yield _error(context, here, "label", message, "Shorten it.")


def can_be_counted(knowledge: Knowledge, context: Context) -> Iterator[Problem]:
    """Points add up to something, and the words for the sum come in order."""
    screening = knowledge.screening
    if screening is None:
        return
    for place, question in _questions(screening):
        points = [option.points for option in question.options]
        if question.evidence is None and any(points):
            message = "a question without 'evidence' is asked for context and can have no points."
            what = "Add a line such as: evidence: C, or set every 'points' to 0."
            yield _error(context, place, "options", message, what)
        elif question.evidence is not None and points and (min(points) or not max(points)):
            message = "no option has 0 points, or none has more."
            what = "Give the best answer 0 points and at least one other answer 1 or more."
            yield _error(context, place, "options", message, what)
        elif max(points, default=0) > MAX_POINTS:
            what = f"Give at most {MAX_POINTS}; the weakest evidence counts least."
            message = f"{max(points)} points are too many."
            yield _error(context, place, "options", message, what)
    scored = sum(question.evidence is not None for question in screening.questions)
    if not 1 <= screening.minimum_answers <= max(scored, 1):
        message = f"{screening.minimum_answers} does not fit {scored} questions with points."
        what = f"Write a number from 1 to {scored}."
        yield _error(context, "", "minimum_answers", message, what)
    if not 0 < screening.several_from < screening.many_from <= 1:
        message = "several_from has to be above 0 and below many_from, and many_from at most 1."
        yield _error(context, "", "many_from", message, "Write, for example, 0.25 and 0.5.")


def can_be_read(knowledge: Knowledge, context: Context) -> Iterator[Problem]:
    """What a visitor types may mean one option alone."""
    screening = knowledge.screening
    if screening is None:
        return
    for place, question in _questions(screening):
        first: dict[str, Option] = {}
        for number, option in enumerate(question.options):
            here = f"{place}.options.{number}"
            if option.amounts and question.counts is Counts.NOTHING:
                what = "Add to the question a line such as: counts: drinks a week."
                message = "it is not said what these numbers count."
                yield _error(context, here, "amounts", message, what)
            for index, word in enumerate(option.words):
                if not _WORD.fullmatch(word):
                    message = f"'{word}' holds more than small letters and digits."
                    what = "Leave out capitals, apostrophes and punctuation: dont smoke."
                    yield _error(context, here, "words", message, what, index)
                owner = first.setdefault(word, option)
                if owner is not option:
                    message = f"'{word}' is also in '{owner.code}'."
                    yield _error(context, here, "words", message, "Keep it in one.", index)
        for one, other in combinations(question.options, 2):
            if any(_overlap(a, b) for a in one.amounts for b in other.amounts):
                message = f"the numbers of '{one.code}' and '{other.code}' overlap."
                what = "Let each number belong to one option alone."
                yield _error(context, place, "options", message, what)


def _overlap(one: Amounts, other: Amounts) -> bool:
    ends = [number for a in (one, other) for number in (a.low, a.high) if number is not None]
    between = [(a + b) / 2 for a, b in combinations(sorted(ends), 2)]
    beyond = [max(ends) + 1]
    return any(one.has(x) and other.has(x) for x in (*ends, *between, *beyond))


def says_no_verdict(knowledge: Knowledge, context: Context) -> Iterator[Problem]:
    """No share, risk, skin age or suitability; plain words; and the doctor at the end."""
    screening = knowledge.screening
    if screening is None or not context.asks_for(FILE):
        return
    for place, field, text in _texts(screening):
        for one in banned():
            for match in one.find(text):
                message = f"'{' '.join(match.group().split())}' {one.why}"
                yield _error(context, place, field, message, one.instead)
        if found := _VERDICT.search(text):
            message = f"'{found.group()}' sounds like a verdict or a measured risk."
            what = "Say in words what was studied, and nothing about this visitor."
            yield _error(context, place, field, message, what)
        if text and (grade := (context.grade or reading_grade)(text)) > MAX_GRADE:
            message = f"its reading grade is {grade:.1f}; at most {MAX_GRADE:.0f} is allowed."
            what = "Use shorter sentences and everyday words."
            yield _error(context, place, field, message, what)
    if screening.closing and not _DOCTOR.search(screening.closing):
        what = "End with: Please speak with a doctor about your skin."
        yield _error(context, "", "closing", "it names no doctor.", what)
    for place, question in _questions(screening):
        for number, option in enumerate(question.options):
            heavy = question.id == ALCOHOL and option.points == question.most and option.points
            caution = option.caution or ""
            if heavy and not ("suddenly" in caution and _MEDICAL.search(caution)):
                message = "a heavy drinker has to be told not to stop suddenly."
                what = "Add: caution: Please don't stop suddenly without medical advice."
                yield _error(context, f"{place}.options.{number}", "caution", message, what)


def review_of_questions(knowledge: Knowledge, context: Context) -> Iterator[Problem]:
    """After the review day the questions are no longer asked."""
    screening = knowledge.screening
    if screening is None:
        return
    checked, review = screening.checked_on, screening.review_by
    if checked is not None and checked > context.today:
        message, what = f"{checked} is in the future.", "Write the day the sources were read."
        yield _error(context, "", "checked_on", message, what)
    if review is None:
        return
    if review < context.today:
        message = f"the review was due on {review}; the questions are no longer asked."
        what = "Check them against their sources, then set checked_on and review_by anew."
        yield _error(context, "", "review_by", message, what)
    elif review - context.today <= NOTICE:
        message = f"the review is due in {(review - context.today).days} days."
        what = "After that day the questions are no longer asked."
        yield context.warning(FILE, "review_by", message, what)


def _questions(screening: Screening) -> Iterator[tuple[str, Habit]]:
    for number, question in enumerate(screening.questions):
        yield f"questions.{number}", question


def _texts(screening: Screening) -> Iterator[tuple[str, str, str]]:
    for field in ("opening", "consent", "few", "several", "many", "closing"):
        yield "", field, getattr(screening, field)
    for field in ("limits", "doctor_questions"):
        for index, text in enumerate(getattr(screening, field)):
            yield field, str(index), text
    for place, question in _questions(screening):
        for field in ("ask", "why", "low", "raised", "first"):
            yield place, field, getattr(question, field) or ""
        for number, option in enumerate(question.options):
            yield f"{place}.options.{number}", "caution", option.caution or ""


def _error(
    context: Context, place: str, field: str, message: str, what: str, index: int | None = None
) -> Problem:
    sheet = context.sheets.get(FILE)
    name = f"{place}.{field}" if place else field
    line = 1
    if sheet is not None:
        line = sheet.lines.get(name) or sheet.line(place)
        line = line if index is None else sheet.line(name, index)
    shown = re.sub(r"\.\d+", "", name)
    return context.error(FILE, shown, message, what, line=line)
