from __future__ import annotations

import json
import re
import shutil
import subprocess
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import httpx
import pytest
from rasa.core.agent import Agent
from sanic import Sanic
from sqlalchemy.engine import Engine

from bot.channels import site
from bot.channels.guard import Guard
from bot.channels.turn import Turns
from bot.store.records import NewPublication, add_publication
from bot.store.session import migrate
from tests.channels import small_agent
from tests.channels.serving import app, served

PAGE = Path(site.__file__).with_name("page")


@pytest.fixture
def running(agent: Agent, engine: Engine, guard: Guard) -> Iterator[tuple[Sanic, str]]:
    settings = small_agent.settings(engine)
    made = app()
    site.mount(made, settings, guard)
    made.ctx.turns = Turns(agent, settings, guard)

    @made.get("/broken")
    async def broken(request: Any) -> None:
        raise RuntimeError(request.args.get("my"))

    with served(made) as base:
        yield made, base


@pytest.fixture
def base(running: tuple[Sanic, str]) -> str:
    return running[1]


def get(url: str) -> httpx.Response:
    return httpx.get(url, trust_env=False)


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/", "text/html"),
        ("/chat.js", "text/javascript"),
        ("/markup.js", "text/javascript"),
        ("/chat.css", "text/css"),
    ],
)
def test_the_page_and_its_parts_are_served(base: str, path: str, kind: str) -> None:
    response = get(base + path)
    assert response.status_code == 200
    assert response.headers["content-type"] == f"{kind}; charset=utf-8"
    head = httpx.head(base + path, trust_env=False)
    assert (head.status_code, head.content) == (200, b"")


@pytest.mark.parametrize(
    "path",
    ["/", "/chat.js", "/health", "/nothing", "/webhooks/web/events", "/broken", "/favicon.ico"],
)
def test_every_answer_is_protected(base: str, path: str) -> None:
    headers = get(base + path).headers
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    assert "frame-ancestors 'none'" in headers["content-security-policy"]
    assert "unsafe" not in headers["content-security-policy"]
    assert "server" not in headers
    assert not any(name.startswith("access-control") for name in headers)


def test_an_error_of_ours_tells_nothing_but_that(
    base: str, caplog: pytest.LogCaptureFixture
) -> None:
    response = get(f"{base}/broken?my=secret")
    assert response.status_code == 500
    assert response.json().keys() == {"error", "hint"}
    assert "secret" not in response.text
    assert "secret" not in caplog.text


# --- health ---------------------------------------------------------------------------------------


def _publish(engine: Engine) -> None:
    migrate(engine)
    add_publication(engine, NewPublication("0" * 64, "me", "", "{}", b"", b""))


def test_ready_means_agent_database_and_publication(base: str, engine: Engine) -> None:
    parts = {"live": True, "agent": True, "database": True}
    migrate(engine)
    response = get(f"{base}/health")
    assert response.status_code == 503
    assert response.json() == {**parts, "ready": False, "published": False}
    _publish(engine)
    response = get(f"{base}/health")
    assert response.status_code == 200
    assert response.json() == {**parts, "ready": True, "published": True}


def test_a_database_without_our_tables_is_not_ready(base: str) -> None:
    response = get(f"{base}/health")
    assert response.status_code == 503
    assert response.json()["database"] is False


def test_a_process_that_is_loading_lives_and_is_not_ready(
    running: tuple[Sanic, str], engine: Engine
) -> None:
    made, base = running
    _publish(engine)
    made.ctx.turns = None
    response = get(f"{base}/health")
    assert response.status_code == 503
    assert (response.json()["live"], response.json()["ready"]) == (True, False)


def test_health_tells_no_version(base: str) -> None:
    assert not re.search(r"\d+\.\d+", get(f"{base}/health").text)


# --- the page -------------------------------------------------------------------------------------


