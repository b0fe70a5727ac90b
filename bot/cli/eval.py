"""``advisor eval``: how many of a file's messages come out as expected."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from bot.cli.ask import read_messages
from bot.cli.failure import Failure
from bot.cli.loading import load_advisor
from bot.settings import Settings

if TYPE_CHECKING:
    from bot.advice.reply import Reply
    from bot.advisor import Advisor

EXPECTED = {
    "answer": {"answer"},
    "emergency": {"emergency"},
    "urgent": {"urgent"},
    "caution": {"caution"},
    "out_of_scope": {"decline", "unsure"},
    "human": {"service"},
    "smalltalk": {"smalltalk"},
    "clarify": {"clarify"},
    "unsure": {"unsure"},
    "screening": {"screening"},
}
"""Which kinds of reply fulfil an expected outcome."""


SEVERAL = "several"
"""The field, and the row, of messages with several questions: a list of the needs of each."""


@dataclass(frozen=True)
class Outcome:
    """One message, what was expected of it and what came."""

    message: dict[str, Any]
    reply: Reply

    @property
    def group(self) -> str:
        """The row of the table that it is counted in."""
        return SEVERAL if SEVERAL in self.message else str(self.message["expected"])

    @property
    def right(self) -> bool:
        """Whether the kind of reply is one that was expected or is accepted, and where several
        questions were asked, whether each is answered.
        """
        shown = {*self.reply.entries, *self.reply.services}
        if not all(shown & set(needs) for needs in self.message.get(SEVERAL, [])):
            return False
        wanted = [self.message["expected"], *self.message.get("accept", [])]
        return any(self.reply.kind.value in EXPECTED[name] for name in wanted)

    def hit(self, within: int) -> bool:
        """Whether one of the expected needs is among the first `within` entries shown."""
        needs = set(self.message.get("needs", []))
        return self.right and bool(needs & set([*self.reply.entries, *self.reply.offered][:within]))


def eval_(
    path: Annotated[Path, typer.Argument(metavar="FILE", help="Messages with `expected`.")],
    wrong: Annotated[bool, typer.Option(help="List each message that went wrong.")] = False,
) -> None:
    """Print right and wrong per expected outcome, hit@1 and hit@3, and the worst confusions."""
    messages = list(_read(path))
    if not messages:
        raise Failure(f"{path} holds no messages.")
    advisor = load_advisor(Settings.from_env())
    outcomes = asyncio.run(_run(advisor, messages))
    console = Console()
    console.print(_table(outcomes))
    console.print(_confusions(outcomes))
    if wrong:
        for outcome in outcomes:
            answer = outcome.group == "answer"
            if not outcome.right or (answer and not outcome.hit(1)):
                console.print(_line(outcome), markup=False, soft_wrap=True, highlight=False)


def _read(path: Path) -> Iterator[dict[str, Any]]:
    """The messages of a file.

    Raises:
        Failure: a line is no message, or expects what is not known.
    """
    for number, message in read_messages(path):
        accept, needs = message.get("accept", []), message.get("needs", [])
        if not isinstance(accept, list) or not isinstance(needs, list):
            raise Failure(f"{path}:{number}: `accept` and `needs` must be lists.")
        for name in (message.get("expected"), *accept):
            if not isinstance(name, str) or name not in EXPECTED:
                known = ", ".join(EXPECTED)
                raise Failure(
                    f"{path}:{number}: `expected` and `accept` take {known}; not {name!r}."
                )
        several = message.get(SEVERAL, [])
        if not isinstance(several, list) or not all(isinstance(one, list) for one in several):
            raise Failure(f"{path}:{number}: `{SEVERAL}` is a list of the needs of each question.")
        if message["expected"] == "answer" and not needs and not several:
            raise Failure(f"{path}:{number}: an answer has `needs`, the ids of entries that fit.")
        yield message


async def _run(advisor: Advisor, messages: list[dict[str, Any]]) -> list[Outcome]:
    outcomes = []
    for message in messages:
        reply, _ = await advisor.ask(message["text"], message["context"])
        outcomes.append(Outcome(message, reply))
    return outcomes


def _table(outcomes: list[Outcome]) -> Table:
    table = Table("expected", "n", "right", "wrong", "hit@1", "hit@3", title="Outcomes")
    names = list(dict.fromkeys(outcome.group for outcome in outcomes))
    for name in names:
        group = [outcome for outcome in outcomes if outcome.group == name]
        right = sum(outcome.right for outcome in group)
        hits = ["", ""]
        if name == "answer":
            hits = [_share(sum(o.hit(k) for o in group), len(group)) for k in (1, 3)]
        table.add_row(name, str(len(group)), str(right), str(len(group) - right), *hits)
    near = [outcome for outcome in outcomes if outcome.message.get("near_miss")]
    alarms = sum(outcome.reply.kind.value in ("emergency", "urgent") for outcome in near)
    if near:
        table.add_row("near miss", str(len(near)), str(len(near) - alarms), str(alarms), "", "")
    return table


def _confusions(outcomes: list[Outcome], most: int = 10) -> Table:
    table = Table("expected", "came", "n", title="Worst confusions")
    pairs: Counter[tuple[str, str]] = Counter()
    for outcome in outcomes:
        expected, kind = outcome.message["expected"], outcome.reply.kind.value
        needs = outcome.message.get("needs", [])
        if not outcome.right:
            pairs[(f"{expected} {needs[0] if needs else ''}", kind)] += 1
        elif outcome.group == "answer" and not outcome.hit(1):
            pairs[(needs[0], next(iter(outcome.reply.entries), "nothing"))] += 1
    for (expected, came), count in pairs.most_common(most):
        table.add_row(expected, came, str(count))
    return table


def _line(outcome: Outcome) -> str:
    reply = outcome.reply
    came = f"{reply.kind.value} {[*reply.entries, *reply.services, *reply.offered][:3]}"
    wanted = outcome.message.get(SEVERAL) or outcome.message.get("needs")
    return f"- {outcome.message['text'][:110]}\n    {wanted} <> {came}"


def _share(part: int, whole: int) -> str:
    return f"{part}/{whole} = {part / whole:.1%}"
