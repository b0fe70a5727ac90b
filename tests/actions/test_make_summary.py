"""The page to take along: shown first, then made."""

from __future__ import annotations

import time
from typing import Any

from actions.make_summary import ActionMakeSummary
from bot.advice.reply import Page, plain_text
from bot.knowledge.live import Publication
from tests.actions.calls import run, tracker

ACTION = ActionMakeSummary()
ID = "botox/how-long-does-it-last"
SCREENING = {
    "stage": "done",
    "answers": {"smoking": "ten-plus", "sleep": ""},
    "asked": "",
    "shown": [],
    "missed": 0,
}


def pressed(action: str, **slots: Any) -> Any:
    on = tracker("a label", metadata={"action": action}, turns=2, **slots)
    return run(ACTION, on)


def test_it_shows_what_would_be_on_the_page(live: Publication) -> None:
    reply, slots = run(ACTION, tracker("a summary", screening=SCREENING, asked=[ID], turns=2))
    words = plain_text(reply)
    assert "Now, 10 or more a day" in words
    assert live.knowledge.entries[ID].title in words
    assert slots["summary"]["made"] == 0


def test_the_page_holds_what_was_shown_and_is_named_by_its_time() -> None:
    reply, slots = pressed("summary:make", screening=SCREENING, asked=[ID, "gone/entry"])
    (page,) = (block for block in reply.blocks if isinstance(block, Page))
    made = slots["summary"]
    assert abs(made["made"] - time.time()) < 60
    assert page.path == f"/summary/{made['made']}"
    assert made["answers"] == {"smoking": "ten-plus"}  # what was skipped is not on it


def test_what_was_left_out_is_not_on_the_page() -> None:
    left = {"without": ["answers"], "made": 0, "answers": {}, "asked": [], "questions": False}
    _, slots = pressed("summary:make", summary=left, screening=SCREENING, asked=[ID])
    assert slots["summary"]["answers"] == {}
    assert slots["summary"]["asked"] == [ID]


def test_with_everything_left_out_there_is_no_page() -> None:
    left = {
        "without": ["answers", "asked", "questions"],
        "made": 0,
        "answers": {},
        "asked": [],
        "questions": False,
    }
    reply, slots = pressed("summary:make", summary=left, screening=SCREENING, asked=[ID])
    assert not [block for block in reply.blocks if isinstance(block, Page)]
    assert slots["summary"]["made"] == 0
