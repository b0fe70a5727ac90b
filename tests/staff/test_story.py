"""A day at the staff page, in a real browser, on a server that answers visitors meanwhile."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest

from bot.settings import Settings
from tests.channels.serving import Visitor
from tests.channels.widget.browsing import Visitor as InBrowser
from tests.processes import Home, free_port, home, wait_for
from tests.staff.conftest import BOTOX, PASSWORD, QUICK_HASH, TEMPLATE

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
pytestmark = [
    pytest.mark.server,
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="needs Chromium on the path"),
]

PATIENT_MS = 60_000
"""For a publication on a busy machine."""
ASKED = (
    "can i swim straight after botox",
    "can i go swimming with fresh botox",
    "can i swim after botox? thanks, Sarah",
)
QUESTIONS = (
    "pool on the day of my botox",
    "sea water and fresh injections",
    "aqua aerobics tonight",
    "lengths this evening after wrinkle jabs",
    "is chlorine bad for new botox",
)
TESTS = (
    "may i dive in after the jabs",
    "front crawl with new botox",
    "a pool party after toxin",
)
ANSWER = "Wait for a day before you swim."


@dataclass(frozen=True)
class Server:
    """A running one, published from the small folder, with the model of the whole product."""

    home: Home
    base: str


@pytest.fixture(scope="module")
def server(whole: Settings, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    port = free_port()
    made = home(
        tmp_path_factory.mktemp("staff"),
        PORT=str(port),
        STAFF_PASSWORD_HASH=QUICK_HASH,
        MODEL_DIR=str(whole.model_dir),
    )
    (made.knowledge / "_template.md").write_text(TEMPLATE)
    base = f"http://127.0.0.1:{port}"
    with made.running("serve") as process:
        wait_for(f"{base}/health", process)
        yield Server(made, base)
    assert "Traceback" not in made.output
    assert "swim" not in made.output  # no words of visitors in a log


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield opened
        opened.close()


@pytest.fixture
def page(browser: Browser, server: Server) -> Iterator[Page]:
    context = browser.new_context(base_url=server.base)
    opened = context.new_page()
    opened.set_default_timeout(20_000)
    complaints: list[str] = []
    opened.on("console", lambda m: complaints.append(m.text) if m.type == "error" else None)
    opened.on("pageerror", lambda error: complaints.append(str(error)))
    yield opened
    context.close()
    assert [c for c in complaints if not c.startswith("Failed to load resource")] == []


def log_in(page: Page) -> None:
    page.goto("/staff")
    page.get_by_label("Your name").fill("Zoë Staff")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Log in").click()
    page.get_by_role("heading", name="Answers").wait_for()


def answer_to(server: Server, text: str) -> tuple[str, str]:
    """The kind of the bot's answer on the web channel, and its words."""
    (event,) = Visitor(server.base).say(text, "m")["events"]
    return event["kind"], " ".join(b["text"] for b in event["blocks"] if "text" in b)


def answer_in_widget(browser: Browser, server: Server, text: str) -> str:
    """What a new visitor reads in the chat window of the clinic's page."""
    context = browser.new_context(base_url=server.base, reduced_motion="reduce")
    visitor = InBrowser(context.new_page())
    visitor.visit().begin()
    words = visitor.ask(text).inner_text()
    context.close()
    assert visitor.faults == []
    return words


def violations(page: Page) -> list[str]:
    """What axe finds against accessibility on a page."""
    from axe_playwright_python.sync_playwright import Axe

    found = Axe().run(page).response["violations"]
    return [f"{page.url}: {one['id']}: {one['nodes'][0]['html']}" for one in found]


def swimming(proposed: str) -> str:
    """The proposed text as a member of staff would finish it, with a slip of the pen."""
    text = re.sub(r"title: .*", "title: Swimming after Botox", proposed)
    text = re.sub(
        r"test_questions:.*?(?=also_called)",
        f"{items(QUESTIONS)}test_questions:\n{items(TESTS)}",
        text,
        flags=re.DOTALL,
    )
    text = re.sub(r"also_called: .*", "also_called: [swimming]", text)
    text = re.sub(r"related: .*", "related: [botox/how-long-does-it-lats]", text)
    text = re.sub(r"status: draft", "status: sourced", text)
    body = f"---\n{ANSWER}\n\n## More\n\nThe dose needs time to settle.\n"
    return text[: text.rindex("---")] + body


def items(texts: tuple[str, ...]) -> str:
    return "".join(f"  - {text}\n" for text in texts)


