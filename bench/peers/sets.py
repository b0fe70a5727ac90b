"""The messages to ask, with what is expected of them: of our own format, or labelled CSV."""

from __future__ import annotations

import csv
import json
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from bench.peers.task import Asked, Task
from bot.cli.ask import read_messages
from bot.cli.failure import Failure
from bot.knowledge.typos import misspelt

COLUMNS = (("sentence", "label"), ("text", "label"), ("text", "category"), ("text", "intent"))
"""The headings under which data sets have sentences and their labels."""
PARTS = {"train": "train", "val": "held out", "dev": "held out", "test": "test"}
"""What the name of a file says of its sentences."""
OUT_OF_SCOPE = "out_of_scope"
EVERY = 5
"""Without a file for choosing thresholds, each fifth training sentence of a label is held out."""

Labelled = tuple[str, str]


@dataclass(frozen=True)
class Expected:
    """One message of a set."""

    asked: Asked
    needs: frozenset[str]
    """Any of these labels is right; none where the message is out of scope."""
    accept: frozenset[str] = frozenset({"answer"})
    """The kinds of reply that may show them."""

    @property
    def in_scope(self) -> bool:
        """Whether an answer is expected."""
        return bool(self.needs)


def own(paths: Sequence[Path]) -> list[Expected]:
    """The messages of files in the format of ``tests/understanding`` that expect an answer or are
    out of scope. What expects anything else only the product can give.

    Raises:
        Failure: a file cannot be read, or holds no such message.
    """
    found = []
    for path in paths:
        for number, line in read_messages(path):
            expected, needs = line.get("expected"), line.get("needs", [])
            if expected not in ("answer", OUT_OF_SCOPE) or "several" in line:
                continue
            if not isinstance(needs, list) or (expected == "answer" and not needs):
                raise Failure(f"{path}:{number}: an answer has `needs`, a list of ids that fit.")
            asked = Asked(line["text"], tuple(line["context"]))
            kinds = frozenset(["answer", *line.get("accept", [])])
            found.append(Expected(asked, frozenset(needs if expected == "answer" else ()), kinds))
    if not found:
        raise Failure(f"{', '.join(map(str, paths))}: no message that expects an answer.")
    return found


def with_typos(messages: Sequence[Expected], seed: int) -> list[Expected]:
    """The same messages with two typos each."""
    return [
        replace(
            one,
            asked=replace(
                one.asked, text=misspelt(one.asked.text, random.Random(f"{seed}:{number}"))
            ),
        )
        for number, one in enumerate(messages)
    ]


def public(
    folder: Path, outside: str, sample: int | None, asks: int | None, seed: int
) -> tuple[Task, list[Expected]]:
    """A folder of CSV files as a task that nothing is asked of yet, and its test sentences.

    Args:
        outside: the label that means out of scope; there may be none of it.
        sample: how many training sentences of each label are learned from; None: all.
        asks: how many sentences in scope are asked, and how many out of it, for choosing
            thresholds and for testing; None: all.

    Raises:
        Failure: there is no file for training or testing, or one cannot be read.
    """
    parts: dict[str, list[Labelled]] = {name: [] for name in dict.fromkeys(PARTS.values())}
    for name, rows in _files(folder):
        part = next((part for mark, part in PARTS.items() if mark in name.lower()), None)
        if part is None:
            raise Failure(f"{folder / name}: its name has none of {', '.join(PARTS)}.")
        parts[part] += rows
    if not parts["train"] or not parts["test"]:
        raise Failure(f"{folder} needs CSV files with train and test in their names.")
    train, held_out, test = (parts[name] for name in ("train", "held out", "test"))
    if any(label == outside for _, label in train) and not held_out:
        train, held_out = _split(train, seed)
    if sample is not None:
        train = _sampled(train, sample, outside, seed)
    if asks is not None:
        held_out, test = (_few(rows, asks, outside, seed) for rows in (held_out, test))
    task = Task(
        known=tuple(row for row in train if row[1] != outside),
        outside=tuple((text, OUT_OF_SCOPE) for text, label in train if label == outside),
        held_out=tuple((text, None if label == outside else label) for text, label in held_out),
        asked=(),
        seed=seed,
    )
    expected = [
        Expected(Asked(text), frozenset(() if label == outside else (label,)))
        for text, label in test
    ]
    return task, expected


def _files(folder: Path) -> Iterator[tuple[str, list[Labelled]]]:
    """The name and the rows of each CSV file; of CLINC150's own JSON file, those of each part."""
    paths = sorted([*folder.glob("*.csv"), *folder.glob("data_*.json")])
    if not paths:
        raise Failure(f"{folder} has no CSV files.")
    for path in paths:
        try:
            if path.suffix == ".json":
                for part, rows in json.loads(path.read_text(encoding="utf-8")).items():
                    yield part, [(str(text), str(label)) for text, label in rows]
            else:
                yield path.name, _rows(path)
        except (OSError, ValueError, AttributeError) as error:
            raise Failure(f"{path} cannot be read: {error}") from None


def _rows(path: Path) -> list[Labelled]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.DictReader(file)
        heading = [name.strip().lower() for name in reader.fieldnames or ()]
        reader.fieldnames = heading
        columns = next((both for both in COLUMNS if set(both) <= set(heading)), None)
        if columns is None:
            raise Failure(f"{path}: its first line must be sentence,label.")
        text, label = columns
        return [(row[text], row[label]) for row in reader if row[text] and row[label]]


def _split(rows: Sequence[Labelled], seed: int) -> tuple[list[Labelled], list[Labelled]]:
    kept: list[Labelled] = []
    held_out: list[Labelled] = []
    for texts in _by_label(rows, seed).values():
        for number, row in enumerate(texts):
            (held_out if number % EVERY == EVERY - 1 else kept).append(row)
    return kept, held_out


def _sampled(rows: Sequence[Labelled], count: int, outside: str, seed: int) -> list[Labelled]:
    """At most `count` of each label; what is out of scope is no label, and stays."""
    groups = _by_label(rows, seed).items()
    return [row for label, own in groups for row in (own if label == outside else own[:count])]


def _few(rows: Sequence[Labelled], count: int, outside: str, seed: int) -> list[Labelled]:
    """At most `count` that are in scope and as many that are not, of any label."""
    shuffled = random.Random(seed).sample(list(rows), len(rows))
    far = [row for row in shuffled if row[1] == outside]
    return [row for row in shuffled if row[1] != outside][:count] + far[:count]


def _by_label(rows: Sequence[Labelled], seed: int) -> dict[str, list[Labelled]]:
    """Shuffled within each label."""
    groups: dict[str, list[Labelled]] = {}
    for row in rows:
        groups.setdefault(row[1], []).append(row)
    for label, own_rows in groups.items():
        random.Random(f"{seed}:{label}").shuffle(own_rows)
    return groups
