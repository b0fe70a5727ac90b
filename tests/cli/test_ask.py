from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest

from bot.advice.reply import Kind
from bot.advisor import Advisor
from bot.cli.ask import read_messages
from bot.cli.failure import Failure
from bot.knowledge.live import Publication
from bot.settings import Settings
from tests.cli.conftest import Run
from tests.processes import home

QUESTION = "how long does botox last"
KEYS = ["text", "kind", "entries", "confidence", "reply", "buttons", "publication"]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "messages.jsonl"


def lines(path: Path, *messages: dict[str, Any]) -> Path:
    """A file of messages."""
    path.write_text("".join(json.dumps(message) + "\n" for message in messages))
    return path


def test_json_has_the_promised_fields_and_no_other(ask: Run, publication: Publication) -> None:
    result = ask("ask", "--json", QUESTION)
    assert result.exit_code == 0
    (line,) = result.stdout.splitlines()
    answer = json.loads(line)
    assert list(answer) == KEYS
    assert answer["text"] == QUESTION
    assert answer["kind"] == "answer"
    assert answer["entries"][0] == "botox/how-long-does-it-last"
    assert 0 < answer["confidence"] <= 1
    entry = publication.knowledge.entries["botox/how-long-does-it-last"]
    assert entry.short.splitlines()[0] in answer["reply"]
    assert all(isinstance(label, str) and label for label in answer["buttons"])
    assert answer["publication"] == publication.name


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("I can't see out of one eye since my filler an hour ago", "emergency"),
        ("hello", "smalltalk"),
        ("how do I reach a real person at the clinic", "service"),
        ("", "unsure"),
        ("😭😭", "unsure"),
        ("/restart", None),
        ("x" * 3000, "unsure"),
        ("caf\u00e9 \u2028 \U0001f600?", None),
    ],
)
def test_every_text_gets_one_line_of_a_known_kind(ask: Run, text: str, kind: str | None) -> None:
    result = ask("ask", "--json", "--", text)
    (line,) = result.stdout.rstrip("\n").split("\n")
    answer = json.loads(line)
    assert answer["text"] == text
    assert Kind(answer["kind"])
    assert kind in (None, answer["kind"])
    assert "doctor" in answer["reply"] or "dermatologist" in answer["reply"]


def test_a_file_gives_a_line_for_each_in_order(ask: Run, file: Path) -> None:
    """Each in a conversation of its own: the emergency in the middle colours nothing after it."""
    texts = [QUESTION, "I can't breathe since my injection", "hello", QUESTION]
    path = lines(file, *({"text": text, "expected": "?"} for text in texts))
    path.write_text(path.read_text().replace("\n", "\n\n", 1))
    answers = [
        json.loads(line) for line in ask("ask", "--json", "--from", str(path)).stdout.splitlines()
    ]
    assert [answer["text"] for answer in answers] == texts
    assert [answer["kind"] for answer in answers] == ["answer", "emergency", "smalltalk", "answer"]
    assert {"text": QUESTION, **answers[0]} == answers[-1]
    assert all("automated" in answer["reply"] for answer in (answers[0], *answers[2:]))


def test_context_is_what_came_before(ask: Run, file: Path) -> None:
    """It decides what a follow-up is about, and has no line of its own."""
    path = lines(
        file,
        {"text": "does it hurt?", "context": "what are lip fillers"},
        {"text": "does it hurt?", "context": None},
    )
    about, alone = map(json.loads, ask("ask", "--json", "--from", str(path)).stdout.splitlines())
    assert about["entries"][0].startswith("fillers/")
    assert "automated" not in about["reply"]
    assert "automated" in alone["reply"]
    single = json.loads(
        ask("ask", "does it hurt?", "--context", "what are lip fillers", "--json").stdout
    )
    assert single == about


def test_an_emergency_is_found_with_its_context(ask: Run, file: Path) -> None:
    path = lines(
        file, {"text": "now I can't see properly", "context": "I had filler in my cheek today"}
    )
    answer = json.loads(ask("ask", "--json", "--from", str(path)).stdout)
    assert answer["kind"] == "emergency"


