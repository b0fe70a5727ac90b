"""What visitors asked becomes YAML that says just that."""

from __future__ import annotations

from datetime import date

import pytest
from ruamel.yaml import YAML

from bot.staff.propose import added, new_answer, slug
from tests.knowledge.folder import ENTRY, RETINOL, TODAY
from tests.staff.conftest import TEMPLATE

ODD = ["yes", "is it: ok?", "- dash", "# hash", "[name] asks", "it's 5 o'clock",
       'say "hi" \\ there', "{brace}",
       "& and", "* star", "5", "null", "100 % sure", "a #tag", "🙂", "@me", "'quoted'",
       "Does it hurt - really?", "two\nlines"]  # fmt: skip


def questions(text: str) -> list[str]:
    front = text.split("---\n")[1]
    read: list[str] = YAML(typ="safe").load(front)["questions"]
    return read


@pytest.mark.parametrize("wording", ODD)
def test_any_wording_is_read_back_as_it_was_asked(wording: str) -> None:
    said = " ".join(wording.split())
    assert questions(new_answer(TEMPLATE, "x", [wording, "another"], TODAY)) == [said, "another"]
    assert questions(added(ENTRY, [wording]))[-1] == said


def test_a_new_answer_keeps_the_rest_of_the_template() -> None:
    made = new_answer(TEMPLATE, "lash-extensions", ["do you do lashes"], date(2026, 11, 21))
    assert "title: Lash extensions" in made and "status: draft" in made and "## More" in made
    assert new_answer(TEMPLATE, "x", [], TODAY).count("  - ") >= 8


def test_added_questions_follow_the_old_ones_and_none_comes_twice() -> None:
    text = added(ENTRY, ["How long does botox last", "is it for ever"])
    assert questions(text) == [*questions(ENTRY), "is it for ever"]
    assert text.replace("  - is it for ever\n", "") == ENTRY
    assert added(text, ["is it for ever"]) == text


@pytest.mark.parametrize(
    "text", ["", "no front matter", "---\nquestions: [a, b]\n---\n", RETINOL[:20]]
)
def test_a_text_without_a_list_of_questions_stays_as_it_is(text: str) -> None:
    assert added(text, ["is it for ever"]) == text


@pytest.mark.parametrize(
    ("wording", "name"),
    [
        ("Can I swim after Botox?", "can-i-swim-after-botox"),
        ("I'm [name], what's ultherapy like at 50", "im-whats-ultherapy-like-at-50"),
        ("🙂", "new-answer"),
        ("../../etc/passwd", "etc-passwd"),
        ("", "new-answer"),
    ],
)
def test_a_wording_becomes_a_file_name(wording: str, name: str) -> None:
    assert slug(wording) == name
