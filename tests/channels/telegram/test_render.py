from __future__ import annotations

import pytest

from bot.advice.reply import (
    Bar,
    Button,
    Buttons,
    Chart,
    Kind,
    Notice,
    Page,
    Reply,
    SourceItem,
    Sources,
    Text,
)
from bot.advice.wording import Wording
from bot.channels.telegram.render import File, Picture, Rendered, Words, render, rows

WORDING = Wording.load()


def of(*blocks: object) -> Rendered:
    pages = {"/summary/t": b"<!doctype html>"}
    return render(Reply(Kind.ANSWER, blocks), WORDING, pages.get)  # type: ignore[arg-type]


def test_what_fits_is_one_message_in_the_order_of_the_blocks() -> None:
    items = (
        SourceItem("Botox", "NHS", "guideline", "https://nhs.uk/botox", "2023"),
        SourceItem("A leaflet", "", "label"),
    )
    (words,) = of(Notice("A machine."), Text("Three months."), Sources("Sources:", items)).parts
    assert isinstance(words, Words)
    assert words.html == (
        "<i>A machine.</i>\n\nThree months.\n\n<blockquote expandable><i>Sources:</i>\n"
        '• <a href="https://nhs.uk/botox">Botox</a>, NHS, 2023\n• A leaflet</blockquote>'
    )
    assert "Botox (https://nhs.uk/botox), NHS, 2023" in words.plain


def test_a_chart_and_a_page_come_where_they_stand() -> None:
    chart = Chart("Habits", (Bar("Sun", "a lot", 1.0),))
    long = Text("one " * 100)
    parts = of(long, chart, Text("two"), Page("Your page", "/summary/t")).parts
    assert [type(part) for part in parts] == [Words, Picture, Words, File]
    file = parts[-1]
    assert isinstance(file, File)
    assert (file.name, file.content) == ("summary.html", b"<!doctype html>")
    assert file.caption.plain == WORDING.say("telegram_page")


def test_a_few_words_before_a_picture_are_no_message_of_their_own() -> None:
    (picture,) = of(Text("one"), Chart("Habits", (Bar("Sun", "a lot", 1.0),))).parts
    assert isinstance(picture, Picture)
    assert picture.caption.plain.startswith("one\n\nHabits")


def test_a_caption_that_is_too_long_goes_on_below() -> None:
    bars = tuple(Bar(f"Habit {n} " + "x" * 60, "some", 0.5) for n in range(30))
    picture, *more = of(Chart("Habits", bars)).parts
    assert isinstance(picture, Picture)
    assert len(picture.caption.html) < 1024
    said = "\n".join([picture.caption.plain, *(part.plain for part in more)])  # type: ignore[union-attr]
    assert all(bar.label in said for bar in bars)


def test_a_page_that_has_gone_is_said_so() -> None:
    (words,) = of(Page("Your page", "/summary/other")).parts
    assert isinstance(words, Words)
    assert "no longer" in words.plain


def test_buttons_without_words_have_a_message_to_be_below() -> None:
    rendered = of(Buttons((Button("More", "more:a"),)))
    assert len(rendered.parts) == 1
    assert rendered.rows == ((Button("More", "more:a"),),)


@pytest.mark.parametrize(
    ("labels", "expected"),
    [
        (["Yes", "No", "Not sure"], [3]),
        (["Yes", "No", "Maybe", "Rarely"], [2, 2]),
        (["Back", "Skip", "Why do you ask?", "Stop"], [2, 2]),
        (["1. Never", "2. Often", "3. Now, fewer than 10 a day"], [1, 1, 1]),
        (["Tell me more", "How often Botox is repeated"], [1, 1]),
        (["a" * 80], [1]),
        ([], []),
    ],
)
def test_buttons_stand_in_rows_that_can_be_read(labels: list[str], expected: list[int]) -> None:
    made = list(rows([Button(label, "a:b") for label in labels]))
    assert [len(row) for row in made] == expected
    assert [button.label for row in made for button in row] == labels


def test_the_buttons_of_the_last_words_come_first_and_groups_do_not_mix() -> None:
    """After an answer in the middle of the questions about habits, the question's own choices."""
    rendered = of(
        Text("An answer."),
        Buttons((Button("More", "more:a"),)),
        Text("How often?"),
        Buttons((Button("Never", "b"), Button("Often", "c"))),
        Buttons((Button("Skip", "d"),)),
    )
    labels = [[button.label for button in row] for row in rendered.rows]
    assert labels == [["Never", "Often"], ["Skip"], ["More"]]
