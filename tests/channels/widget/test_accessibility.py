"""axe-core finds nothing in any state of the widget and of the page around it.

axe sees about half of what can be wrong; the keyboard, the focus and what is read out are tested in
``test_journey.py``.
"""

from __future__ import annotations

import pytest
from axe_playwright_python.base import AXE_SCRIPT

from tests.channels.widget.browsing import BROWSER, DESKTOP, PHONE, Visitor
from tests.channels.widget.conftest import Visit

pytestmark = BROWSER

TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
LOOKS = [
    pytest.param("light", "ltr", PHONE, id="light-320"),
    pytest.param("dark", "ltr", DESKTOP, id="dark-1280"),
    pytest.param("light", "rtl", DESKTOP, id="light-rtl-1280"),
]
"""Each theme, direction and width, in the fewest that have a right to left and a dark one apart."""


def violations(visitor: Visitor) -> list[str]:
    """What axe has to say of the whole page, the shadow root included."""
    page = visitor.page
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE_SCRIPT)
    options = {"runOnly": {"type": "tag", "values": TAGS}, "resultTypes": ["violations"]}
    found = page.evaluate("options => axe.run(document, options)", options)
    return [
        f"{rule['id']}: {node['html'][:120]}"
        for rule in found["violations"]
        for node in rule["nodes"]
    ]


@pytest.mark.parametrize(("theme", "direction", "size"), LOOKS)
def test_no_state_of_the_chat_has_a_fault(
    visit: Visit, theme: str, direction: str, size: dict[str, int]
) -> None:
    visitor = visit(viewport=size, color_scheme=theme)
    visitor.page.evaluate("value => { document.documentElement.dir = value; }", direction)
    found = {"closed": violations(visitor)}
    visitor.launcher.click()
    visitor.page.get_by_role("button", name="Agree and start").wait_for()
    found["consent"] = violations(visitor)
    visitor.page.get_by_role("button", name="Agree and start").click()
    visitor.field.wait_for()
    found["open"] = violations(visitor)
    answer = visitor.ask("sun")
    found["buttons"] = violations(visitor)
    answer.locator("summary").click()
    answer.get_by_role("button", name="Tell me more").click()
    visitor.wait_for_answers(2)
    visitor.page.get_by_role("button", name="Menu").click()
    found["sources, a used button and the menu"] = violations(visitor)
    visitor.page.keyboard.press("Escape")
    visitor.page.route("**/messages", lambda route: route.abort())
    visitor.write("hello")
    visitor.page.get_by_role("button", name="Try again now").wait_for()
    found["error"] = violations(visitor)
    visitor.page.unroute("**/messages")
    # As its button does, which goes away by itself when an attempt of its own succeeds before.
    visitor.page.evaluate("dispatchEvent(new Event('online'))")
    visitor.wait_for_answers(3)
    visitor.ask("habits", 4).get_by_role("button", name="Every day").click()
    visitor.wait_for_answers(5)
    visitor.ask("I can't see", 6)
    found["chart and emergency"] = violations(visitor)
    assert {state: faults for state, faults in found.items() if faults} == {}


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_page_that_explains_has_no_fault(visit: Visit, theme: str) -> None:
    assert violations(visit("/embed", viewport=PHONE, color_scheme=theme)) == []


def test_axe_would_find_a_fault(visit: Visit) -> None:
    """The check above can fail, inside the shadow root too."""
    visitor = visit().begin()
    visitor.page.evaluate(
        "document.querySelector('skin-advisor').shadowRoot.querySelector('.send')"
        ".removeAttribute('aria-label')"
    )
    visitor.page.evaluate(
        "document.querySelector('skin-advisor').shadowRoot.querySelector('.send')"
        ".removeAttribute('title')"
    )
    assert any(found.startswith("button-name") for found in violations(visitor))
