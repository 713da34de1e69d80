"""Polls in the browser: voting in place by keyboard, error messages, the fields in the form of a post."""

import pytest
from playwright.sync_api import Page, expect

from .browsing import BrowserPool
from .conftest import OpenPage
from .words import ko

pytestmark = pytest.mark.browser

READER, AUTHOR = "gaon", "namu"


def poll_of(page: Page, browsers: BrowserPool, name: str):
    return page.locator(f"#poll-{browsers.site.places[name]}")


def test_a_vote_by_keyboard_shows_the_results_and_keeps_the_focus_in_the_poll(
    open_page: OpenPage, browsers: BrowserPool
):
    page = open_page("/posts/{poll}", READER)
    poll, address = poll_of(page, browsers, "poll"), page.url
    poll.get_by_role("radio").first.focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(poll.locator("tr.mine th")).to_contain_text("정원 옆 작은 카페")
    expect(poll).to_be_focused()
    assert page.url == address
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(poll.get_by_role("radio").nth(1)).to_be_checked()
    poll.get_by_role("button", name=ko("Withdraw my vote")).click()
    expect(poll.get_by_role("radio")).to_have_count(3)
    expect(poll.locator("tr.mine")).to_have_count(0)
    expect(poll).to_be_focused()


def test_a_vote_without_a_choice_says_so_in_the_poll(open_page: OpenPage, browsers: BrowserPool):
    page = open_page("/posts/{hidden_poll}", READER)
    poll = poll_of(page, browsers, "hidden_poll")
    poll.get_by_role("button", name=ko("Vote", context="poll")).click()
    expect(poll.locator("[data-problem]")).to_have_text(ko("Please choose an answer."))


def test_the_fields_of_a_poll_show_on_talk_boards_alone(open_page: OpenPage):
    page = open_page("/posts/new?board=talk", READER)
    fields = page.locator(".poll-fields")
    expect(fields).to_be_visible()
    page.locator("#board").select_option("qa")
    expect(fields).to_be_hidden()
    page.locator("#board").select_option("talk")
    fields.locator("summary").click()
    page.locator("#board").select_option("qa")
    expect(fields).to_be_visible()


def test_a_poll_that_is_being_written_is_saved_as_a_draft(open_page: OpenPage):
    page = open_page("/posts/new?board=talk", READER)
    page.locator(".poll-fields summary").click()
    for text in ("이 투표는 임시로 저장될까요?", ""):
        with page.expect_response(lambda response: response.url.endswith("/posts/drafts") and response.status == 204):
            page.locator("#poll_question").fill(text)
        page.reload()
        expect(page.locator("#poll_question")).to_have_value(text)


def test_ending_a_poll_asks_first(open_page: OpenPage, browsers: BrowserPool):
    page = open_page("/posts/{poll}", AUTHOR)
    poll_of(page, browsers, "poll").get_by_role("button", name=ko("End the poll")).click()
    expect(page.get_by_role("dialog")).to_contain_text(ko("End this poll? No one will be able to vote in it any more."))
