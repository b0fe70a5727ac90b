"""`advisor rasa ...` is the `rasa` command, in an environment without TensorFlow."""

from __future__ import annotations

import time
from pathlib import Path

import httpx
import pytest

from bot.advice.reply import Kind, Reply
from bot.knowledge.live import Publication
from bot.settings import Settings
from tests.processes import free_port, home
from tests.test_in_process import call

pytestmark = pytest.mark.server


def test_its_version_is_the_pinned_one(tmp_path: Path) -> None:
    ran = home(tmp_path).advisor("rasa", "--version")
    assert ran.returncode == 0, ran.stderr
    assert "3.6.21" in ran.stdout


def test_options_are_rasas_own(tmp_path: Path) -> None:
    """Its --help too; and a wrong one is told by it."""
    made = home(tmp_path)
    assert "usage: rasa" in made.advisor("rasa", "--help").stdout
    wrong = made.advisor("rasa", "no-such-verb")
    assert wrong.returncode == 2
    assert "no-such-verb" in wrong.stderr


def test_the_actions_can_run_in_a_process_of_their_own(
    whole: Settings, publication: Publication, tmp_path: Path
) -> None:
    """For those who split it: the same actions over HTTP."""
    port = free_port()
    made = home(tmp_path, DATABASE_URL=whole.database_url, SANIC_HOST="127.0.0.1")
    base = f"http://127.0.0.1:{port}"
    with made.running("rasa", "run", "actions", "--port", str(port)) as process:
        end = time.monotonic() + 60
        while True:
            assert process.poll() is None, made.output
            assert time.monotonic() < end, made.output
            try:
                if httpx.get(f"{base}/health", trust_env=False).status_code == 200:
                    break
            except httpx.TransportError:
                time.sleep(0.1)
        names = {action["name"] for action in httpx.get(f"{base}/actions", trust_env=False).json()}
        body = call("action_make_small_talk", "hello")
        body["tracker"]["latest_message"]["intent"] = {"name": "greet"}
        answer = httpx.post(f"{base}/webhook", json=body, trust_env=False, timeout=20)
    assert "action_answer_question" in names
    assert answer.status_code == 200
    (response,) = answer.json()["responses"]
    reply = Reply.from_json(response["custom"])
    assert reply.kind is Kind.SMALLTALK
    assert reply.publication == publication.name
