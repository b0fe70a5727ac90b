from __future__ import annotations

import html
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.telegram.markup import (
    MAX_URL,
    Span,
    link,
    size,
    spans,
    split,
    to_html,
    to_plain,
)
from tests.channels.telegram.stand_in import shown

LIMIT = 60
TEXTS = st.text(alphabet=st.sampled_from("ab <>&\"'*_[]()\n😀é-"), max_size=400)


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("a **b** c", "a <b>b</b> c"),
        ("[NHS](https://nhs.uk/a?b=1&c=2)", '<a href="https://nhs.uk/a?b=1&amp;c=2">NHS</a>'),
        ("[x](javascript:alert(1))", "[x](javascript:alert(1))"),
        ("[x](javascript:1)", "x"),
        ("[ring](tel:+44123)", '<a href="tel:+44123">ring</a>'),
        ("- one\n- two", "• one\n• two"),
        ("1 < 2 & 3 > 2", "1 &lt; 2 &amp; 3 &gt; 2"),
        ("<b>bold</b>", "&lt;b&gt;bold&lt;/b&gt;"),
        ("a * b ** c", "a * b ** c"),
        ("a\n\n\n\nb", "a\n\nb"),
        ("", ""),
    ],
)
def test_the_markup_of_answers_becomes_telegrams(written: str, expected: str) -> None:
    assert to_html(spans(written)) == expected


def test_a_notice_is_in_italics_with_its_markup() -> None:
    assert to_html(spans("a **b**", italic=True)) == "<i>a </i><i><b>b</b></i>"


def test_plain_text_keeps_the_address_of_a_link() -> None:
    assert to_plain(spans("see [NHS](https://nhs.uk), **now**")) == "see NHS (https://nhs.uk), now"


def test_an_address_as_long_as_a_message_is_left_out() -> None:
    assert link("a", "https://" + "a" * MAX_URL).url == ""


def test_size_counts_what_telegram_counts() -> None:
    assert size([Span("a&😀")]) == len("a&amp;") + 2  # an emoji is two units of UTF-16
    assert size([Span("a", bold=True)]) == len("<b>a</b>")


def test_a_text_that_fits_stays_whole() -> None:
    assert split(spans("one\n\ntwo"), LIMIT) == [spans("one\n\ntwo")]


@pytest.mark.parametrize(
    ("written", "pieces"),
    [
        (f"{'a' * 40}\n\n{'b' * 40}\n\n{'c' * 10}", ["a" * 40, "b" * 40 + "\n\n" + "c" * 10]),
        (f"{'a' * 40}\n{'b' * 40}", ["a" * 40, "b" * 40]),
        (f"{'a' * 40} {'b' * 40}", ["a" * 40, "b" * 40]),
        ("a" * 130, ["a" * 59, "a" * 59, "a" * 12]),
    ],
    ids=["paragraphs", "lines", "words", "anywhere"],
)
def test_a_long_text_is_cut_at_the_best_place(written: str, pieces: list[str]) -> None:
    assert [to_plain(piece) for piece in split(spans(written), LIMIT)] == pieces


def test_bold_goes_on_over_a_cut() -> None:
    pieces = split((Span("word " * 30, bold=True),), LIMIT)
    assert len(pieces) > 1
    assert all(re.fullmatch(r"<b>.*</b>", to_html(piece)) for piece in pieces)


def test_nothing_at_all_is_no_message() -> None:
    assert split(spans(" \n\n "), LIMIT) == []


def test_what_is_folded_stays_folded_in_each_message() -> None:
    lines = [Span(f"line {number}\n", folded=True) for number in range(30)]
    pieces = split((Span("before\n\n"), *lines), 2 * LIMIT)
    assert len(pieces) > 2
    for piece in pieces:
        markup = to_html(piece)
        assert shown(markup, "HTML").strip()
        assert ("line" in markup) == markup.count("<blockquote expandable>")


@given(TEXTS)
def test_whatever_is_written_each_message_can_be_read_and_nothing_is_lost(text: str) -> None:
    pieces = split(spans(text), LIMIT)
    for piece in pieces:
        markup = to_html(piece)
        assert 0 < len(markup.encode("utf-16-le")) // 2 < LIMIT
        assert (
            shown(markup, "HTML").strip()
            == html.unescape(re.sub(r"</?\w[^>]*>", "", markup)).strip()
        )
        assert shown(markup, "HTML").strip()
    kept = re.sub(r"\s", "", "".join(to_plain(piece) for piece in pieces))
    assert kept == re.sub(r"\s", "", to_plain(spans(text)))
