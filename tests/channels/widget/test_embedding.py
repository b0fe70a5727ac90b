"""On a clinic's own site, which is another origin than the server."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from tests.channels.widget.browsing import BROWSER, Visitor
from tests.channels.widget.conftest import Serve, Visit

pytestmark = BROWSER

PAGE = """<!doctype html><html lang="en"><head><title>A clinic</title><style>
* { all: unset; font: 9px serif !important; display: inline } p { color: red !important }
</style></head><body><h1>Welcome</h1>%s</body></html>"""


class Site:
    """A clinic's web site: one page, its policy as `/embed` tells."""

    def __init__(self, base: str) -> None:
        self.base = base
        self.body = ""
        self.policy = ""

    def embed(self, bot: str, attributes: str = "") -> None:
        """Put the one line on the page, and the policy that it needs."""
        self.body = f'<script src="{bot}/widget.js" defer {attributes}></script>'
        self.policy = (
            f"default-src 'self'; script-src 'self' {bot}; connect-src 'self' {bot};"
            " style-src 'self' 'unsafe-inline';"  # for the page's own style above alone
            " require-trusted-types-for 'script'; trusted-types 'none'"
        )


@pytest.fixture
def clinic() -> Iterator[Site]:
    class Page(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = (PAGE % site.body).encode() if self.path == "/" else b""
            self.send_response(200 if body else 204)
            self.send_header("Content-Type", "text/html")
            self.send_header("Content-Length", str(len(body)))
            self.send_header("Content-Security-Policy", site.policy)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Nothing, on the terminal of a test run."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Page)
    site = Site(f"http://127.0.0.1:{server.server_port}")
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield site
    server.shutdown()
    server.server_close()


def test_one_line_and_the_policy_of_the_page_are_enough(
    clinic: Site, serve: Serve, visit: Visit
) -> None:
    clinic.embed(serve(allowed_origins=(clinic.base,)))
    visitor = visit(base=clinic.base).begin()
    visitor.ask("sun")
    visitor.ask("I can't see", 2)
    visitor.page.reload()
    visitor.wait_for_answers(2)


def test_nobody_else_is_asked_for_anything(clinic: Site, serve: Serve, visit: Visit) -> None:
    bot = serve(allowed_origins=(clinic.base,))
    clinic.embed(bot)
    visitor = visit("/", base=bot)
    asked: list[str] = []
    visitor.page.on("request", lambda request: asked.append(request.url))
    visitor.page.goto(clinic.base)
    visitor.begin()
    visitor.ask("sun").locator("summary").click()
    assert all(url.startswith((clinic.base, bot)) for url in asked)
    assert visitor.page.context.cookies() == []


def test_a_site_that_is_not_allowed_gets_no_conversation(
    clinic: Site, serve: Serve, visit: Visit
) -> None:
    """The button is there, and tells how else to reach the clinic."""
    bot = serve(allowed_origins=("https://www.clinic.example",))
    clinic.embed(bot)
    visitor = visit(base=clinic.base)
    visitor.launcher.click()
    note = visitor.page.get_by_role("alert")
    note.get_by_text("could not be loaded").wait_for()
    assert "+44 20 7946 0000" in note.inner_text()
    told = visitor.page.evaluate(
        "bot => fetch(`${bot}/webhooks/web/session`, {method: 'POST'})"
        ".then((r) => r.text(), (e) => e.name)",
        bot,
    )
    assert told == "TypeError"
    visitor.complaints.clear()


def test_another_visitors_token_is_not_to_be_had(clinic: Site, serve: Serve, visit: Visit) -> None:
    """A page of another origin shares no storage and hears no other tab."""
    bot = serve(allowed_origins=(clinic.base,))
    clinic.embed(bot)
    ours = visit("/", base=bot).begin()
    ours.ask("hello my secret")
    theirs = Visitor(ours.page.context.new_page())
    theirs.page.goto(clinic.base)
    theirs.begin()
    theirs.ask("hello")
    assert theirs.said() == ["hello"]
    tokens = [
        json.loads(tab.page.evaluate("sessionStorage['skin-advisor:token']"))
        for tab in (ours, theirs)
    ]
    assert tokens[0] != tokens[1]


ATTRIBUTES = (
    'data-title="Ask &lt;us&gt;" data-color="#ffe08a" data-position="left" data-dir="rtl"'
    ' data-greeting="Welcome &lt;b&gt;you&lt;/b&gt;" data-privacy="/privacy" data-theme="dark"'
)


def test_what_a_site_asks_for_is_done(clinic: Site, serve: Serve, visit: Visit) -> None:
    clinic.embed(serve(allowed_origins=(clinic.base,)), ATTRIBUTES)
    visitor = visit(base=clinic.base)
    assert visitor.launcher.inner_text() == "Ask <us>"
    box = visitor.launcher.bounding_box()
    assert box is not None
    assert box["x"] < 100
    colours = visitor.launcher.evaluate(
        "n => [getComputedStyle(n).backgroundColor, getComputedStyle(n).color]"
    )
    assert colours == ["rgb(255, 224, 138)", "rgb(0, 0, 0)"]
    visitor.launcher.click()
    privacy = visitor.page.get_by_role("link", name="Read the privacy notice")
    assert privacy.get_attribute("href") == f"{clinic.base}/privacy"
    visitor.page.get_by_role("button", name="Agree and start").click()
    assert visitor.page.get_by_role("heading", name="Ask <us>").is_visible()
    assert visitor.log.get_by_text("Welcome <b>you</b>").is_visible()
    dialog = visitor.page.get_by_role("dialog")
    style: dict[str, Any] = dialog.evaluate(
        "n => ({...['direction', 'colorScheme', 'fontSize'].reduce("
        "(all, name) => ({...all, [name]: getComputedStyle(n)[name]}), {})})"
    )
    assert (style["direction"], style["colorScheme"]) == ("rtl", "dark")
    assert style["fontSize"] == "16px"  # the page's own styles stay outside


@pytest.mark.parametrize("privacy", ["javascript:alert(1)", "data:text/html,x", "http://["])
def test_a_privacy_link_opens_only_web_pages(
    clinic: Site, serve: Serve, visit: Visit, privacy: str
) -> None:
    clinic.embed(serve(allowed_origins=(clinic.base,)), f'data-privacy="{privacy}"')
    visitor = visit(base=clinic.base)
    visitor.launcher.click()
    visitor.page.get_by_role("button", name="Agree and start").wait_for()
    assert visitor.page.get_by_role("link", name="Read the privacy notice").count() == 0
