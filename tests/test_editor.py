"""What an editor is told: the task of ``.vscode/`` finds each problem's file, line and severity."""

from __future__ import annotations

import json
import re

import pytest

from bot.knowledge.problem import Problem, Severity
from bot.settings import ROOT

(TASK,) = json.loads((ROOT / ".vscode" / "tasks.json").read_text(encoding="utf-8"))["tasks"]
PATTERN = TASK["problemMatcher"]["pattern"]


def test_task_runs_the_check() -> None:
    assert (TASK["command"], TASK["args"]) == (".venv/bin/advisor", ["check"])


@pytest.mark.parametrize(
    ("severity", "field"),
    [("error", "related"), ("error", ""), ("warning", "questions"), ("warning", "")],
)
def test_matcher_reads_what_check_prints(severity: Severity, field: str) -> None:
    problem = Problem("knowledge/botox/cost.md", 19, field, "no: 'x'.", "Mend it.", severity)
    first, second = problem.format().splitlines()
    match = re.match(PATTERN["regexp"], first)
    assert match is not None
    assert match[PATTERN["file"]] == problem.path
    assert match[PATTERN["line"]] == "19"
    assert (match[PATTERN["severity"]] or TASK["problemMatcher"]["severity"]) == severity
    assert match[PATTERN["message"]].endswith("no: 'x'.")
    assert re.match(PATTERN["regexp"], second) is None


def test_file_is_found_from_the_checkout() -> None:
    assert TASK["problemMatcher"]["fileLocation"] == ["relative", "${workspaceFolder}"]
