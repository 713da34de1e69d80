"""Blocks of code in a post: copied by a button, long ones cut until the reader asks for all."""

import pytest
from playwright.sync_api import Page, expect

from .conftest import OpenPage
from .words import ko

pytestmark = pytest.mark.browser

WRITER = "dalbit"
SHORT, LONG = "x = 1", "\n".join(f"y = {number}" for number in range(80))


@pytest.fixture
def page(open_page: OpenPage) -> Page:
    page = open_page("/posts/new?board=talk", WRITER)
    page.locator("#title").fill("코드를 보여 주는 글")
    page.locator("#body").fill(f"짧은 코드와 긴 코드.\n\n```\n{SHORT}\n```\n\n```\n{LONG}\n```\n")
    page.locator("#body").press("Control+Enter")
    page.wait_for_url("**/posts/*/*")
    return page


def test_a_button_copies_the_code(page: Page):
    page.evaluate("navigator.clipboard.writeText = async (text) => { window.copied = text; }")
    page.locator(".text .code").first.get_by_role("button", name=ko("Copy")).click()
    expect(page.locator(".text .code").first.get_by_role("button", name=ko("Copied"))).to_be_visible()
    assert page.evaluate("window.copied").strip() == SHORT


def test_a_long_block_is_cut_until_all_of_it_is_wanted(page: Page):
    short, long = page.locator(".text .code").all()
    assert short.get_by_role("button", name=ko("Show all lines")).count() == 0
    assert long.locator("pre").evaluate("pre => pre.scrollHeight > pre.clientHeight")
    long.get_by_role("button", name=ko("Show all lines")).click()
    assert long.locator("pre").evaluate("pre => pre.scrollHeight === pre.clientHeight")
    assert long.get_by_role("button", name=ko("Show all lines")).count() == 0
