"""Draws a chart as a picture that can be read on a telephone: words and lengths, and no numbers."""

from __future__ import annotations

import io

from PIL import Image, ImageDraw, ImageFont

from bot.advice.reply import Bar, Chart

WIDTH = 1080
"""Pixels: as wide as Telegram shows a photo, so that nothing is blurred by scaling."""
MARGIN = 60
TITLE_SIZE = 54
LABEL_SIZE = 42
BAR_HEIGHT = 40
BAR_GAP = 10
ROW_GAP = 40
LINE = 1.25
"""Of a text's size, from line to line."""

PAPER = (255, 255, 255)
INK = (31, 41, 55)
QUIET = (75, 85, 99)
EMPTY = (229, 231, 235)
FILLED = (15, 118, 110)
"""Teal on grey: told apart by its darkness too, for whoever does not see colours (4.5:1)."""

Font = ImageFont.FreeTypeFont | ImageFont.ImageFont


def draw(chart: Chart) -> bytes:
    """The chart as a PNG."""
    title, label = _font(TITLE_SIZE), _font(LABEL_SIZE)
    heading = _wrap(chart.title, title, WIDTH - 2 * MARGIN)
    rows = [(bar, *_captions(bar, label)) for bar in chart.bars]
    heights = [
        _height(len(names) + len(levels), LABEL_SIZE) + BAR_GAP + BAR_HEIGHT
        for _, names, levels in rows
    ]
    top = MARGIN + _height(len(heading), TITLE_SIZE)
    height = top + sum(each + ROW_GAP for each in heights) + MARGIN
    image = Image.new("RGB", (WIDTH, height), PAPER)
    canvas = ImageDraw.Draw(image)
    _text(canvas, MARGIN, heading, title, TITLE_SIZE, INK)
    y = top + ROW_GAP
    for (bar, names, levels), row in zip(rows, heights, strict=True):
        below = _text(canvas, y, names, label, LABEL_SIZE, INK)
        if levels:
            below = _text(canvas, below, levels, label, LABEL_SIZE, QUIET)
        else:
            width = canvas.textlength(bar.level, font=label)
            canvas.text((WIDTH - MARGIN - width, y), bar.level, QUIET, label)
        _bar(canvas, below + BAR_GAP, bar.share)
        y += row + ROW_GAP
    file = io.BytesIO()
    image.save(file, "PNG", optimize=True)
    return file.getvalue()


def _captions(bar: Bar, font: Font) -> tuple[list[str], list[str]]:
    """A row's lines: its level stands on the right of its label, or below it for lack of room."""
    room = WIDTH - 2 * MARGIN
    if font.getlength(f"{bar.label}    {bar.level}") <= room:
        return [bar.label], []
    return _wrap(bar.label, font, room), _wrap(bar.level, font, room)


def _bar(canvas: ImageDraw.ImageDraw, y: int, share: float) -> None:
    right, radius = WIDTH - MARGIN, BAR_HEIGHT // 2
    canvas.rounded_rectangle((MARGIN, y, right, y + BAR_HEIGHT), radius, EMPTY)
    length = round((right - MARGIN) * min(max(share, 0.0), 1.0))
    if length:
        end = MARGIN + max(length, BAR_HEIGHT)  # a shorter one could not be round
        canvas.rounded_rectangle((MARGIN, y, end, y + BAR_HEIGHT), radius, FILLED)


def _text(
    canvas: ImageDraw.ImageDraw,
    y: int,
    lines: list[str],
    font: Font,
    size: int,
    colour: tuple[int, int, int],
) -> int:
    """Write lines, and give where the next thing goes."""
    for number, line in enumerate(lines):
        canvas.text((MARGIN, y + _height(number, size)), line, colour, font)
    return y + _height(len(lines), size)


def _height(lines: int, size: int) -> int:
    return round(lines * size * LINE)


def _wrap(text: str, font: Font, room: int) -> list[str]:
    lines = [""]
    for word in text.split():
        longer = f"{lines[-1]} {word}".strip()
        if lines[-1] and font.getlength(longer) > room:
            lines.append(word)
        else:
            lines[-1] = longer
    return lines


def _font(size: int) -> Font:
    """The one that Pillow brings, so that a picture is the same on every machine."""
    return ImageFont.load_default(size)
