"""Writes the hazard log: runs the tests of each hazard in ``docs/hazards.yml``, says how they went.

python -m tests.safety.hazards
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest
from ruamel.yaml import YAML

from bot.settings import ROOT

LOG = ROOT / "docs" / "hazards.yml"
PAGE = ROOT / "docs" / "hazards.md"
HEAD = """\
# Hazard log

What can go wrong for a visitor, what is done about it, and which tests show that it is done: in
the shape of NHS standard DCB0129, which the product has **not** been assessed against.
`hazards.yml` has the same as data; `python -m tests.safety.hazards` runs the tests and writes this
page. Severity and likelihood are the developers' proposal, with the control in place; the clinic's
own clinical safety officer has to confirm them. What the product is for stands in
[intended-use.md](intended-use.md).

| id | hazard | cause | control | severity | likelihood | tests | result |
|---|---|---|---|---|---|---|---|
"""


@dataclass(frozen=True)
class Hazard:
    """One line of the log."""

    id: str
    hazard: str
    cause: str
    control: str
    severity: str
    likelihood: str
    tests: tuple[str, ...]

    def row(self) -> str:
        """The line of the table, but for its result."""
        tests = "<br>".join(f"`{test.removeprefix('tests/')}`" for test in self.tests)
        cells = (self.id, self.hazard, self.cause, self.control, self.severity, self.likelihood)
        return f"| {' | '.join(cells)} | {tests} |"


def hazards() -> list[Hazard]:
    """The log as data."""
    lines: list[dict[str, Any]] = YAML(typ="safe", pure=True).load(LOG.read_text(encoding="utf-8"))
    return [Hazard(**{**line, "tests": tuple(line["tests"])}) for line in lines]


class _Outcomes:
    """A plugin that notes how each test went."""

    def __init__(self) -> None:
        self.by_test: dict[str, str] = {}

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """A test is as good as its worst phase."""
        if report.when == "call" or report.outcome != "passed":
            self.by_test[report.nodeid] = report.outcome


def result(hazard: Hazard, outcomes: Mapping[str, str]) -> str:
    """How the tests of a hazard went, in a few words."""
    own = [how for test, how in outcomes.items() if test.startswith(hazard.tests)]
    counted = Counter(own)
    return ", ".join(f"{counted[how]} {how}" for how in sorted(counted)) or "none ran"


def page(outcomes: Mapping[str, str], today: date, measured: str) -> str:
    """The whole page."""
    rows = [f"{one.row()} {result(one, outcomes)} |" for one in hazards()]
    lines = "\n".join(rows)
    return f"{HEAD}{lines}\n\n## Measured on {today.isoformat()}\n\n{measured}"


def measured() -> str:
    """The figures of both layers, for what is live and trained."""
    from bot.agent import load_agent
    from bot.live_guard import live_guard
    from bot.settings import Settings
    from tests.safety.checked import Layers, cases
    from tests.safety.measure import figures, losses

    layers = Layers(load_agent(Settings.from_env(), live_guard, in_memory=True))
    text = (
        "Two authors who saw neither rules nor examples wrote 1,280 messages, half of them calm"
        " emergencies or near misses told in panic. One random half was looked at while the rules"
        " were written, the other by nobody.\n\n"
        "| half | emergencies found | by the rules alone | false alarms | of the rules alone |"
        " found but too mild |\n|---|---|---|---|---|---|\n"
    )
    for name in ("seen", "unseen"):
        f = figures(layers, cases(f"{name}_messages.jsonl"))
        shares = (f.found, f.found_by_rules, f.false_alarms, f.false_alarms_of_rules, f.too_mild)
        text += f"| {name} | {' | '.join(f'{one:.1%}' for one in shares)} |\n"
    text += (
        "\nOf the unseen half, how many fewer emergencies are found when they are typed with:\n\n"
    )
    text += "| change | points lost |\n|---|---|\n"
    for name, lost in losses(layers, cases("unseen_messages.jsonl")):
        text += f"| {name} | {100 * lost:+.1f} |\n"
    return text


def main() -> None:
    """Run the tests and write the page; the status is theirs."""
    outcomes = _Outcomes()
    tests = sorted({test for hazard in hazards() for test in hazard.tests})
    status = pytest.main(["-q", "--no-header", *tests], plugins=[outcomes])
    PAGE.write_text(page(outcomes.by_test, date.today(), measured()), encoding="utf-8")
    sys.exit(status)


if __name__ == "__main__":
    main()
