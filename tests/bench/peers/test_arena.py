"""A contestant is a process, and what goes wrong in one is said."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from bench.peers.arena import Absent, Contestant, run
from bench.peers.task import Answer, Asked, Result, Task, Written
from bench.serving import BenchError

TASK = Task(
    known=(("does it hurt", "a"), ("will it hurt", "a"), ("what is the cost", "b")),
    outside=(("who won", "out_of_scope"),),
    held_out=(("is it painful", "a"), ("the score", None)),
    asked=(Asked("does it hurt", ("earlier",)), Asked("caf\N{LATIN SMALL LETTER E WITH ACUTE}")),
    answers=(Written("a", "It stings.", "It stings. Briefly."),),
)


def test_what_is_written_is_read(tmp_path: Path) -> None:
    path = tmp_path / "one.json"
    TASK.write(path)
    assert Task.read(path) == TASK
    answers = (Answer((("a", 0.5),), 1.0, "answer", ("a",)), Answer((), 0.0))
    result = Result(answers[:1], answers, 1.0, 2.0, (0.1, 0.2), (0.1, 0.1))
    result.write(path)
    assert Result.read(path) == result


def test_a_part_of_a_result_keeps_what_is_of_all() -> None:
    answers = tuple(Answer((), float(number)) for number in range(3))
    result = Result(answers, answers, 1.0, 2.0, (0.1, 0.2, 0.3), (0.4, 0.5, 0.6))
    part = result.part(1, 3)
    assert (part.held_out, part.asked) == (answers, answers[1:])
    assert (part.wall_s, part.cpu_s) == ((0.2, 0.3), (0.5, 0.6))


def test_a_contestant_answers_each_message() -> None:
    result = run(Contestant("labels", "guess"), TASK)
    assert [one.ranked[0][0] for one in result.asked] == ["a", "a"]
    assert len(result.held_out) == len(result.wall_s) == len(result.cpu_s) == 2
    assert result == replace(run(Contestant("labels", "guess"), TASK), **times(result))


def times(result: Result) -> dict[str, object]:
    """What no two runs have alike."""
    names = ("training_s", "training_cpu_s", "wall_s", "cpu_s")
    return {name: getattr(result, name) for name in names}


def test_a_contestant_without_its_environment_is_absent(tmp_path: Path) -> None:
    with pytest.raises(Absent, match="no environment; `make bench-peers` makes it"):
        run(Contestant("stock Rasa", "stock_rasa", tmp_path), TASK)


def test_a_contestant_that_fails_is_named_with_what_it_said() -> None:
    with pytest.raises(BenchError, match=r"(?s)nobody failed:.*No module named"):
        run(Contestant("nobody", "nobody"), TASK)
