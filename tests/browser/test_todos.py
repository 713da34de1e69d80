"""To-dos in the browser: ticking off, moving by buttons and by dragging, saving a post, a guest's handle."""

import pytest
from playwright.sync_api import Page, expect

from .conftest import OpenPage
from .content import GUEST
from .words import ko

pytestmark = pytest.mark.browser

WRITER = "tomas"


def write(page: Page, *titles: str) -> None:
    for title in titles:
        page.locator("#title").fill(title)
        page.locator("#title").press("Enter")
        expect(page.locator(".todo .said").first).to_have_text(title)


def order(page: Page) -> list[str]:
    return page.locator(".todo .said").all_inner_texts()


@pytest.fixture
def own(open_page: OpenPage) -> Page:
    """The page of a user with three to-dos."""
    page = open_page("/todos", GUEST)
    page.context.clear_cookies(name="madang_session")
    page.goto("/todos")
    write(page, "c", "b", "a")
    return page


def test_a_tick_is_saved_and_can_be_undone(own: Page):
    tick = own.locator("[data-tick]").first
    tick.focus()
    for state in ("true", "false", "true"):
        with own.expect_response("**/done"):
            own.keyboard.press("Enter")
        expect(tick).to_have_attribute("aria-pressed", state)
        expect(tick).to_be_focused()
        expect(own.locator("[data-open-count=all]")).to_have_text("2" if state == "true" else "3")
    own.reload()
    assert order(own) == ["b", "c"]


def test_the_arrows_move_and_keep_the_focus(own: Page):
    todo = own.locator(".todo").first.get_attribute("id")
    down = own.locator(f"#{todo} [data-move=after]")
    down.focus()
    for _step in range(2):
        with own.expect_response("**/move"):
            own.keyboard.press("Enter")
        expect(down).to_be_focused()
    assert order(own) == ["b", "c", "a"]
    own.keyboard.press("Enter")  # nothing is below
    own.reload()
    assert order(own) == ["b", "c", "a"]


def test_dragging_moves(own: Page):
    handle, last = own.locator("[data-drag]").first, own.locator(".todo").last.bounding_box()
    handle.hover()
    own.mouse.down()
    own.mouse.move(200, last["y"] + last["height"] - 2, steps=8)
    with own.expect_response("**/move"):
        own.mouse.up()
    assert order(own) == ["b", "c", "a"]
    own.reload()
    assert order(own) == ["b", "c", "a"]


def test_a_failed_move_is_reverted(own: Page):
    own.context.set_offline(True)
    own.locator("[data-move=after]").first.click()
    expect(own.locator(".toast")).to_contain_text(ko("You are offline. Please try again in a moment."))
    assert order(own) == ["a", "b", "c"]


def test_without_a_script_the_arrows_are_forms(open_page: OpenPage):
    page = open_page("/todos", WRITER, script=False)
    write(page, "c", "b", "a")
    assert not page.locator("[data-drag]").first.is_visible()
    page.locator("[data-move=after]").first.click()
    assert order(page)[:3] == ["b", "a", "c"]
    page.locator("[data-tick]").first.click()
    assert order(page)[:2] == ["a", "c"]


def test_a_post_is_saved_in_place(open_page: OpenPage):
    page = open_page("/posts/{question}", WRITER)
    button = page.locator("[id^=save-]").first
    button.focus()
    for state in ("true", "false"):
        page.keyboard.press("Enter")
        expect(page.locator("[id^=save-]").first).to_have_attribute("aria-pressed", state)
        expect(page.locator("[id^=save-]").first).to_be_focused()


def test_a_guest_changes_the_handle_after_a_confirmation(own: Page):
    handle = own.locator("[data-handle]").inner_text()
    own.locator(".tools summary").last.click()
    own.get_by_role("button", name=ko("Change handle")).click()
    own.locator("#confirm button[value=ok]").click()
    expect(own.locator("[data-handle]")).not_to_have_text(handle)
    assert order(own) == []
