"""An answer is changed on the page: checked, written, published by name, and never lost."""

from __future__ import annotations

import threading
from datetime import date
from html import unescape
from pathlib import Path

import pytest
from sqlalchemy.engine import Engine

from bot.knowledge.live import Live
from bot.store.records import list_publications
from bot.store.unanswered import list_unanswered
from tests.staff.conftest import BOTOX, Staff, asked

OUTSIDE = ("../secrets/x", "botox/../../secret", "..%2f..%2fsecret/x", "botox/%2e%2e", "botox/a b",
           "BOTOX/x", "nowhere/new", "wordings/x", "botox/x.md", "botox/\x00", "_x/y")  # fmt: skip


@pytest.fixture
def file(folder: Path) -> Path:
    return folder / f"{BOTOX}.md"


def live_text(engine: Engine) -> str:
    """The short answer that visitors get."""
    return Live(engine).current().knowledge.entries[BOTOX].short


def test_a_saved_text_is_in_the_file_and_live_by_the_editors_name(
    member: Staff, engine: Engine, file: Path
) -> None:
    text = file.read_text().replace("Most people", "Many people")
    page = member.save(BOTOX, text.replace("\n", "\r\n"), note="as the label says")
    assert "It is live" in page.text
    assert file.read_bytes() == text.encode()
    assert live_text(engine).startswith("Many people")
    newest = list_publications(engine)[0]
    assert (newest.author, newest.note) == ("Zoë Staff", "as the label says")
    assert [path.name for path in file.parent.iterdir()] == [file.name]


def test_a_text_with_problems_is_not_written_and_comes_back_with_their_lines(
    member: Staff, engine: Engine, file: Path
) -> None:
    sound, before = file.read_text(), list_publications(engine)
    faulty = sound.replace("title:", "tittle:").replace("Most people", "Nobody at all")
    page = member.save(BOTOX, faulty)
    assert page.status_code == 422
    assert "Nobody at all" in page.text
    assert 'data-line="2"' in page.text and "tittle" in page.text
    assert file.read_text() == sound
    assert list_publications(engine) == before


def test_a_problem_that_only_the_whole_check_finds_is_shown_and_the_text_kept(
    member: Staff, engine: Engine, folder: Path, file: Path
) -> None:
    """Here in another file, which is broken while the page's own text is sound."""
    retinol = folder / "retinol" / "how-to-start.md"
    retinol.write_text(retinol.read_text().replace("title:", "tittle:"))
    sound = file.read_text()
    page = member.save(BOTOX, sound.replace("Most people", "Many people"))
    assert "was not published" in page.text and "tittle" in page.text
    assert file.read_text() == sound
    assert live_text(engine).startswith("Most people")
    back = member.get(page.url.path.removeprefix("/staff") + "/text")
    assert "Many people" in back.text and "tittle" in back.text


def test_a_draft_is_saved_and_nothing_changes_for_visitors(
    member: Staff, engine: Engine, folder: Path
) -> None:
    before = list_publications(engine)
    text = (folder / f"{BOTOX}.md").read_text()
    for old, new in (
        ("status: sourced", "status: draft"),
        ("title: How", "title: So how"),
        ("lasts", "stays"),
        ("  - ", "  - draft "),
        ("months until", "weeks till"),
        ("  - draft title:", "  - title:"),
    ):
        text = text.replace(old, new)  # fmt: skip
    page = member.save("botox/a-draft", text, base="")
    assert "It is saved" in page.text
    assert (folder / "botox" / "a-draft.md").read_text() == text
    assert list_publications(engine) == before


def test_of_two_editors_the_second_sees_the_firsts_change_and_overwrites_nothing(
    member: Staff, engine: Engine, file: Path
) -> None:
    base, sound = member.base_of(BOTOX), file.read_text()
    other = Staff(member.base)
    other.log_in(name="Other")
    first = sound.replace("Most people", "Many people")
    assert "It is live" in other.save(BOTOX, first).text
    mine = sound.replace("three to four months", "about a season")
    page = member.save(BOTOX, mine, base=base)
    assert page.status_code == 409
    assert file.read_text() == first
    assert "-Many people see it fade" in page.text and "about a season" in unescape(page.text)
    merged = first.replace("three to four months", "about a season")
    assert "It is live" in member.save(BOTOX, merged).text
    assert live_text(engine).startswith("Many people see it fade after about a season")


