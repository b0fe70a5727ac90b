"""What staff see of how the bot is doing, and what they can do about it with one click."""

from __future__ import annotations

import json
from datetime import date, datetime, timedelta, timezone
from html import unescape
from pathlib import Path

from sqlalchemy import insert
from sqlalchemy.engine import Engine

from bot.store.records import list_publications
from bot.store.tables import feedback
from bot.store.unanswered import list_unanswered
from tests.staff.conftest import BOTOX, Staff, asked


def test_every_answer_is_listed_and_says_when_its_file_differs_from_what_is_live(
    member: Staff, folder: Path
) -> None:
    assert "differs from what is live" not in member.get("").text
    file = folder / f"{BOTOX}.md"
    file.write_text(file.read_text().replace("Most people", "Many people"))
    page = member.get("").text
    assert page.count("differs from what is live") == 1
    assert "How to start retinol" in page and f"/staff/entry/{BOTOX}" in page


def test_an_answer_that_cannot_be_read_is_still_listed(member: Staff, folder: Path) -> None:
    (folder / "botox" / "broken.md").write_text("nothing of an entry")
    assert "/staff/entry/botox/broken" in member.get("").text
    assert member.get("/entry/botox/broken").status_code == 200


def test_what_was_asked_alike_stands_together_with_its_count(member: Staff, engine: Engine) -> None:
    assert "Every question was answered." in member.get("/unanswered").text
    asked(engine, "do you do lash extensions", "do you do lash extensions", "can i bring my dog")
    page = member.get("/unanswered").text
    assert page.index("lash extensions") < page.index("bring my dog")
    assert "<strong>2</strong> times" in page and "<strong>1</strong> time," in page
    assert BOTOX in page and "score 0.25" in page


def test_a_visitors_question_is_text_and_never_markup(member: Staff, engine: Engine) -> None:
    asked(engine, "<script>alert(1)</script>", "'\"><img src=x onerror=alert(1)>", entry=None)
    page = member.get("/unanswered").text
    assert "<script>alert" not in page and "<img" not in page
    assert "&lt;script&gt;alert(1)" in page
    for message in list_unanswered(engine):
        new = member.get(f"/new?group={message.id}").text
        assert "<script>alert" not in new and "<img" not in new


def test_a_group_that_is_dealt_with_is_put_away(member: Staff, engine: Engine) -> None:
    asked(engine, "do you do lash extensions", "can i bring my dog")
    keep, go = list_unanswered(engine)
    assert member.post("/put-away", group=str(go.id)).status_code == 303
    assert list_unanswered(engine) == [keep]
    assert member.post("/put-away", group="nonsense").status_code == 303
    assert list_unanswered(engine) == [keep]


def test_thumbs_down_are_counted_by_entry(member: Staff, engine: Engine) -> None:
    assert "No visitor has given a thumbs down." in member.get("/thumbs").text
    with engine.begin() as connection:
        for position, (entries, value) in enumerate(
            [
                ([BOTOX], "down"),
                ([BOTOX, "gone/away"], "down"),
                ([BOTOX], "up"),
                (["retinol/how-to-start"], "up"),
            ]
        ):
            connection.execute(
                insert(feedback).values(
                    conversation="web-1", position=position, entries=json.dumps(entries),
                    publication="", value=value, created_at=datetime.now(timezone.utc),
                )
            )  # fmt: skip
    page = " ".join(member.get("/thumbs").text.split())
    assert "How Botox lasts" not in page
    assert "How long Botox lasts" in page and "gone/away" in page
    assert '<td class="number">2</td><td class="number">1</td>' in page
    assert "How to start retinol" not in page  # nobody minded it


def test_entries_near_and_past_their_review_are_listed_most_urgent_first(
    member: Staff, folder: Path
) -> None:
    assert "Nothing is due" in member.get("/review").text
    for name, days in ((BOTOX, 10), ("retinol/how-to-start", -3)):
        file = folder / f"{name}.md"
        old = (date.today() + timedelta(days=300)).isoformat()
        file.write_text(
            file.read_text().replace(old, (date.today() + timedelta(days=days)).isoformat())
        )
    page = member.get("/review").text
    assert page.index("How to start retinol") < page.index("How long Botox lasts")
    assert "not shown" in page


def test_one_can_try_what_a_visitor_would_get_and_see_why(member: Staff) -> None:
    page = unescape(member.post("/try", text="<b>does it hurt</b>").text)
    assert "About <b>does it hurt</b>." in page
    assert "Decision: question" in page
    assert "<b>does" not in member.post("/try", text="<b>does it hurt</b>").text


def test_one_click_makes_an_earlier_publication_live_again(
    member: Staff, engine: Engine, folder: Path
) -> None:
    first = list_publications(engine)[0]
    member.save(BOTOX, (folder / f"{BOTOX}.md").read_text().replace("Most", "Many"))
    assert "AB" in member.get("/history").text
    response = member.post("/rollback", digest=first.digest)
    assert "live again" in member.client.get(response.headers["location"]).text
    newest = list_publications(engine)[0]
    assert (newest.digest, newest.author) == (first.digest, "Zoë Staff")
    assert "differs from what is live" in member.get("").text


def test_going_back_to_nothing_changes_nothing(member: Staff, engine: Engine) -> None:
    before = list_publications(engine)
    for digest in ("", "zzzz", "a" * 64, "%", before[0].digest):
        assert member.post("/rollback", digest=digest).status_code == 409, digest
    assert list_publications(engine) == before


def test_without_a_database_the_page_says_so(member: Staff, engine: Engine, tmp_path: Path) -> None:
    with engine.begin() as connection:
        connection.exec_driver_sql("DROP TABLE staff_sessions")
    response = member.get("/history")
    assert response.status_code == 503 and "try again" in response.text
