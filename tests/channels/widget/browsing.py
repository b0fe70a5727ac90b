"""A visitor with a browser: opens the chat, agrees, writes, reads what is on the screen."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
BROWSER = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="needs Chromium on the path"),
]
"""The marks of every module here."""

PHONE = {"width": 320, "height": 640}
DESKTOP = {"width": 1280, "height": 800}


class Visitor:
    """One tab. Playwright's locators look into the open shadow root by themselves."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.complaints: list[str] = []
        """What the browser reported: errors of scripts and refusals of the page's policy."""
        page.set_default_timeout(20_000)
        page.on("console", lambda m: self.complaints.append(m.text) if m.type == "error" else None)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))

    @property
    def faults(self) -> list[str]:
        """The complaints but for requests that a test lets fail."""
        return [c for c in self.complaints if not c.startswith("Failed to load resource")]

    @property
    def launcher(self) -> Locator:
        """The button on the page."""
        return self.page.get_by_role("button", name="Open the chat")

    @property
    def log(self) -> Locator:
        """The conversation."""
        return self.page.get_by_role("log")

    @property
    def field(self) -> Locator:
        """Where one writes."""
        return self.page.get_by_label("Your message")

    @property
    def mine(self) -> Locator:
        """What the visitor said, in order."""
        return self.log.locator(".visitor > p:first-of-type")

    @property
    def answers(self) -> Locator:
        """The answers after the greeting, in order."""
        return self.log.locator(".advisor:not(:first-child)")

    def visit(self, path: str = "/") -> Visitor:
        """Open a page, with the chat as it was left."""
        self.page.goto(path)
        return self

    def begin(self) -> Visitor:
        """Open the chat and agree."""
        self.launcher.click()
        self.page.get_by_role("button", name="Agree and start").click()
        return self

    def write(self, text: str) -> None:
        """Send a message."""
        self.field.fill(text)
        self.field.press("Enter")

    def ask(self, text: str, count: int = 1) -> Locator:
        """Send a message and wait until there are `count` answers; the last one."""
        self.write(text)
        return self.wait_for_answers(count)

    def wait_for_answers(self, count: int) -> Locator:
        """Wait until there are `count` answers; the last one."""
        last = self.answers.nth(count - 1)
        last.wait_for()
        return last

    def said(self) -> list[str]:
        """What the visitor said, as it is shown."""
        return self.mine.all_text_contents()

    def answered(self) -> list[str]:
        """The first paragraph of each answer."""
        return self.answers.locator(".body > p:first-child").all_text_contents()