class Elements(HTMLParser):
    """All elements of a page with their attributes."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))


ELEMENTS = Elements((PAGE / "index.html").read_text(encoding="utf-8")).found
SCRIPT = (PAGE / "chat.js").read_text(encoding="utf-8")


def test_the_page_works_under_its_own_policy() -> None:
    """Nothing inline, nothing from elsewhere."""
    for tag, attributes in ELEMENTS:
        assert not any(name.startswith("on") or name == "style" for name in attributes), tag
        assert tag not in ("style", "iframe", "object", "embed", "base")
        for name in ("src", "href", "action"):
            assert (attributes.get(name) or "/").startswith("/")
        if tag == "script":
            assert attributes.get("type") == "module"
            assert attributes["src"]


UNSAFE = re.compile(
    r"(inner|outer)HTML|insertAdjacentHTML|document\.write|DOMParser|eval\(|new Function|\.style\b"
)


def test_the_scripts_make_no_markup_of_text() -> None:
    for script in PAGE.glob("*.js"):
        text = script.read_text(encoding="utf-8")
        assert not UNSAFE.search(text), script


def test_the_page_is_a_log_with_a_labelled_field() -> None:
    by_id = {
        attributes["id"]: (tag, attributes) for tag, attributes in ELEMENTS if "id" in attributes
    }
    assert by_id["log"][1]["role"] == "log"
    assert by_id["log"][1]["tabindex"] == "0"
    assert by_id["status"][1]["role"] == "status"
    assert [a["for"] for tag, a in ELEMENTS if tag == "label"] == ["text"]
    assert ("html", {"lang": "en"}) in ELEMENTS
    assert all(a.get("type") in ("button", "submit") for tag, a in ELEMENTS if tag == "button")


def test_every_sentence_is_in_the_page_and_said() -> None:
    written = {a["data-name"] for _, a in ELEMENTS if "data-name" in a}
    used = set(re.findall(r"\bwords\.(\w+)", SCRIPT)) | {"visitor", "advisor"}  # words[from]
    assert written == used


# A DOM of fifteen lines: what markup.js uses of one.
DOM = """
class Node { constructor(tag) { this.tag = tag; this.children = []; this.textContent_ = ""; }
  append(...all) { for (const n of all) if (n !== "") this.children.push(n); }
  set textContent(t) { this.children = [t]; } }
globalThis.document = {
  createElement: (tag) => new Node(tag),
  createDocumentFragment: () => new Node("#"),
  createTextNode: (text) => text,
};
const link = (n) => n.href ? [{href: n.href, rel: n.rel ?? "", target: n.target ?? ""}] : [];
const plain = (n) => typeof n === "string" ? n
  : [n.tag, ...link(n), ...n.children.map(plain)];
const { markup } = await import(process.argv[1]);
const texts = JSON.parse(process.argv[2]);
console.log(JSON.stringify(texts.map((text) => plain(markup(text)).slice(1))));
"""


@pytest.mark.skipif(shutil.which("node") is None, reason="needs node to run markup.js")
@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("One.\n\nTwo.", [["p", "One."], ["p", "Two."]]),
        ("Line\nline", [["p", "Line\nline"]]),
        ("Lead:\n- a\n- **b**", [["p", "Lead:"], ["ul", ["li", "a"], ["li", ["strong", "b"]]]]),
        (
            "Lead:\n\n- a\n- b\n\nAfter.",
            [["p", "Lead:"], ["ul", ["li", "a"], ["li", "b"]], ["p", "After."]],
        ),
        (
            "<b>x</b> & <img src=x onerror=alert(1)>",
            [["p", "<b>x</b> & <img src=x onerror=alert(1)>"]],
        ),
        ("[x](javascript:alert(1))", [["p", "[x](javascript:alert(1))"]]),
        ("[x](javascript:alert)", [["p", "x"]]),
        ("[x](data:text/html,y)", [["p", "x"]]),
        ("[x](http://plain.example)", [["p", "x"]]),
        ("[x](//evil.example)", [["p", "x"]]),
        ("[x](JaVaScRiPt:1)", [["p", "x"]]),
        ("[call](tel:999)", [["p", ["a", {"href": "tel:999", "rel": "", "target": ""}, "call"]]]),
        (
            "[us](mailto:a@b.example)",
            [["p", ["a", {"href": "mailto:a@b.example", "rel": "", "target": ""}, "us"]]],
        ),
        (
            "See [a](https://a.example/).",
            [
                [
                    "p",
                    "See ",
                    [
                        "a",
                        {
                            "href": "https://a.example/",
                            "rel": "noopener noreferrer",
                            "target": "_blank",
                        },
                        "a",
                    ],
                    ".",
                ]
            ],
        ),
        ("**open", [["p", "**open"]]),
        ("", []),
    ],
)
def test_markup_becomes_nodes_and_only_safe_links(text: str, expected: list[Any]) -> None:
    arguments = [(PAGE / "markup.js").as_uri(), json.dumps([text])]
    ran = subprocess.run(
        ["node", "--input-type=module", "-e", DOM, *arguments],
        capture_output=True,
        text=True,
        timeout=20,
        check=True,
    )
    assert json.loads(ran.stdout) == [expected]
