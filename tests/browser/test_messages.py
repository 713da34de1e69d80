"""Private messages in the browser, with and without a script."""

import pytest
from playwright.sync_api import expect

from .browsing import BrowserPool
from .conftest import OpenPage
from .words import ko

pytestmark = pytest.mark.browser

WRITER = "haneul"


def test_a_message_is_sent_in_place_and_the_caret_stays(open_page: OpenPage):
    page = open_page("/messages/{conversation}", WRITER)
    box = page.locator(".composer textarea")
    box.fill("제자리에서 보낸 쪽지예요.")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#messages > ol > li").first).to_contain_text("제자리에서 보낸 쪽지예요.")
    expect(page.locator(".composer textarea")).to_have_value("")
    expect(page.locator(".composer textarea")).to_be_focused()
    page.reload()
    expect(page.locator(".composer textarea")).to_have_value("")


def test_unsent_text_survives_a_visit_to_another_page(open_page: OpenPage):
    page = open_page("/messages/{conversation}", WRITER)
    page.locator(".composer textarea").fill("아직 쓰는 중이에요")
    page.goto("/messages")
    page.go_back()
    expect(page.locator(".composer textarea")).to_have_value("아직 쓰는 중이에요")


def test_an_error_is_shown_at_the_field_and_the_text_remains(open_page: OpenPage):
    page = open_page("/messages/{conversation}", WRITER)
    page.locator(".composer textarea").fill("   ")
    page.locator(".composer button[type=submit]").click()
    expect(page.locator(".composer [data-problem]")).to_have_text(ko("Please write a message."))
    expect(page.locator(".composer textarea")).to_have_value("   ")


def test_names_are_completed(open_page: OpenPage):
    page = open_page("/messages/new", WRITER)
    to = page.get_by_role("combobox", name=ko("To"))
    to.press_sequentially("na")
    page.clock.run_for(200)
    expect(page.get_by_role("option").first).to_contain_text("@namu")
    to.press("Enter")
    expect(to).to_have_value("namu, ")
    expect(to).to_be_focused()


def test_the_profile_card_links_to_a_new_message(open_page: OpenPage):
    page = open_page("/posts/{question}", WRITER)
    page.locator(".signed .name").first.focus()
    page.keyboard.press("ArrowDown")
    page.locator(".card-pop").get_by_role("link", name=ko("Send a message")).click()
    expect(page.get_by_role("combobox", name=ko("To"))).to_have_value("namu")


def test_everything_works_without_a_script(browsers: BrowserPool):
    with browsers.open_for("mina", script=False) as user:
        user.visit("/messages/new?to=gaon")
        user.page.locator("textarea[name=body]").fill("No script here.")
        user.page.get_by_role("button", name=ko("Send")).click()
        expect(user.page.locator("#messages")).to_contain_text("No script here.")
        assert "#message-" in user.page.url
        user.page.locator("textarea[name=body]").fill("None at all.")
        user.page.get_by_role("button", name=ko("Send")).click()
        expect(user.page.locator("#messages > ol > li").first).to_contain_text("None at all.")
        user.page.get_by_role("button", name=ko("Mute")).click()
        expect(user.page.get_by_role("button", name=ko("Unmute"))).to_be_visible()
        user.page.get_by_role("link", name=ko("Leave the conversation")).click()
        user.page.get_by_role("button", name=ko("Leave the conversation")).click()
        expect(user.page.locator(".notice")).to_contain_text(ko("You have left the conversation."))
        assert user.errors == []
