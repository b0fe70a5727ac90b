"""A visitor's way through the chat."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from playwright.sync_api import expect
from sqlalchemy.engine import Engine

from bot.store.feedback import Thumbs, thumbs_by_entry
from tests.channels.small_agent import Actions
from tests.channels.widget.browsing import BROWSER, PHONE, Visitor
from tests.channels.widget.conftest import Visit

pytestmark = BROWSER


def focused(visitor: Visitor) -> str:
    """The name or the tag of what has the focus, looked up inside the widget."""
    return str(
        visitor.page.evaluate(
            """() => {
              let at = document.activeElement;
              while (at?.shadowRoot?.activeElement) at = at.shadowRoot.activeElement;
              return at.getAttribute("aria-label") ?? at.textContent.trim() ?? at.tagName;
            }"""
        )
    )


# --- before anything is sent ----------------------------------------------------------------------


def test_nothing_is_sent_before_the_visitor_agrees(visit: Visit) -> None:
    visitor = visit("/embed")
    asked: list[str] = []
    visitor.page.on("request", lambda request: asked.append(request.url))
    visitor.visit()
    visitor.launcher.click()
    visitor.page.get_by_role("heading", name="Before we start").wait_for()
    assert not visitor.field.is_visible()
    assert not [url for url in asked if "/webhooks/" in url]
    visitor.page.get_by_role("button", name="Agree and start").click()
    visitor.ask("hello")
    assert [url for url in asked if "/webhooks/" in url]


def test_the_visitor_is_told_who_answers_what_is_kept_and_whom_to_ring(visit: Visit) -> None:
    visitor = visit()
    visitor.launcher.click()
    told = visitor.page.get_by_role("dialog").inner_text()
    assert "automated assistant, not a clinician" in told
    assert "Conversations are kept" in told
    assert visitor.page.get_by_role("link", name="Call 999").get_attribute("href") == "tel:999"


def test_who_declines_is_left_in_peace(visit: Visit) -> None:
    visitor = visit()
    visitor.launcher.click()
    visitor.page.get_by_role("button", name="No, thank you").click()
    assert not visitor.page.get_by_role("dialog").is_visible()
    visitor.launcher.click()
    visitor.page.get_by_role("heading", name="Before we start").wait_for()


def test_before_the_visitor_acts_only_the_loader_is_fetched(visit: Visit) -> None:
    visitor = visit("/embed")
    asked: list[str] = []
    visitor.page.on("request", lambda request: asked.append(request.url.partition("//")[2]))
    visitor.visit()
    visitor.page.wait_for_load_state("networkidle")
    assert [url.partition("/")[2] for url in asked] == ["", "clinic.css", "widget.js"]


# --- with the keyboard ----------------------------------------------------------------------------


def test_the_whole_journey_needs_no_mouse(visit: Visit) -> None:
    visitor = visit("/")
    keys = visitor.page.keyboard

    def tab_to(name: str, key: str = "Tab") -> None:
        for _ in range(40):
            if name in focused(visitor):
                return
            keys.press(key)
        raise AssertionError(f"no way to {name!r}")

    tab_to("Open the chat")
    keys.press("Enter")
    visitor.page.get_by_role("heading", name="Before we start").wait_for()
    assert focused(visitor) == "Before we start"
    tab_to("Agree and start")
    keys.press("Enter")
    keys.type("sun")
    keys.press("Enter")
    first = visitor.wait_for_answers(1)
    tab_to("Sources", "Shift+Tab")
    assert not first.get_by_text("A paper").is_visible()
    keys.press("Enter")
    assert first.get_by_text("A paper").is_visible()
    tab_to("Tell me more")
    keys.press("Enter")
    visitor.wait_for_answers(2)
    assert focused(visitor).startswith("Tell me more")  # where one was, to go on from there
    tab_to("This helped")
    keys.press("Space")
    visitor.page.get_by_text("Thank you for telling us.").wait_for(state="attached")
    tab_to("Menu", "Shift+Tab")
    keys.press("Enter")
    tab_to("Delete my chat")
    keys.press("Enter")
    visitor.page.get_by_role("alertdialog").wait_for()
    assert focused(visitor) == "Cancel"
    tab_to("Delete my chat")
    keys.press("Enter")
    visitor.answers.get_by_text("Your chat is deleted.").wait_for()
    keys.press("Escape")
    assert focused(visitor).endswith("Open the chat")
    assert not visitor.page.get_by_role("dialog").is_visible()


def test_escape_closes_one_thing_at_a_time(visitor: Visitor) -> None:
    visitor.page.get_by_role("button", name="Menu").click()
    visitor.page.get_by_role("button", name="Start again").click()
    visitor.page.keyboard.press("Escape")
    assert visitor.page.get_by_role("alertdialog").count() == 0
    visitor.page.get_by_role("button", name="Menu").click()
    visitor.page.keyboard.press("Escape")
    assert not visitor.page.get_by_role("button", name="Start again").is_visible()
    assert visitor.field.is_visible()
    visitor.page.keyboard.press("Escape")
    assert visitor.launcher.is_visible()


def test_only_over_the_whole_screen_the_focus_is_held(visit: Visit) -> None:
    """Beside the page one can leave the chat and come back."""
    for size, modal in ((PHONE, True), (None, False)):
        visitor = visit(**({"viewport": size} if size else {})).begin()
        dialog = visitor.page.get_by_role("dialog")
        assert dialog.evaluate("node => node.matches(':modal')") is modal
        visitor.page.locator("a.name").focus()
        left = visitor.page.evaluate("document.activeElement.className") == "name"
        assert left is not modal


def test_a_link_of_the_page_opens_it_and_gets_the_focus_back(visit: Visit) -> None:
    visitor = visit()
    visitor.page.get_by_role("link", name="Ask the assistant").click()
    visitor.page.get_by_role("heading", name="Before we start").wait_for()
    visitor.page.keyboard.press("Escape")
    assert focused(visitor) == "Ask the assistant"


# --- what is read out -----------------------------------------------------------------------------

WATCH = """() => {
  window.heard = [];
  const root = document.querySelector("skin-advisor").shadowRoot;
  const live = "[aria-live=polite], [aria-live=assertive], [role=alert], [role=status]";
  for (const region of root.querySelectorAll(live))
    new MutationObserver((records) => {
      const added = records.flatMap((record) => [...record.addedNodes]);
      window.heard.push(...added.map((node) => node.textContent).filter(Boolean));
    }).observe(region, { childList: true, subtree: true, characterData: true });
}"""


def test_each_answer_is_read_out_exactly_once(visitor: Visitor) -> None:
    visitor.page.evaluate(WATCH)
    for number in range(1, 4):
        visitor.ask(f"question {number}", number)
    visitor.ask("I can't see", 4)
    heard = visitor.page.evaluate("heard")
    assert [sum(f"About question {n}." in text for text in heard) for n in (1, 2, 3)] == [1, 1, 1]
    assert sum("Call 999 now." in text for text in heard) == 1
    assert len(heard) == 4  # and nothing of the visitor's own
    assert visitor.log.get_attribute("aria-live") == "off"


def test_what_was_said_before_a_reload_is_not_read_out_again(visitor: Visitor) -> None:
    visitor.ask("hello")
    visitor.page.reload()
    visitor.wait_for_answers(1)
    live = visitor.page.locator("skin-advisor [aria-live=polite]")
    assert live.text_content() == ""


# --- the blocks -----------------------------------------------------------------------------------


def test_an_emergency_is_prominent_and_can_be_rung(visitor: Visitor) -> None:
    answer = visitor.ask("I can't see")
    call = answer.get_by_role("link", name="Call 999")
    assert call.get_attribute("href") == "tel:999"
    assert call.bounding_box()["height"] >= 44  # type: ignore[index]
    assert answer.get_by_text("Emergency", exact=True).is_visible()
    assert answer.get_by_role("button").count() == 0  # nothing to judge or to copy now


def test_urgent_advice_offers_the_clinics_number(visitor: Visitor) -> None:
    call = visitor.ask("sore").get_by_role("link", name="Ring Example Clinic")
    assert call.get_attribute("href") == "tel:+442079460000"


def test_a_used_button_stays_and_does_nothing_more(visitor: Visitor, actions: Actions) -> None:
    answer = visitor.ask("sun")
    more = answer.get_by_role("button", name="Tell me more")
    more.click()
    visitor.wait_for_answers(2)
    assert more.is_visible()
    assert more.get_attribute("aria-disabled") == "true"
    more.click(force=True)
    visitor.ask("something else", 3)
    assert len(actions.calls) == 3
    assert (
        answer.get_by_role("button", name="Which sunscreen").get_attribute("aria-disabled") is None
    )


def test_a_question_of_the_screening_is_answered_once(visitor: Visitor) -> None:
    answer = visitor.ask("habits")
    answer.get_by_role("button", name="Every day").click()
    visitor.wait_for_answers(2)
    never = answer.get_by_role("button", name="Never")
    assert never.get_attribute("aria-disabled") == "true"


def test_used_buttons_are_used_after_a_reload(visitor: Visitor) -> None:
    visitor.ask("sun").get_by_role("button", name="Tell me more").click()
    visitor.wait_for_answers(2)
    visitor.page.reload()
    visitor.wait_for_answers(2)
    more = visitor.answers.first.get_by_role("button", name="Tell me more")
    assert more.get_attribute("aria-disabled") == "true"


def test_a_chart_says_in_words_what_its_bars_show(visitor: Visitor) -> None:
    visitor.ask("habits").get_by_role("button", name="Every day").click()
    figure = visitor.wait_for_answers(2).get_by_role("figure")
    expect(figure.locator("figcaption")).to_have_text("Where habits leave most room")
    rows = [row.split() for row in figure.locator(".row").all_inner_texts()]
    assert rows == [["Sun", "a", "lot"], ["Sleep", "some"], ["Smoking", "none"]]
    widths = [bar.bounding_box()["width"] for bar in figure.locator(".bar span").all()]  # type: ignore[index]
    assert widths[0] == pytest.approx(2 * widths[1], abs=1)
    assert widths[2] == 0
    page = visitor.answers.last.get_by_role("link", name="Summary to print")
    assert page.get_attribute("href").partition("/summary/")[2]  # type: ignore[union-attr]


def test_sources_are_folded(visitor: Visitor) -> None:
    answer = visitor.ask("sun")
    source = answer.get_by_role("link", name="Facial lines")
    assert not source.is_visible()
    answer.locator("summary").click()
    assert source.is_visible()
    assert source.get_attribute("rel") == "noopener noreferrer"


# --- what a visitor can do with it ----------------------------------------------------------------


def test_thumbs_reach_staff_with_the_entry(visitor: Visitor, engine: Engine) -> None:
    answer = visitor.ask("sun")
    up = answer.get_by_role("button", name="This helped")
    with visitor.page.expect_response("**/feedback"):
        up.click()
    assert up.get_attribute("aria-pressed") == "true"
    assert thumbs_by_entry(engine, ["a" * 64]) == [Thumbs("sun/ageing", 1, 0)]
    visitor.page.reload()
    visitor.wait_for_answers(1)
    assert up.get_attribute("aria-pressed") == "true"
    with visitor.page.expect_response("**/feedback"):
        answer.get_by_role("button", name="This did not help").click()
    assert thumbs_by_entry(engine) == [Thumbs("sun/ageing", 0, 1)]
    with visitor.page.expect_response("**/feedback"):
        answer.get_by_role("button", name="This did not help").click()
    assert thumbs_by_entry(engine) == []


def test_a_thumb_that_was_not_saved_is_taken_back(visitor: Visitor) -> None:
    answer = visitor.ask("sun")
    visitor.page.route("**/feedback", lambda route: route.abort())
    up = answer.get_by_role("button", name="This helped")
    up.click()
    visitor.page.get_by_text("could not be saved").wait_for(state="attached")
    assert up.get_attribute("aria-pressed") == "false"


def test_the_conversation_can_be_kept_as_text(visitor: Visitor) -> None:
    visitor.ask("sun")
    visitor.page.get_by_role("button", name="Menu").click()
    with visitor.page.expect_download() as download:
        visitor.page.get_by_role("button", name="Save as a text file").click()
    text = Path(download.value.path()).read_text(encoding="utf-8")
    assert download.value.suggested_filename.endswith(".txt")
    assert "You: sun\n\nAdvisor:" in text
    assert "- shade at noon" in text
    assert "sunscreen (https://a.example/sunscreen)" in text
    assert "Facial lines" in text


def test_an_answer_can_be_copied(visit: Visit) -> None:
    visitor = visit(permissions=["clipboard-read", "clipboard-write"]).begin()
    visitor.ask("sun").get_by_role("button", name="Copy this answer").click()
    visitor.page.get_by_text("Copied.").wait_for(state="attached")
    assert "shade at noon" in visitor.page.evaluate("navigator.clipboard.readText()")


def choose(visitor: Visitor, what: str) -> None:
    """Choose in the menu, and confirm."""
    visitor.page.get_by_role("button", name="Menu").click()
    visitor.page.get_by_role("button", name=what).click()
    visitor.page.get_by_role("alertdialog").get_by_role("button", name=what).click()


def stored(engine: Engine) -> int:
    with engine.connect() as connection:
        return int(connection.exec_driver_sql("SELECT count(*) FROM events").scalar_one())


def test_a_deleted_conversation_is_gone_from_screen_and_server(
    visitor: Visitor, engine: Engine
) -> None:
    answer = visitor.ask("sun")
    with visitor.page.expect_response("**/feedback"):
        answer.get_by_role("button", name="This helped").click()
    choose(visitor, "Delete my chat")
    visitor.answers.get_by_text("Your chat is deleted.").wait_for()
    assert visitor.said() == []
    assert stored(engine) == 0
    assert thumbs_by_entry(engine) == []
    visitor.page.reload()
    visitor.field.wait_for()
    assert visitor.answers.count() == 0


def test_delete_my_data_in_words_does_the_same(visitor: Visitor, engine: Engine) -> None:
    visitor.ask("sun")
    visitor.write("delete my data")
    visitor.answers.get_by_text("Everything is erased.").wait_for()
    assert visitor.said() == []
    assert stored(engine) == 0
    visitor.ask("sun", 2)


def test_starting_again_is_a_new_conversation(visitor: Visitor, actions: Actions) -> None:
    visitor.ask("sun")
    choose(visitor, "Start again")
    visitor.ask("hello")
    assert visitor.said() == ["hello"]
    senders = [call["tracker"]["sender_id"] for call in actions.calls]
    assert len(set(senders)) == 2


def test_who_cancels_loses_nothing(visitor: Visitor) -> None:
    visitor.ask("sun")
    visitor.page.get_by_role("button", name="Menu").click()
    visitor.page.get_by_role("button", name="Delete my chat").click()
    visitor.page.get_by_role("button", name="Cancel").click()
    assert visitor.said() == ["sun"]


# --- what the browser keeps -----------------------------------------------------------------------


def kept(visitor: Visitor, area: str) -> dict[str, str]:
    return dict(json.loads(visitor.page.evaluate(f"JSON.stringify({area})")))


def test_nothing_stays_on_the_device_unless_the_visitor_wants_it(visitor: Visitor) -> None:
    visitor.ask("hello")
    assert kept(visitor, "localStorage") == {}
    assert "skin-advisor:token" in kept(visitor, "sessionStorage")


def test_with_consent_the_conversation_is_there_in_a_new_window(visit: Visit) -> None:
    visitor = visit()
    visitor.launcher.click()
    visitor.page.get_by_label("Remember this chat").check()
    visitor.page.get_by_role("button", name="Agree and start").click()
    visitor.ask("hello")
    assert "hello" not in json.dumps(kept(visitor, "localStorage"))  # a key, and no words
    later = visitor.page.context.new_page()
    visitor.page.close()
    later.goto("/")
    again = Visitor(later)
    again.launcher.click()
    again.wait_for_answers(1)
    again.page.get_by_role("button", name="Menu").click()
    again.page.get_by_label("Remember on this device").uncheck()
    assert kept(again, "localStorage") == {}


def test_what_is_being_written_survives_a_reload(visitor: Visitor) -> None:
    visitor.field.fill("half a quest")
    visitor.page.reload()
    assert visitor.field.input_value() == "half a quest"


def test_a_browser_that_keeps_nothing_can_chat(visit: Visit) -> None:
    visitor = visit("/embed")
    visitor.page.add_init_script(
        "for (const name of ['sessionStorage', 'localStorage'])"
        " Object.defineProperty(window, name, { get() { throw new Error('blocked'); } });"
    )
    visitor.visit().begin()
    visitor.ask("hello")
    visitor.ask("hello again", 2)


# --- how it looks ---------------------------------------------------------------------------------


@pytest.mark.parametrize("size", [PHONE, {"width": 320, "height": 256}])
def test_it_fits_a_small_phone_and_400_percent_zoom(visit: Visit, size: dict[str, int]) -> None:
    visitor = visit(viewport=size).begin()
    visitor.ask("hello " + "x" * 300)
    assert visitor.page.evaluate("document.documentElement.scrollWidth") <= size["width"]
    box = visitor.page.get_by_role("dialog").bounding_box()
    assert box is not None
    assert (box["x"], box["width"], box["height"]) == (0, size["width"], size["height"])
    wide = visitor.page.get_by_role("dialog").evaluate("n => n.scrollWidth > n.clientWidth")
    assert not wide
    visitor.field.scroll_into_view_if_needed()
    assert visitor.field.is_visible()


def test_targets_are_large_enough_for_a_finger(visit: Visit) -> None:
    visitor = visit(viewport=PHONE, has_touch=True, is_mobile=True).begin()
    visitor.ask("sun")
    buttons = visitor.page.get_by_role("button")
    small = [
        button.text_content() or button.get_attribute("aria-label")
        for button in buttons.all()
        if button.is_visible()
        and min(button.bounding_box()["height"], button.bounding_box()["width"]) < 44  # type: ignore[index]
    ]
    assert small == []


def test_an_answer_that_comes_while_it_is_closed_is_seen(visitor: Visitor) -> None:
    visitor.page.route(
        "**/messages", lambda route: (visitor.page.wait_for_timeout(300), route.continue_())
    )
    visitor.write("hello")
    visitor.page.get_by_role("button", name="Close the chat").click()
    visitor.page.locator(".launcher[data-unread]").wait_for()
    visitor.launcher.click()
    visitor.wait_for_answers(1)
    assert visitor.page.locator(".launcher[data-unread]").count() == 0
