"""The tiny markup of answers as the browser makes it."""

from __future__ import annotations

from typing import Any

from tests.channels.widget.browsing import BROWSER
from tests.channels.widget.conftest import Visit

pytestmark = BROWSER

SERIALISE = """async (texts) => {
  const { markup } = await import("/widget/markup.js");
  const link = (n) => n.href ? [{ href: n.href, rel: n.rel, target: n.target }] : [];
  const plain = (n) => n.nodeType === 3 ? n.data
    : [n.localName, ...link(n), ...[...n.childNodes].filter((c) => c.data !== "").map(plain)];
  return texts.map((text) => [...markup(text).childNodes].map(plain));
}"""


def link(label: str, href: str) -> list[Any]:
    """A link as it is made: one to the web opens a new tab, which learns nothing of this one."""
    web = href.startswith("https:")
    rel, target = ("noopener noreferrer", "_blank") if web else ("", "")
    return ["a", {"href": href, "rel": rel, "target": target}, label]


CASES: dict[str, list[Any]] = {
    "One.\n\nTwo.": [["p", "One."], ["p", "Two."]],
    "Line\nline": [["p", "Line\nline"]],
    "Lead:\n- a\n- **b**": [["p", "Lead:"], ["ul", ["li", "a"], ["li", ["strong", "b"]]]],
    "Lead:\n\n- a\n- b\n\nAfter.": [
        ["p", "Lead:"],
        ["ul", ["li", "a"], ["li", "b"]],
        ["p", "After."],
    ],
    "<b>x</b> & <img src=x onerror=alert(1)>": [["p", "<b>x</b> & <img src=x onerror=alert(1)>"]],
    "[x](javascript:alert(1))": [["p", "[x](javascript:alert(1))"]],
    "[x](javascript:alert)": [["p", "x"]],
    "[x](data:text/html,y)": [["p", "x"]],
    "[x](http://plain.example)": [["p", "x"]],
    "[x](//evil.example)": [["p", "x"]],
    "[x](JaVaScRiPt:1)": [["p", "x"]],
    "[x](blob:https://a.example/1)": [["p", "x"]],
    "[call](tel:999)": [["p", link("call", "tel:999")]],
    "[us](mailto:a@b.example)": [["p", link("us", "mailto:a@b.example")]],
    "See [a](https://a.example/).": [["p", "See ", link("a", "https://a.example/"), "."]],
    "At https://a.example/b_c or ring.": [
        ["p", "At ", link("https://a.example/b_c", "https://a.example/b_c"), " or ring."]
    ],
    "Look: https://a.example/b.": [
        ["p", "Look: ", link("https://a.example/b", "https://a.example/b"), "."]
    ],
    "http://plain.example stays": [["p", "http://plain.example stays"]],
    "**open": [["p", "**open"]],
    "": [],
}


def test_markup_becomes_nodes_and_only_safe_links(visit: Visit) -> None:
    made = visit("/embed").page.evaluate(SERIALISE, list(CASES))
    assert dict(zip(CASES, made, strict=True)) == CASES
