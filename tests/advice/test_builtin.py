"""The built-in copy of the safety entries."""

from __future__ import annotations

import pytest

from bot.advice.builtin import FILE, builtin_answer, builtin_entries, builtin_wording, dump
from bot.knowledge.entry import Urgency
from tests.advice.safety_entries import safety_entries


def test_the_copy_equals_the_knowledge_files() -> None:
    """If this fails, run ``python -m tests.advice.safety_entries``."""
    assert FILE.read_text(encoding="utf-8") == dump(safety_entries())


def test_the_copy_is_read_back_as_it_was_written() -> None:
    assert dump(builtin_entries().values()) == dump(safety_entries())


def red_flags() -> list[tuple[str, str | None]]:
    return [
        (entry.id, say)
        for entry in safety_entries()
        for urgency, say in ((s.urgency or entry.urgency, s.say) for s in entry.signs)
        if urgency is Urgency.EMERGENCY
    ]


@pytest.mark.parametrize(("entry_id", "say"), red_flags())
def test_an_emergency_answer_opens_and_ends_with_the_number(entry_id: str, say: str | None) -> None:
    """What to do now comes first; the number comes again, and only then the doctor."""
    answer = builtin_answer(entry_id, say)
    first, last = answer.split("\n\n")[0], answer.split("\n\n")[-1]
    assert first.startswith(f"Call {builtin_wording()['emergency_number']}")
    assert last.index("emergency number") < last.index("doctor")


def test_no_placeholder_is_left_in_an_answer() -> None:
    for entry in safety_entries():
        for say in {None, *(sign.say for sign in entry.signs)}:
            assert "{" not in builtin_answer(entry.id, say)


def test_short_answers_fit() -> None:
    for entry in safety_entries():
        assert all(len(text) <= 600 for text in (entry.short, *(s.say or "" for s in entry.signs)))


def test_every_caution_has_its_one_sentence() -> None:
    for entry in safety_entries():
        is_caution = entry.urgency.rank < Urgency.URGENT_SAME_DAY.rank
        assert (entry.caution is not None) is is_caution
