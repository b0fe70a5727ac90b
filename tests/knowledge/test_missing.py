"""Messages become groups that staff can make answers of."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

from bot.knowledge.missing import groups
from bot.knowledge.missing_report import html
from bot.store.unanswered import Unanswered
from tests.knowledge.folder import WordEncoder

NOON = datetime(2026, 11, 21, 12, tzinfo=timezone.utc)


def message(id_: int, text: str, entry: str | None = "a/b", score: float = 0.5) -> Unanswered:
    return Unanswered(id_, NOON + timedelta(hours=id_), "unsure", text, entry, score, "abc")


LASHES = [
    message(5, "Lash extensions please", "a/c", 0.1),
    message(4, "a dog", None),
    message(3, "lash extensions please", "a/b", 0.4),
    message(1, "please lash extensions", "a/b", 0.2),
]


def test_no_messages_make_no_groups() -> None:
    assert groups([], WordEncoder()) == []


def test_a_group_tells_its_wordings_nearest_entry_and_count() -> None:
    lashes, dog = groups(LASHES, WordEncoder())
    assert [m.id for m in lashes.messages] == [5, 3, 1] and lashes.id == 1
    assert lashes.wordings[-1] == "please lash extensions"
    assert lashes.nearest == "a/b" and abs(lashes.score - 0.3) < 1e-9
    assert lashes.latest == NOON + timedelta(hours=5)
    assert (dog.nearest, dog.score, dog.kinds) == (None, 0.0, ("unsure",))


def test_a_wording_without_gaps_comes_before_one_that_a_name_was_taken_out_of() -> None:
    texts = ["[name] wants lashes", "[name] wants lashes", "wants lashes"]
    (group,) = groups([message(n, text) for n, text in enumerate(texts)][::-1], WordEncoder())
    assert group.wordings == ("wants lashes", "[name] wants lashes")


def test_groups_do_not_depend_on_when_a_message_came() -> None:
    texts = [f"{a} {b} {c}" for a in "pqrs" for b in "tuv" for c in "wxyz"]

    def grouped(order: list[str]) -> set[frozenset[str]]:
        messages = [message(number, text) for number, text in enumerate(order)]
        found = groups(messages[::-1], WordEncoder())
        return {frozenset(m.text for m in group.messages) for group in found}

    assert grouped(texts) == grouped(texts[::-1])


def test_the_page_shows_texts_as_text() -> None:
    page = html(groups([message(1, "<script>alert(1)</script> & co")], WordEncoder()))
    assert "<script>" not in page and "&lt;script&gt;" in page
    assert "http" not in page.replace("http-equiv", "")
    assert "Asked 1 time" in page


def test_the_page_without_messages_says_so() -> None:
    assert "Every question was answered." in html([])