def test_an_unanswered_question_becomes_an_answer_that_is_live_and_is_taken_back(
    browser: Browser, page: Page, server: Server
) -> None:
    earlier = answer_in_widget(browser, server, ASKED[0])
    for text in ASKED[1:]:
        assert answer_to(server, text)[0] in ("decline", "unsure", "clarify")
    log_in(page)
    page.get_by_role("link", name="Not answered").click()
    group = page.locator("section.card")
    assert group.count() == 1
    group.get_by_text("Asked 3 times").wait_for()
    assert "Sarah" not in page.content() and "[name]" in page.content()

    group.get_by_role("link", name="Make a new answer").click()
    field = page.get_by_label("The answer’s file")
    proposed = field.input_value()
    assert ASKED[0] in proposed and "status: draft" in proposed
    page.get_by_label("Family").select_option("botox")
    page.get_by_label("File name").fill("swimming-afterwards")
    field.fill(swimming(proposed))
    problem = page.locator("#proof li", has_text="Did you mean 'botox/how-long-does-it-last'")
    problem.wait_for()
    line = swimming(proposed).split("related:")[0].count("\n") + 1
    assert problem.get_by_role("link").inner_text() == f"Line {line}"
    assert page.locator("#gutter .bad").all_inner_texts() == [str(line)]
    assert page.locator("#proof .turn").get_by_text(ANSWER).is_visible()

    page.get_by_role("button", name="Save and publish").click()
    page.get_by_text("It was not saved").wait_for()
    assert not (server.home.knowledge / "botox" / "swimming-afterwards.md").exists()
    field.fill(field.input_value().replace("it-lats", "it-last"))
    page.locator("#proof").get_by_text("No problems.").wait_for()
    page.get_by_label("Why, in a few words").fill("visitors ask for it")
    page.get_by_role("button", name="Save and publish").click()
    page.get_by_role("heading", name="It is live").wait_for(timeout=PATIENT_MS)
    assert ANSWER in answer_in_widget(browser, server, ASKED[0])

    page.get_by_role("link", name="Try it").first.click()
    page.get_by_label("What a visitor writes").fill(ASKED[0])
    page.get_by_role("button", name="Ask").click()
    page.get_by_text(ANSWER).wait_for()
    assert "botox/swimming-afterwards" in page.locator("pre").inner_text()

    page.get_by_role("link", name="History").click()
    newest = page.locator("tbody tr").first
    assert "Zoë Staff" in newest.inner_text() and "visitors ask for it" in newest.inner_text()
    page.get_by_role("button", name="Go back to this").first.click()
    page.get_by_text("is live again").wait_for()
    assert answer_in_widget(browser, server, ASKED[0]) == earlier


def test_all_but_the_live_preview_works_without_a_script(browser: Browser, server: Server) -> None:
    context = browser.new_context(base_url=server.base, java_script_enabled=False)
    page = context.new_page()
    page.set_default_timeout(20_000)
    log_in(page)
    page.goto(f"/staff/entry/{BOTOX}")
    field = page.get_by_label("The answer’s file")
    sound = field.input_value()
    field.fill(sound.replace("title:", "tittle:").replace("Most people", "Many people"))
    page.get_by_role("button", name="Check", exact=True).click()
    page.get_by_text("Did you mean 'title'?").first.wait_for()
    field.fill(field.input_value().replace("tittle:", "title:"))
    page.get_by_role("button", name="Check", exact=True).click()
    page.get_by_text("No problems.").wait_for()
    page.get_by_role("button", name="Save and publish").click()
    page.get_by_role("heading", name="It is live").wait_for(timeout=PATIENT_MS)
    assert "Many people" in answer_to(server, "how long does botox last")[1]
    context.close()


def test_every_page_is_accessible_and_fits_a_phone(page: Page, server: Server) -> None:
    answer_to(server, "is <b>swimming</b> ok the day after my injections")
    page.goto("/staff/login")
    found = violations(page)
    log_in(page)
    for path in ("", "/unanswered", "/thumbs", "/review", "/try", "/history", "/new",
                 f"/entry/{BOTOX}", "/publishing/none"):  # fmt: skip
        for width in (1280, 340):
            page.set_viewport_size({"width": width, "height": 800})
            page.goto(f"/staff{path}")
            assert page.evaluate("document.documentElement.scrollWidth") <= width, path
        found += violations(page)
    assert found == []


def test_what_visitors_write_stays_text_in_the_browser(page: Page, server: Server) -> None:
    answer_to(server, "who won <img src=x onerror=\"document.title='owned'\"> last night")
    log_in(page)
    page.goto("/staff/unanswered")
    page.get_by_text("onerror").first.wait_for()
    page.get_by_role("link", name="Make a new answer").first.click()
    page.get_by_label("The answer’s file").wait_for()
    assert page.title() != "owned" and page.locator("img").count() == 0


def test_a_browser_that_logged_out_shows_nothing_any_more(page: Page) -> None:
    log_in(page)
    page.get_by_role("link", name="History").click()
    page.get_by_role("button", name="Log out").click()
    page.get_by_role("heading", name="Log in").wait_for()
    page.go_back()
    page.get_by_role("heading", name="Log in").wait_for()
    page.goto("/staff/history")
    page.get_by_role("heading", name="Log in").wait_for()
