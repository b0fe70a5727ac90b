from __future__ import annotations

import io

import pytest
from PIL import Image

from bot.advice.reply import Bar, Chart
from bot.channels.telegram.picture import EMPTY, FILLED, MARGIN, WIDTH, draw


def drawn(*bars: Bar, title: str = "Habits") -> Image.Image:
    return Image.open(io.BytesIO(draw(Chart(title, bars)))).convert("RGB")


def pixels(image: Image.Image, colour: tuple[int, int, int]) -> int:
    return {c: n for n, c in image.getcolors(1 << 20) or []}.get(colour, 0)


def test_it_is_a_png_as_wide_as_a_telephone_shows_it() -> None:
    image = drawn(Bar("Sun", "a lot", 1.0))
    assert image.width == WIDTH


@pytest.mark.parametrize("share", [0.0, 0.25, 0.5, 1.0])
def test_a_bar_is_as_long_as_its_share(share: float) -> None:
    image = drawn(Bar("Sun", "some", share))
    filled, empty = pixels(image, FILLED), pixels(image, EMPTY)
    assert filled / (filled + empty) == pytest.approx(share, abs=0.02)


@pytest.mark.parametrize("share", [-1.0, 2.0])
def test_a_share_that_cannot_be_stays_in_the_picture(share: float) -> None:
    image = drawn(Bar("Sun", "some", share))
    right = image.crop((WIDTH - MARGIN + 1, 0, WIDTH, image.height))
    assert pixels(right, FILLED) == 0


def test_long_words_are_wrapped_inside_the_margins() -> None:
    title = "What you told me about the habits that may age your skin over the years"
    image = drawn(
        Bar("Sleep, stress and how you feel most days", "worth some attention", 0.5), title=title
    )
    edge = image.crop((WIDTH - MARGIN + 2, 0, WIDTH, image.height))
    assert edge.getcolors() == [(edge.width * edge.height, (255, 255, 255))]


def test_every_row_makes_it_higher() -> None:
    one, three = drawn(Bar("a", "b", 0.5)), drawn(*[Bar("a", "b", 0.5)] * 3)
    assert three.height > one.height + 100


def test_no_bars_are_a_title_alone() -> None:
    assert pixels(drawn(), EMPTY) == 0
