from __future__ import annotations

import pytest

from actions import turn
from actions.delete_my_data import ActionDeleteMyData
from bot.advice.reply import Kind, plain_text
from bot.knowledge.live import NothingPublished
from tests.actions.calls import run, tracker
from tests.nlu.lives import SetLive

ACTION = ActionDeleteMyData()


def test_it_confirms_and_tells_the_channel_to_erase() -> None:
    reply, _ = run(ACTION, tracker("delete my data", intent="delete_my_data", turns=3))
    assert reply.forget
    assert reply.kind is Kind.SERVICE
    assert "erased" in plain_text(reply)
    assert "doctor" in plain_text(reply) or "dermatologist" in plain_text(reply)


def test_nothing_published_promises_no_erasure(monkeypatch: pytest.MonkeyPatch) -> None:
    """The guard's apology then says that it did not work, and does not say "erased"."""
    monkeypatch.setattr(turn, "live", SetLive)
    with pytest.raises(NothingPublished):
        run(ACTION, tracker("delete my data"))
