"""What is on the page to take to a doctor, and what is left out."""

from __future__ import annotations

from typing import Any

import pytest

from bot.advice.reply import Page, Reply, buttons, plain_text
from bot.advice.summary import MAX_ASKED, Summary, content, filled, step
from bot.knowledge.entry import Knowledge
from tests.advice.habits import screening
from tests.advice.scenes import CLINIC, ENTRIES, scene

KNOWLEDGE = Knowledge(ENTRIES, CLINIC, {}, screening())
ANSWERS = {"smoking": "ten-plus", "sleep": ""}
ASKED = ["botox/cost", "botox/gone"]
NOW = 1_800_000_000


def go(action: str, summary: Summary | None = None, **changes: Any) -> tuple[Reply, Summary]:
    given = {"answers": ANSWERS, "asked": ASKED, "knowledge": KNOWLEDGE, **changes}
    return step(
        action,
        summary or Summary(),
        given["answers"],
        given["asked"],
        scene(screening=screening()),
        given["knowledge"],
        NOW,
    )


def actions(reply: Reply) -> set[str]:
    return {button.action for button in buttons(reply)}


def test_the_preview_shows_all_that_would_be_on_the_page() -> None:
    reply, summary = go("")
    words = plain_text(reply)
    for part in ("Now, 10 or more a day", "About botox/cost", screening().doctor_questions[0]):
        assert part in words
    assert summary.made == 0
    assert len(actions(reply)) == 4


def test_a_part_is_left_out_and_put_back() -> None:
    reply, summary = go("summary:without:answers")
    assert "10 or more" not in plain_text(reply)
    assert {"summary:with:answers", "summary:make"} <= actions(reply)
    reply, summary = go("summary:with:answers", summary)
    assert "10 or more" in plain_text(reply)
    assert summary.without == ()


def test_the_page_is_what_was_shown_last() -> None:
    _, summary = go("summary:without:asked")
    reply, made = go("summary:make", summary)
    assert made.made == NOW
    assert made.asked == ()
    assert Summary.from_json(made.to_json()) == made
    assert [b.path for b in reply.blocks if isinstance(b, Page)] == [f"/summary/{NOW}"]


@pytest.mark.parametrize("action", ["summary:make", "summary:start"])
def test_with_nothing_to_show_no_page_is_made(action: str) -> None:
    empty = {"answers": {}, "asked": [], "knowledge": Knowledge(ENTRIES, CLINIC)}
    reply, summary = go(action, **empty)
    assert summary.made == 0
    assert "summary:make" not in actions(reply)


def test_an_unknown_part_is_not_left_out() -> None:
    assert go("summary:without:everything")[1].without == ()


def test_only_the_last_titles_fit() -> None:
    asked = [f"botox/{n}" for n in range(40)]
    assert filled(Summary(), {}, asked).asked == tuple(asked[-MAX_ASKED:])


def test_what_is_no_longer_published_is_left_out() -> None:
    summary = filled(Summary(), {"smoking": "pipe", "tv": "often"}, ["botox/gone"])
    assert content(summary, KNOWLEDGE).answers == ()
    assert content(summary, KNOWLEDGE).asked == ()
