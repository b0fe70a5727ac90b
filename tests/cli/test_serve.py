"""`advisor serve` as visitors and operators meet it: a process, from an empty database on."""

from __future__ import annotations

import itertools
import json
import shutil
import socket
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
from sqlalchemy import text

from bot.cli.serve import ensure_live
from bot.knowledge.live import Live
from bot.settings import Settings
from bot.store.session import engine_for, migrate
from tests.channels.serving import Visitor
from tests.processes import Home, free_port, home, wait_for

pytestmark = pytest.mark.server

_addresses = itertools.count(1)
QUESTION = "how long does botox last"


@dataclass(frozen=True)
class Server:
    """A running one."""

    home: Home
    base: str


@pytest.fixture(scope="module")
def server(whole: Settings, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """It publishes first, as `make run` does in a fresh clone; that it trains too is for
    ``test_train.py``, and here it has the model that fits any knowledge.
    """
    port = free_port()
    made = home(tmp_path_factory.mktemp("serve"), PORT=str(port), TRUSTED_PROXIES="1")
    shutil.copytree(whole.model_dir, made.folder / "models")
    base = f"http://127.0.0.1:{port}"
    with made.running("serve") as process:
        wait_for(f"{base}/health", process)
        yield Server(made, base)
    assert "Traceback" not in made.output


def new_visitor(server: Server) -> Visitor:
    """From an address of its own, so that no test slows the next one down."""
    number = next(_addresses)
    return Visitor(server.base, **{"X-Forwarded-For": f"10.0.0.{number}"})


@pytest.fixture(scope="module")
def visitor(server: Server) -> Visitor:
    return new_visitor(server)


def words(answer: dict) -> str:
    """All text of an answer's events."""
    blocks = [block for event in answer["events"] for block in event["blocks"]]
    return "\n".join(block["text"] for block in blocks if "text" in block)


def test_it_prepares_itself_and_prints_its_address(server: Server) -> None:
    assert f"{server.base}/" in server.home.output
    assert "first publication" in server.home.advisor("history").stdout


def test_after_an_update_what_was_live_is_live_and_not_what_is_edited(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The files may be ahead of what was made live; only answers that cannot be read are replaced
    by theirs.
    """
    settings = Settings.from_env()
    engine = engine_for(settings.database_url)
    migrate(engine)
    ensure_live(settings, engine)
    first = Live(engine).current()
    path = folder / "botox" / "how-long-does-it-last.md"
    path.write_text(path.read_text().replace("Most people", "Many people"))
    ensure_live(settings, engine)
    assert Live(engine).current().id == first.id
    with engine.begin() as connection:
        connection.execute(text("UPDATE publications SET search_index = X'00'"))
    ensure_live(settings, engine)
    second = Live(engine).current()
    assert (second.digest, second.knowledge) == (first.digest, first.knowledge)
    assert second.id > first.id
    with engine.begin() as connection:
        connection.execute(text("UPDATE publications SET entries = '[]'"))
    capsys.readouterr()
    ensure_live(settings, engine)
    assert Live(engine).current().digest != first.digest
    assert "files are published instead" in capsys.readouterr().err


def test_the_page_is_there(server: Server) -> None:
    response = httpx.get(f"{server.base}/", trust_env=False)
    assert response.status_code == 200
    assert "<html" in response.text


def test_a_question_is_answered_with_its_sources_and_a_doctor(visitor: Visitor) -> None:
    answer = visitor.say(QUESTION, "question")
    (event,) = answer["events"]
    assert event["kind"] == "answer"
    assert "fade after three to four months" in words(answer)
    assert {"sources", "buttons"} <= {block["type"] for block in event["blocks"]}
    last = [block["text"] for block in event["blocks"] if block["type"] == "text"][-1]
    assert "doctor" in last or "dermatologist" in last


def test_an_edit_is_in_the_very_next_answer_after_publishing(server: Server) -> None:
    """Published by another process; the server goes on as it is."""
    visitor = new_visitor(server)
    assert "Many people" not in words(visitor.say(QUESTION, "before"))
    entry = server.home.knowledge / "botox" / "how-long-does-it-last.md"
    entry.write_text(entry.read_text().replace("Most people", "Many people"))
    published = server.home.advisor("publish", "--yes")
    assert published.returncode == 0, published.stdout + published.stderr
    assert "Many people see it fade" in words(visitor.say(QUESTION, "after"))


def test_a_broken_edit_changes_nothing_that_visitors_see(server: Server) -> None:
    """All problems are listed, the status is 1, and what was live is served on."""
    entry = server.home.knowledge / "botox" / "how-long-does-it-last.md"
    sound = entry.read_text()
    faulty = sound.replace("title:", "tittle:").replace("urgency: none", "urgency: soon")
    entry.write_text(faulty.replace("see it fade", "see it stay"))
    published = server.home.advisor("publish", "--yes")
    entry.write_text(sound)
    assert published.returncode == 1
    assert "tittle" in published.stdout and "urgency" in published.stdout
    assert "Traceback" not in published.stderr
    assert "see it fade" in words(new_visitor(server).say(QUESTION, "broken"))


@pytest.mark.parametrize(
    "text",
    [
        "/restart",
        '/ask_question{"a": 1}',
        "/ask_question",
        " /report_red_flag",
        "",
        "   \n",
        "😭😭😭",
        "\x00\x01",
        "x" * 2_001,
        "x" * 15_000,
        "؟؟؟ هل يؤلم البوتوكس",
        "<script>alert(1)</script>",
        "${DATABASE_URL} {person} %s {0}",
        "\u202e\u200b\ufeff",
    ],
)
def test_odd_messages_are_answered_politely(server: Server, text: str) -> None:
    """With words of ours that end with a doctor; never by what they would mean to Rasa."""
    visitor = new_visitor(server)
    answer = visitor.say(text, "odd")
    (event,) = answer["events"]
    assert event["kind"] not in ("emergency", "urgent")
    last = [block["text"] for block in event["blocks"] if block["type"] == "text"][-1]
    assert "doctor" in last or "dermatologist" in last
    assert "sqlite" not in json.dumps(answer)
    assert "answer" in visitor.say(QUESTION, "next")["events"][0]["kind"]


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (json.dumps({"id": "big", "text": "x" * 1_000_000}).encode(), 413),
        (b'{"id": "bytes", "text": "\xff\xfe caf\xe9"}', 400),
        (b'{"id": "half", "text": ', 400),
        (b"", 400),
        (b"\x00" * 100, 400),
        (json.dumps({"id": "n", "text": 7}).encode(), 400),
        (json.dumps({"text": "no id"}).encode(), 400),
        (json.dumps({"id": "p", "button": "show:botox/cost", "text": "both"}).encode(), 400),
    ],
)
def test_what_is_no_message_is_a_clear_4xx(visitor: Visitor, body: bytes, status: int) -> None:
    headers = {"Content-Type": "application/json", **visitor.headers}
    response = visitor.client.post("/webhooks/web/messages", content=body, headers=headers)
    assert response.status_code == status
    assert response.json()["hint"]


@pytest.mark.parametrize(
    "path",
    [
        "/version",
        "/status",
        "/domain",
        "/conversations/default/tracker",
        "/model/parse",
        "/webhooks/rest/webhook",
        "/socket.io/",
        "/nothing",
    ],
)
def test_rasas_own_api_is_not_there(server: Server, path: str) -> None:
    for method in ("GET", "POST", "PUT"):
        response = httpx.request(method, server.base + path, trust_env=False)
        assert response.status_code in (404, 405)
        assert "access-control-allow-origin" not in response.headers


def test_a_second_one_says_that_the_port_is_taken(server: Server) -> None:
    """And the first goes on."""
    second = server.home.advisor("serve")
    port = server.home.environment["PORT"]
    assert second.returncode == 1
    (line,) = second.stderr.splitlines()
    assert line.startswith("advisor: ") and port in line and "PORT=" in line
    assert httpx.get(f"{server.base}/health", trust_env=False).status_code == 200


def test_no_words_of_visitors_are_in_its_output(server: Server) -> None:
    new_visitor(server).say("does the unusualword hurt", "log")
    assert "unusualword" not in server.home.output
    assert QUESTION not in server.home.output


def test_it_starts_again_and_stops_when_told(server: Server, tmp_path: Path) -> None:
    """With what is published and trained already, and no traceback at the end."""
    port = free_port()
    again = Home(tmp_path, {**server.home.environment, "PORT": str(port)})
    with again.running("serve") as process:
        wait_for(f"http://127.0.0.1:{port}/health", process)
        process.terminate()
        assert process.wait(20) in (0, -15)
    assert "Traceback" not in again.output
    assert "Training" not in again.output and "Published" not in again.output
    with pytest.raises(OSError, match="refused"):
        socket.create_connection(("127.0.0.1", port), 1)
