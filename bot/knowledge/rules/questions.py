"""The wordings that find an entry, and those that test it."""

from __future__ import annotations

from collections.abc import Iterator

from bot.knowledge.entry import Entry, Knowledge, Status
from bot.knowledge.problem import Problem
from bot.knowledge.rules.context import Context
from bot.knowledge.rules.words import runs, words
from bot.knowledge.wordings import FOLDER as WORDINGS

MIN_QUESTIONS = 8
MAX_QUESTIONS = 15
"""More than that nobody reads; further wordings have a file of their own."""
MIN_TESTS = 3
SHARED_RUN = 4
"""A test that shares so many words in a row with a question tests memory, not understanding."""
TITLE_LENGTHS = range(3, 61)
"""What fits on a button."""


def enough_questions(knowledge: Knowledge, context: Context) -> Iterator[Problem]:
    """Ten wordings a class is what the search was measured with; below eight it falls off."""
    for id_, entry in _kept(knowledge):
        if entry.questions and len(entry.questions) < MIN_QUESTIONS:
            missing = MIN_QUESTIONS - len(entry.questions)
            yield context.error(
                id_,
                "questions",
                f"there are {len(entry.questions)} questions; an entry needs {MIN_QUESTIONS}.",
                f"Add {missing} as visitors would type them, each in other words.",
            )
        if len(entry.questions) > MAX_QUESTIONS:
            yield context.error(
                id_,
                "questions",
                f"there are {len(entry.questions)} questions, more than {MAX_QUESTIONS} an entry.",
                f"Move the others to {WORDINGS}/{id_}.txt, one a line.",
                index=MAX_QUESTIONS,
            )
        if entry.test_questions and len(entry.test_questions) < MIN_TESTS:
            missing = MIN_TESTS - len(entry.test_questions)
            yield context.error(
                id_,
                "test_questions",
                f"there are {len(entry.test_questions)} of them; an entry needs {MIN_TESTS}.",
                f"Add {missing} that share no wording with the questions above.",
            )


def unique_questions(knowledge: Knowledge, context: Context) -> Iterator[Problem]:
    """A question that stands in two entries can only be right in one of them."""
    seen: dict[tuple[str, ...], tuple[str, str, int]] = {}
    for id_, entry in _kept(knowledge):
        for field, texts in _wordings(entry):
            for index, text in enumerate(texts):
                key = words(text) or (text,)
                first_id, first_field, first_index = seen.setdefault(key, (id_, field, index))
                if (first_id, first_field, first_index) == (id_, field, index):
                    continue
                line = context.line(first_id, first_field, first_index)
                where = f"on line {line} of '{first_id}'"
                yield context.error(
                    id_,
                    field,
                    f"the question '{text}' stands {where} too.",
                    "Keep it where it belongs, and remove or reword the other.",
                    index=index,
                )


def unique_titles(knowledge: Knowledge, context: Context) -> Iterator[Problem]:
    """Titles are button labels: two alike cannot be told apart."""
    seen: dict[str, str] = {}
    for id_, entry in _kept(knowledge):
        title = entry.title.casefold()
        if title and seen.setdefault(title, id_) != id_:
            yield context.error(
                id_,
                "title",
                f"'{seen[title]}' has the same title.",
                "Say in the title what is different here.",
            )


def title_fits_a_button(knowledge: Knowledge, context: Context) -> Iterator[Problem]:
    """Long labels are cut by Telegram and break the widget's layout."""
    for id_, entry in knowledge.entries.items():
        if entry.title and len(entry.title) not in TITLE_LENGTHS:
            yield context.error(
                id_,
                "title",
                f"the title has {len(entry.title)} characters.",
                f"Write {TITLE_LENGTHS.start} to {TITLE_LENGTHS.stop - 1}: it becomes a button.",
            )
        elif entry.title.endswith((".", ",", ":", ";")):
            yield context.error(
                id_,
                "title",
                f"the title ends with '{entry.title[-1]}'.",
                "Leave the last sign out: the title becomes a button.",
            )


def tests_are_other_wordings(knowledge: Knowledge, context: Context) -> Iterator[Problem]:
    """A test question must not share four words in a row with a question of its entry."""
    for id_, entry in _kept(knowledge):
        if not context.asks_for(id_):
            continue
        indexed = [
            (words(text), field, number)
            for field, texts in _wordings(entry)
            if field != "test_questions"
            for number, text in enumerate(texts)
        ]
        # All of them in one text, because to look into each for every run takes ten times as long.
        told = "\n".join(f" {' '.join(its_words)} " for its_words, _, _ in indexed)
        for index, test in enumerate(entry.test_questions):
            said = words(test)
            parts = {run for run in runs(said, SHARED_RUN) if f" {' '.join(run)} " in told}
            for its_words, field, number in indexed if parts else ():
                shared = parts & runs(its_words, SHARED_RUN)
                if not shared or said == its_words:
                    continue
                line = context.line(id_, field, number)
                where = f"with the {field.rstrip('s')} on line {line}"
                yield context.error(
                    id_,
                    "test_questions",
                    f"it shares '{' '.join(min(shared))}' {where}.",
                    "Ask the same thing in words that the questions do not use.",
                    index=index,
                )
                break


def nothing_left_of_the_template(knowledge: Knowledge, context: Context) -> Iterator[Problem]:
    """What `advisor new` wrote as an example must not lead visitors to the new entry."""
    template = context.template
    if template is None:
        return
    examples = {words(text) for _, texts in _wordings(template) for text in texts}
    for id_, entry in _kept(knowledge):
        report = context.warning if entry.status is Status.DRAFT else context.error
        for field, texts in _wordings(entry):
            left = [index for index, text in enumerate(texts) if words(text) in examples]
            if left:
                yield report(
                    id_,
                    field,
                    f"'{texts[left[0]]}' is an example from _template.md, one of {len(left)} here.",
                    "Write what visitors of this answer ask instead.",
                    index=left[0],
                )
        if entry.short and entry.short == template.short:
            yield report(
                id_,
                "short answer",
                "it is the text of _template.md.",
                "Write the answer.",
                line=context.line(id_, "short"),
            )


def _kept(knowledge: Knowledge) -> Iterator[tuple[str, Entry]]:
    for id_, entry in sorted(knowledge.entries.items()):
        if entry.status is not Status.RETIRED:
            yield id_, entry


def _wordings(entry: Entry) -> tuple[tuple[str, tuple[str, ...]], ...]:
    return (
        ("questions", entry.questions),
        ("test_questions", entry.test_questions),
        (WORDINGS, entry.wordings),
    )
