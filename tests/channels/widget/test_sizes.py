"""What the widget weighs on the wire, compressed as it is served."""

from __future__ import annotations

import re
from functools import cache

import httpx

from bot.channels.assets import WIDGET

LOADER_BYTES = 3 * 1024
ALL_BYTES = 20 * 1024


@cache
def fetched_by_a_visitor() -> list[str]:
    """What opening the chat loads: every script, its style and its words."""
    scripts = sorted(path.name for path in WIDGET.glob("*.js") if path.name != "loader.js")
    return ["/widget.js", *(f"/widget/{name}" for name in [*scripts, "panel.css", "words.json"])]


def weigh(base: str, path: str) -> int:
    """Bytes of the body as it crosses the network."""
    headers = {"Accept-Encoding": "gzip"}
    with httpx.stream("GET", base + path, headers=headers, trust_env=False) as response:
        assert response.status_code == 200
        assert response.headers["content-encoding"] == "gzip"
        return sum(map(len, response.iter_raw()))


def test_before_the_visitor_acts_it_is_3_kb(base: str) -> None:
    assert weigh(base, "/widget.js") <= LOADER_BYTES


def test_all_of_it_is_20_kb(base: str) -> None:
    assert sum(weigh(base, path) for path in fetched_by_a_visitor()) <= ALL_BYTES


def test_nothing_else_is_loaded() -> None:
    """The scripts import only each other, so the sum above is all there is."""
    for script in WIDGET.glob("*.js"):
        text = script.read_text(encoding="utf-8")
        imported = re.findall(r'from "([^"]+)"', text) + re.findall(r"import\((?!`\$\{base)", text)
        assert all((WIDGET / name).is_file() for name in imported), script.name
