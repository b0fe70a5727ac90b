"""What is asked, and what is learned from, is what the files say."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from bench.peers.sets import OUT_OF_SCOPE, Expected, own, public, with_typos
from bench.peers.task import Asked
from bench.understanding import OWN
from bot.cli.failure import Failure


def messages(folder: Path, *lines: dict[str, object]) -> Path:
    path = folder / "messages.jsonl"
    path.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    return path


def table(folder: Path, name: str, *rows: tuple[str, str], heading: str = "sentence,label") -> None:
    lines = [heading, *(f'"{text}",{label}' for text, label in rows)]
    (folder / name).write_text("\n".join(lines), encoding="utf-8")


def texts(count: int, label: str) -> list[tuple[str, str]]:
    return [(f"{label} {number}", label) for number in range(count)]


def test_only_what_every_contestant_could_answer_is_asked(tmp_path: Path) -> None:
    path = messages(
        tmp_path,
        {"text": "q", "expected": "answer", "needs": ["a/b"], "accept": ["human"], "context": "c"},
        {"text": "o", "expected": OUT_OF_SCOPE, "needs": ["oos/far"]},
        {"text": "e", "expected": "emergency", "needs": ["safety/e"]},
        {"text": "s", "expected": "answer", "several": [["a/b"], ["a/c"]]},
    )
    assert own([path]) == [
        Expected(Asked("q", ("c",)), frozenset({"a/b"}), frozenset({"answer", "human"})),
        Expected(Asked("o"), frozenset()),
    ]


def test_an_answer_without_needs_is_named(tmp_path: Path) -> None:
    path = messages(tmp_path, {"text": "q", "expected": "answer"})
    with pytest.raises(Failure, match=r"messages\.jsonl:1: an answer has `needs`"):
        own([path])


def test_a_file_without_such_a_message_is_named(tmp_path: Path) -> None:
    with pytest.raises(Failure, match="no message that expects an answer"):
        own([messages(tmp_path, {"text": "e", "expected": "emergency"})])


def test_our_own_messages_can_be_asked() -> None:
    found = own(OWN)
    assert sum(one.in_scope for one in found) >= 250
    assert sum(not one.in_scope for one in found) >= 80


def test_typos_are_the_same_each_time_and_change_nothing_else() -> None:
    clean = [Expected(Asked(f"does botox number {n} hurt"), frozenset({"a"})) for n in range(20)]
    typos = with_typos(clean, 0)
    assert typos == with_typos(clean, 0) != with_typos(clean, 1)
    changed = [one.asked.text != other.asked.text for one, other in zip(clean, typos, strict=True)]
    assert sum(changed) >= 18  # letters that are alike may be swapped
    assert [one.needs for one in typos] == [one.needs for one in clean]


def test_the_names_of_the_files_part_them(tmp_path: Path) -> None:
    table(tmp_path, "train.csv", *texts(4, "a"), *texts(3, "oos"))
    table(tmp_path, "val.csv", ("v", "a"), ("w", "oos"))
    table(tmp_path, "test.csv", ("t", "a"), ("u", "oos"), heading="text,category")
    task, expected = public(tmp_path, "oos", None, None, 0)
    assert sorted(task.known) == texts(4, "a")
    assert {label for _, label in task.outside} == {OUT_OF_SCOPE}
    assert len(task.outside) == 3
    assert task.held_out == (("v", "a"), ("w", None))
    assert [(one.asked.text, one.needs) for one in expected] == [
        ("t", frozenset({"a"})),
        ("u", frozenset()),
    ]


def test_without_a_file_for_thresholds_a_fifth_of_the_training_is_kept_for_them(
    tmp_path: Path,
) -> None:
    table(tmp_path, "train.csv", *texts(10, "a"), *texts(10, "b"), *texts(5, "oos"))
    table(tmp_path, "test.csv", ("t", "a"))
    task, _ = public(tmp_path, "oos", None, None, 0)
    held_out = [text for text, _ in task.held_out]
    assert sorted(str(label) for _, label in task.held_out) == ["None", "a", "a", "b", "b"]
    assert not set(held_out) & {text for text, _ in (*task.known, *task.outside)}


def test_without_anything_out_of_scope_all_of_the_training_is_learned_from(tmp_path: Path) -> None:
    table(tmp_path, "train.csv", *texts(10, "a"))
    table(tmp_path, "test.csv", ("t", "a"))
    task, _ = public(tmp_path, "oos", None, None, 0)
    assert (len(task.known), task.held_out) == (10, ())


def test_a_sample_has_so_many_of_each_label_and_is_the_same_each_time(tmp_path: Path) -> None:
    table(tmp_path, "train.csv", *texts(9, "a"), *texts(2, "b"), *texts(9, "oos"))
    table(tmp_path, "val.csv", ("v", "a"), ("w", "oos"))
    table(tmp_path, "test.csv", ("t", "a"))
    task, _ = public(tmp_path, "oos", 4, None, 0)
    assert sorted(label for _, label in task.known) == ["a"] * 4 + ["b"] * 2
    assert len(task.outside) == 9
    assert public(tmp_path, "oos", 4, None, 0)[0] == task != public(tmp_path, "oos", 4, None, 1)[0]


def test_a_few_are_asked_in_scope_and_as_many_outside(tmp_path: Path) -> None:
    table(tmp_path, "train.csv", *texts(9, "a"), *texts(9, "oos"))
    table(tmp_path, "val.csv", *texts(9, "a"), *texts(2, "oos"))
    table(tmp_path, "test.csv", *texts(5, "a"), *texts(5, "b"), *texts(9, "oos"))
    task, expected = public(tmp_path, "oos", None, 3, 0)
    assert [one.in_scope for one in expected] == [True] * 3 + [False] * 3
    assert [label is not None for _, label in task.held_out] == [True] * 3 + [False] * 2
    assert public(tmp_path, "oos", None, 3, 0)[1] == expected


def test_a_data_set_in_one_json_file(tmp_path: Path) -> None:
    """CLINC150 is published so."""
    parts = {"train": [["t", "a"]], "oos_val": [["v", "oos"]], "val": [["w", "a"]]}
    parts |= {"test": [["x", "a"]], "oos_test": [["y", "oos"]]}
    (tmp_path / "data_full.json").write_text(json.dumps(parts), encoding="utf-8")
    task, expected = public(tmp_path, "oos", None, None, 0)
    assert task.known == (("t", "a"),)
    assert task.held_out == (("v", None), ("w", "a"))
    assert [one.in_scope for one in expected] == [True, False]


@pytest.mark.parametrize(
    ("files", "said"),
    [
        ({}, "has no CSV files"),
        ({"train.csv": "sentence,label\nt,a"}, "train and test in their names"),
        ({"all.csv": "sentence,label\nt,a"}, "its name has none of train"),
        ({"train.csv": "a,b\nt,a"}, "first line must be sentence,label"),
        ({"data_x.json": "["}, "cannot be read"),
    ],
)
def test_a_folder_that_cannot_be_used_says_why(
    tmp_path: Path, files: dict[str, str], said: str
) -> None:
    for name, content in files.items():
        (tmp_path / name).write_text(content, encoding="utf-8")
    with pytest.raises(Failure, match=said):
        public(tmp_path, "oos", None, None, 0)
