"""What is written comes through as it was written, and none of it comes alive."""

from __future__ import annotations

import re
from typing import Any

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
from tests.channels.small_agent import Actions, said
from tests.channels.widget.browsing import BROWSER, Visitor
from tests.channels.widget.conftest import Visit
from tests.channels.widget.corpus import LABELS, TEXTS

pytestmark = BROWSER

WATCH = """() => {
  window.refused = [];
  document.addEventListener("securitypolicyviolation", (e) => refused.push(e.effectiveDirective));
  for (const name of ["alert", "confirm", "prompt"]) window[name] = () => (window.executed = name);
}"""


def hostile(text: str) -> Reply:
    """A reply with the same text wherever knowledge files or a newer server could put it."""
    return Reply(
        Kind.ANSWER,
        (
            Text(text),
            Notice(text),
            Sources(text, (SourceItem(text, text, "trial", text, text),)),
            Chart(text, (Bar(text, text, 1.0),)),
            Page(text, text),
            Page(text, "//evil.example/x"),
            Buttons((Button(text, f"show:{text}"),)),
        ),
    )


def shown(text: str) -> str:
    """What an answer shows of a text in its markup; white space counts once, as in HTML."""
    return re.sub(r"\s+", " ", LABELS.get(text, text))


def test_forty_texts_come_through_unchanged_and_inert(visit: Visit, actions: Actions) -> None:
    assert len(set(TEXTS)) == 40

    async def echo(call: dict[str, Any]) -> dict[str, Any]:
        return said(hostile(call["tracker"]["latest_message"]["text"]).to_json())

    actions.action = echo
    visitor = visit().begin()
    policy = visitor.page.request.get("/").headers["content-security-policy"]
    assert "default-src 'self'" in policy
    assert "require-trusted-types-for 'script'" in policy
    visitor.page.evaluate(WATCH)
    for text in TEXTS:
        visitor.write(text)
    visitor.wait_for_answers(len(TEXTS))
    check(visitor)
    visitor.page.reload()
    visitor.page.evaluate(WATCH)
    visitor.wait_for_answers(len(TEXTS))
    check(visitor)


def check(visitor: Visitor) -> None:
    """Every text is there, as text; nothing ran, and nothing even tried to."""
    assert visitor.said() == list(TEXTS)
    for part in (
        ".body > p:first-child",
        ".notice > p",
        "figcaption",
        "summary",
        ".choices button",
    ):
        nodes = visitor.answers.locator(part)
        found = [re.sub(r"\s+", " ", text) for text in nodes.all_text_contents()]
        marked = part in (".body > p:first-child", ".notice > p")
        assert found == [shown(text) if marked else re.sub(r"\s+", " ", text) for text in TEXTS]
    inside = visitor.log.evaluate(
        "n => [...new Set([...n.querySelectorAll('*')].map((e) => e.localName))].sort()"
    )
    allowed = "a button details div figcaption figure li p path span strong summary svg ul"
    assert set(inside) <= set(allowed.split())
    addresses = visitor.log.evaluate("n => [...n.querySelectorAll('a')].map((a) => a.href)")
    ours = visitor.page.url
    assert all(a.startswith(("https://a.example/", ours)) for a in addresses), addresses
    handlers = visitor.log.evaluate(
        "n => [...n.querySelectorAll('*')].flatMap((e) => e.getAttributeNames())"
        ".filter((name) => name.startsWith('on'))"
    )
    assert handlers == []
    assert visitor.page.evaluate("window.executed") is None
    assert visitor.page.evaluate("window.refused") == []
