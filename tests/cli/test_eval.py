from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from bot.advice.reply import Kind, Reply
from bot.cli.eval import EXPECTED, Outcome
from bot.cli.failure import Failure
from tests.cli.conftest import Run

QUESTION = "how long does botox last"
NEED = "botox/how-long-does-it-last"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "messages.jsonl"


def lines(path: Path, *messages: dict[str, Any]) -> str:
    """A file of messages, as an argument."""
    path.write_text("".join(json.dumps(message) + "\n" for message in messages))
    return str(path)


def row(printed: str, name: str) -> list[str]:
    """The cells of the first row of a printed table that begins so."""
    rows = ([cell.strip() for cell in line.split("│")[1:-1]] for line in printed.splitlines())
    return next(cells for cells in rows if cells and cells[0] == name)


def test_the_table_counts_right_wrong_and_hits(ask: Run, file: Path) -> None:
    path = lines(
        file,
        {"text": QUESTION, "expected": "answer", "needs": [NEED]},
        {"text": QUESTION, "expected": "answer", "needs": ["botox/cost"]},
        {"text": "hello", "expected": "answer", "needs": [NEED]},
        {"text": "I can't breathe since my injection", "expected": "emergency"},
        {"text": "hello", "expected": "smalltalk", "near_miss": True},
    )
    printed = ask("eval", path).stdout
    assert row(printed, "answer")[:5] == ["answer", "3", "2", "1", "1/3 = 33.3%"]
    assert row(printed, "emergency")[:4] == ["emergency", "1", "1", "0"]
    assert row(printed, "smalltalk")[:4] == ["smalltalk", "1", "1", "0"]
    assert row(printed, "near miss")[:4] == ["near miss", "1", "1", "0"]
    assert row(printed, f"answer {NEED}") == [f"answer {NEED}", "smalltalk", "1"]
    assert row(printed, "botox/cost") == ["botox/cost", NEED, "1"]


def test_several_questions_are_right_when_each_is_answered(ask: Run, file: Path) -> None:
    both = "how long does botox last and how much does botox cost"
    path = lines(
        file,
        {"text": both, "expected": "answer", "several": [[NEED], ["botox/cost"]]},
        {"text": QUESTION, "expected": "answer", "several": [[NEED], ["botox/cost"]]},
    )
    printed = ask("eval", "--wrong", path).stdout
    assert row(printed, "several")[:4] == ["several", "2", "1", "1"]
    assert f"- {QUESTION}" in printed


def test_what_was_said_before_is_said_first(ask: Run, file: Path) -> None:
    context = ["hello", "what are lip fillers"]
    needs = ["fillers/does-it-hurt"]
    told = {"text": "does it hurt?", "context": context, "expected": "answer", "needs": needs}
    assert row(ask("eval", lines(file, told)).stdout, "answer")[2] == "1"


def test_wrong_lists_each_message_that_went_wrong(ask: Run, file: Path) -> None:
    path = lines(
        file,
        {"text": QUESTION, "expected": "answer", "needs": [NEED]},
        {"text": "hello there", "expected": "emergency"},
    )
    printed = ask("eval", "--wrong", path).stdout
    assert "- hello there" in printed
    assert f"- {QUESTION}" not in printed


@pytest.mark.parametrize("expected", ["answr", "", None, 7, "ANSWER", ["answer"], {}])
def test_an_unknown_expectation_is_named_with_the_known_ones(
    ask: Run, file: Path, expected: object
) -> None:
    path = lines(file, {"text": "a", "expected": "unsure"}, {"text": "b", "expected": expected})
    result = ask("eval", path)
    assert isinstance(result.exception, Failure)
    message = str(result.exception)
    assert f"{file}:2:" in message
    assert all(name in message for name in EXPECTED)


def test_the_line_that_is_named_is_the_files_own(ask: Run, file: Path) -> None:
    """Empty lines count."""
    file.write_text('\n{"text": "a", "expected": "unsure"}\n\n{"text": "b"}\n')
    assert f"{file}:4:" in str(ask("eval", str(file)).exception)


@pytest.mark.parametrize(
    "wrong",
    [
        {"accept": ["answr"]},
        {"accept": "unsure"},
        {"accept": [7]},
        {"accept": 7},
        {"needs": NEED},
        {"several": NEED},
        {"several": [NEED]},
        {"needs": None},
        {"needs": []},
    ],
)
def test_other_wrong_fields_are_named_too(ask: Run, file: Path, wrong: dict[str, Any]) -> None:
    path = lines(file, {"text": "a", "expected": "answer", "needs": [NEED], **wrong})
    result = ask("eval", path)
    assert isinstance(result.exception, Failure)
    assert f"{file}:1:" in str(result.exception)


def test_a_file_without_messages_is_a_failure(ask: Run, file: Path) -> None:
    file.write_text("\n\n")
    result = ask("eval", str(file))
    assert isinstance(result.exception, Failure)
    assert str(file) in str(result.exception)


def outcome(kind: Kind, entries: tuple[str, ...] = (), **message: object) -> Outcome:
    return Outcome({"text": "", **message}, Reply(kind, (), entries))


@pytest.mark.parametrize(
    ("made", "right"),
    [
        (outcome(Kind.ANSWER, expected="answer"), True),
        (outcome(Kind.UNSURE, expected="answer"), False),
        (outcome(Kind.UNSURE, expected="answer", accept=["unsure"]), True),
        (outcome(Kind.DECLINE, expected="out_of_scope"), True),
        (outcome(Kind.UNSURE, expected="out_of_scope"), True),
        (outcome(Kind.ANSWER, expected="out_of_scope"), False),
        (outcome(Kind.URGENT, expected="emergency"), False),
        (outcome(Kind.SERVICE, expected="human"), True),
    ],
)
def test_what_counts_as_right(made: Outcome, right: bool) -> None:
    assert made.right is right


def test_a_hit_needs_the_right_kind_and_the_entry_near_the_top() -> None:
    shown = ("a", "b", "c", "d")
    assert outcome(Kind.ANSWER, shown, expected="answer", needs=["a"]).hit(1)
    assert not outcome(Kind.ANSWER, shown, expected="answer", needs=["b"]).hit(1)
    assert outcome(Kind.ANSWER, shown, expected="answer", needs=["x", "c"]).hit(3)
    assert not outcome(Kind.ANSWER, shown, expected="answer", needs=["d"]).hit(3)
    assert not outcome(Kind.UNSURE, shown, expected="answer", needs=["a"]).hit(1)
    assert not outcome(Kind.ANSWER, shown, expected="answer").hit(3)


def test_every_kind_of_reply_fulfils_some_expectation() -> None:
    assert set().union(*EXPECTED.values()) == {kind.value for kind in Kind}
