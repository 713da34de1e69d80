"""Closing a question as a duplicate: the picker of the question that it repeats, by keyboard and without a script."""

import re

import pytest
from playwright.sync_api import expect

from .cases import MODERATOR
from .conftest import OpenPage
from .words import ko

pytestmark = pytest.mark.browser

TYPED = "SQLite에서"


def test_the_original_is_chosen_by_keyboard(open_page: OpenPage):
    page = open_page("/posts/{unanswered}/close", MODERATOR)
    box, number = page.locator("#duplicate_of"), page.locator('input[name="original"]')
    page.locator("#reason").select_option("unclear")
    expect(box).to_be_hidden()
    page.locator("#reason").select_option("duplicate")
    box.press_sequentially(TYPED)
    page.clock.run_for(200)
    option = page.locator(".completion [role=option]:visible").first
    expect(option).to_contain_text("PostgreSQL")
    title = option.evaluate("option => option.firstChild.data")
    box.press("Enter")
    expect(box).to_have_value(title)
    expect(box).to_be_focused()
    expect(number).to_have_value(re.compile(r"\d+"))
    expect(page.locator("[data-preview]")).to_contain_text(title)
    page.clock.run_for(200)
    expect(page.locator(".completion [role=option]:visible")).to_have_count(0)
    box.press("Backspace")
    expect(number).to_have_value("")
    expect(page.locator("[data-preview]")).to_be_hidden()


def test_the_original_is_chosen_from_matches_without_a_script(open_page: OpenPage):
    page = open_page("/posts/{unanswered}/close", MODERATOR, script=False)
    page.locator("#duplicate_of").fill(TYPED)
    page.get_by_role("button", name=ko("Close"), exact=True).click()
    expect(page.get_by_text(ko("Please choose the question it duplicates."))).to_be_visible()
    match = page.get_by_role("radio").first
    expect(match).to_be_visible()
    expect(page.locator("fieldset label").first).to_contain_text("PostgreSQL")