def test_no_conversation_is_left_behind(ask: Run, advisor: Advisor) -> None:
    before = len(asyncio.run(_conversations(advisor)))
    ask("ask", QUESTION, "--context", "hello")
    assert len(asyncio.run(_conversations(advisor))) == before


async def _conversations(advisor: Advisor) -> list[str]:
    return list(await advisor.agent.tracker_store.keys())


def test_without_json_it_is_for_people(ask: Run) -> None:
    result = ask("ask", QUESTION)
    assert "Sources" in result.stdout
    assert "[1] " in result.stdout
    assert '"kind"' not in result.stdout


def test_explain_tells_what_was_understood(ask: Run) -> None:
    told = ask("ask", "--explain", QUESTION).stdout
    for part in ("Split:", "Terms:", "Red flags:", "Intents:", "Nearest entries:", "Decision:"):
        assert part in told
    assert told.count("confidence ") >= 5


@pytest.mark.parametrize("words", [(), ("hi", "--from", "x.jsonl")])
def test_it_wants_a_message_or_a_file(ask: Run, words: tuple[str, ...]) -> None:
    result = ask("ask", *words)
    assert isinstance(result.exception, Failure)
    assert "--from" in str(result.exception)


@pytest.mark.parametrize(
    "bad",
    [
        "not json",
        "{",
        "7",
        "null",
        '["text"]',
        "{}",
        '{"text": 7}',
        '{"text": null}',
        '{"text": "a", "context": 7}',
        '{"text": "a", "context": ["b", 7]}',
        "[" * 100_000,
    ],
)
def test_a_bad_line_is_named_before_anything_is_answered(ask: Run, file: Path, bad: str) -> None:
    file.write_text(f'{{"text": "hello"}}\n\n{bad}\n')
    result = ask("ask", "--json", "--from", str(file))
    assert isinstance(result.exception, Failure)
    assert f"{file}:3: " in str(result.exception)
    assert result.stdout == ""


@pytest.mark.parametrize("content", [b"\xff\xfe\x00", b'{"text": "caf\xe9"}\n', None])
def test_a_file_that_cannot_be_read_is_named(file: Path, content: bytes | None) -> None:
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(Failure, match=str(file)):
        list(read_messages(file))


def test_a_folder_is_no_file(tmp_path: Path) -> None:
    with pytest.raises(Failure, match="cannot be read"):
        list(read_messages(tmp_path))


def test_a_file_saved_by_a_windows_editor_is_read(file: Path) -> None:
    """Its byte order mark is no part of the first line."""
    file.write_bytes(b'\xef\xbb\xbf{"text": "a"}\r\n\r\n{"text": "b"}\r\n')
    assert list(read_messages(file)) == [
        (1, {"text": "a", "context": []}),
        (3, {"text": "b", "context": []}),
    ]


def test_a_text_may_hold_any_kind_of_line_end(file: Path) -> None:
    """Only a line feed ends a line of the file, whatever Unicode says."""
    file.write_text('{"text": "a\u2028b\x85c"}\r\n{"text": "d"}', encoding="utf-8")
    assert [message["text"] for _, message in read_messages(file)] == ["a\u2028b\x85c", "d"]


@pytest.mark.server
def test_as_a_process_it_prints_nothing_but_its_lines(whole: Settings, tmp_path: Path) -> None:
    """What stands on stdout can be read by a program; a line that is too long ends nothing."""
    made = home(tmp_path, DATABASE_URL=whole.database_url, MODEL_DIR=str(whole.model_dir))
    path = lines(
        tmp_path / "m.jsonl", {"text": QUESTION}, {"text": "a" * 1_000_000}, {"text": "\ud800"}
    )
    asked = made.advisor("ask", "--json", "--from", str(path))
    assert asked.returncode == 0, asked.stderr
    assert [list(json.loads(line)) for line in asked.stdout.splitlines()] == [KEYS] * 3
    assert "Traceback" not in asked.stderr
