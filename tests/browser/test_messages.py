"""Writing to each other in the browser, with and without a script."""

import pytest
from playwright.sync_api import expect

from .browsing import Desk
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


def test_what_is_typed_survives_a_visit_elsewhere(open_page: OpenPage):
    page = open_page("/messages/{conversation}", WRITER)
    page.locator(".composer textarea").fill("아직 쓰는 중이에요")
    page.goto("/messages")
    page.go_back()
    expect(page.locator(".composer textarea")).to_have_value("아직 쓰는 중이에요")


def test_a_refusal_stands_at_the_field_and_keeps_the_text(open_page: OpenPage):
    page = open_page("/messages/{conversation}", WRITER)
    page.locator(".composer textarea").fill("   ")
    page.locator(".composer button[type=submit]").click()
    expect(page.locator(".composer [data-problem]")).to_have_text(ko("A message needs some words."))
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


def test_the_card_over_a_name_leads_to_a_message(open_page: OpenPage):
    page = open_page("/posts/{question}", WRITER)
    page.locator(".signed .name").first.focus()
    page.keyboard.press("ArrowDown")
    page.locator(".card-pop").get_by_role("link", name=ko("Send a message")).click()
    expect(page.get_by_role("combobox", name=ko("To"))).to_have_value("namu")


def test_everything_works_without_a_script(desk: Desk):
    with desk.sit("mina", script=False) as seat:
        seat.see("/messages/new?to=gaon")
        seat.page.locator("textarea[name=body]").fill("No script here.")
        seat.page.get_by_role("button", name=ko("Send")).click()
        expect(seat.page.locator("#messages")).to_contain_text("No script here.")
        assert "#message-" in seat.page.url
        seat.page.locator("textarea[name=body]").fill("None at all.")
        seat.page.get_by_role("button", name=ko("Send")).click()
        expect(seat.page.locator("#messages > ol > li").first).to_contain_text("None at all.")
        seat.page.get_by_role("button", name=ko("Mute")).click()
        expect(seat.page.get_by_role("button", name=ko("Unmute"))).to_be_visible()
        seat.page.get_by_role("link", name=ko("Leave the conversation")).click()
        seat.page.get_by_role("button", name=ko("Leave the conversation")).click()
        expect(seat.page.locator(".notice")).to_contain_text(ko("You have left the conversation."))
        assert seat.complaints == []