def test_a_change_that_comes_while_it_is_checked_is_not_overwritten(
    member: Staff, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from bot.staff import press

    real = press.build

    def slow(*args: object, **named: object) -> object:
        file.write_text(file.read_text().replace("Most people", "Some people"))
        return real(*args, **named)  # type: ignore[arg-type]  # passed on as they came

    monkeypatch.setattr(press, "build", slow)
    page = member.save(BOTOX, file.read_text().replace("Most people", "Many people"))
    assert "Somebody else was quicker" in page.text
    assert "Some people" in file.read_text()
    back = member.get(page.url.path.removeprefix("/staff") + "/text")
    assert back.status_code == 409 and "Many people" in back.text


def test_while_it_is_published_the_server_goes_on_answering(
    member: Staff, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from bot.staff import press

    real, go_on = press.build, threading.Event()

    def slow(*args: object, **named: object) -> object:
        assert go_on.wait(30)
        return real(*args, **named)  # type: ignore[arg-type]  # passed on as they came

    monkeypatch.setattr(press, "build", slow)
    family, _, slug = BOTOX.partition("/")
    text = file.read_text().replace("Most people", "Many people")
    sent = {"family": family, "slug": slug, "text": text, "base": member.base_of(BOTOX)}
    started = member.post("/save", do="publish", **sent)
    try:
        waiting = member.client.get(started.headers["location"])
        assert 'http-equiv="refresh"' in waiting.text
        assert member.client.post("/webhooks/web/session").status_code == 200
        assert file.read_text() != text  # it is written last
    finally:
        go_on.set()
    assert "It is live" in member.outcome(started).text


def test_a_file_that_cannot_be_written_is_said_and_the_text_kept(
    member: Staff, engine: Engine, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("bot.staff.shelf.os.fsync", full)
    sound = file.read_text()
    page = member.save(BOTOX, sound.replace("Most people", "Many people"))
    assert "No space left" in page.text
    assert file.read_text() == sound and live_text(engine).startswith("Most people")
    assert [path.name for path in file.parent.iterdir()] == [file.name]
    assert "Many people" in member.get(page.url.path.removeprefix("/staff") + "/text").text


def test_nothing_outside_the_families_is_read_or_written(member: Staff, folder: Path) -> None:
    (folder.parent / "secret.md").write_text("the secret")
    text = (folder / f"{BOTOX}.md").read_text()
    before = sorted(path for path in folder.parent.rglob("*") if path.suffix == ".md")
    for id_ in OUTSIDE:
        shown = member.get(f"/entry/{id_}".replace("\x00", "%00"))
        assert shown.status_code in (400, 404) and "the secret" not in shown.text, id_
        for base in ("", "a" * 64):
            family, _, slug = id_.rpartition("/")
            sent = {"family": family, "slug": slug, "base": base, "text": text}
            saved = member.post("/save", do="publish", **sent)
            wanted = (404, 422) if id_ != "botox/x.md" else (409, 422)
            assert saved.status_code in wanted, (id_, saved.text[:200])
    after = sorted(path for path in folder.parent.rglob("*") if path.suffix == ".md")
    assert after == before


def test_what_an_entry_says_is_text_and_never_markup_of_the_page(member: Staff, file: Path) -> None:
    script = "<script>alert(1)</script><img src=x onerror=alert(1)>"
    text = file.read_text().replace("Most people", f"{script}</textarea>{script} Most people")
    text = text.replace("(https://publisher.example/trial)", "(javascript:alert(1))")
    family, _, slug = BOTOX.partition("/")
    page = member.post("/save", do="check", family=family, slug=slug, text=text,
                       base=member.base_of(BOTOX), note=f'"{script}')  # fmt: skip
    assert page.status_code == 200
    assert "<script>alert" not in page.text and "<img" not in page.text
    assert 'href="javascript' not in page.text
    assert "&lt;script&gt;alert(1)" in page.text


@pytest.mark.parametrize("text", ["", "x" * 100_000, "---\n---\n", "\x00\x01", "{" * 5000,
                                  "--- \n" + "a: &a [*a, *a]\n" * 50, "\ud800"])  # fmt: skip
def test_whatever_is_typed_gets_a_page_and_changes_nothing(
    member: Staff, file: Path, text: str
) -> None:
    sound = file.read_text()
    family, _, slug = BOTOX.partition("/")
    fields = {"family": family, "slug": slug, "base": member.base_of(BOTOX)}
    sent = text.encode(errors="surrogatepass")
    for path, do in (("/preview", "check"), ("/save", "check"), ("/save", "publish")):
        data = {**fields, "csrf": member.csrf(), "do": do, "text": sent}
        response = member.client.post(f"/staff{path}", data=data)
        assert response.status_code in (200, 413, 422), response.text
    assert file.read_text() == sound


def test_the_preview_has_problems_and_the_reply_as_visitors_get_it(
    member: Staff, file: Path
) -> None:
    family, _, slug = BOTOX.partition("/")
    text = file.read_text().replace("retinol/how-to-start", "retinol/how-to-stat")
    page = member.post("/preview", family=family, slug=slug, base="a" * 64, text=text).text
    assert "Did you mean" in page and "retinol/how-to-start" in page
    assert "Most people see it fade" in page and "A label" in page
    assert "<html" not in page


def test_an_unanswered_group_becomes_a_new_answer_which_only_staff_save(
    member: Staff, engine: Engine, folder: Path
) -> None:
    asked(engine, "can i swim after it", "can i swim after", 'is "swimming": ok')
    files = sorted(folder.rglob("*"))
    page = member.get("/unanswered").text
    assert "can i swim after" in page
    group = max(message.id for message in list_unanswered(engine))
    new = unescape(member.get(f"/new?group={group}").text)
    assert "  - can i swim after" in new or '  - "is \\"swimming\\": ok"' in new
    assert f"checked_on: {date.today().isoformat()}" in new and "status: draft" in new
    assert "can i swim after botox" not in new.split("test_questions:")[0].split("questions:")[1]
    assert sorted(folder.rglob("*")) == files
    assert len(list_unanswered(engine)) == 3


def test_a_groups_wordings_are_proposed_for_an_entry_and_none_twice(
    member: Staff, engine: Engine, file: Path
) -> None:
    asked(engine, "how long does botox last", "does botox last for ages")
    sound = file.read_text()
    ids = [message.id for message in list_unanswered(engine)]
    for id_ in ids:
        there = member.get(f"/add-to?entry={BOTOX}&group={id_}")
        assert there.headers["location"] == f"/staff/entry/{BOTOX}?group={id_}"
    proposed = [unescape(member.get(f"/entry/{BOTOX}?group={id_}").text) for id_ in ids]
    assert any("weeks until botox fades away\n  - does botox last for ages\ntest" in p
               for p in proposed)  # fmt: skip
    assert all(p.count("  - how long does botox last\n") == 1 for p in proposed)
    assert file.read_text() == sound


def test_a_new_answer_needs_a_name_of_its_own(member: Staff, folder: Path) -> None:
    text = (folder / f"{BOTOX}.md").read_text()
    for family, slug in (("", "x"), ("botox", ""), ("botox", "Not good")):
        page = member.post("/save", do="publish", family=family, slug=slug, base="", text=text)
        assert page.status_code == 422 and "Most people" in page.text
    family, _, slug = BOTOX.partition("/")
    taken = member.post("/save", do="publish", family=family, slug=slug, base="", text=text)
    assert taken.status_code in (409, 422)
    assert (folder / f"{BOTOX}.md").read_text() == text


def test_a_publication_that_is_not_known_is_said(member: Staff) -> None:
    for path in ("/publishing/abc", "/publishing/abc/text", "/publishing/%2e%2e/text"):
        assert member.get(path).status_code in (303, 404)
