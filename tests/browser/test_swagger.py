"""Swagger UI calls the API of this site: as a visitor, and with a token."""

from collections.abc import Iterator
from time import monotonic

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.timing import TIMEOUT_SECONDS

from .browsing import BrowserPool, UserBrowser
from .content import MEMBER
from .test_every_page import violations

pytestmark = pytest.mark.browser

SCROLL = """id => {
  const block = document.getElementById(id);
  if (!block) scrollBy(0, innerHeight);
  return block !== null;
}"""


@pytest.fixture
def visitor(browsers: BrowserPool) -> Iterator[UserBrowser]:
    with browsers.open_for(locale="en") as user:
        yield user


def _token(browsers: BrowserPool) -> str:
    with browsers.open_for(MEMBER, locale="en") as user:
        assert user.visit("/settings/tokens", {"name": "trying out", "scopes": "read", "days": "7"}) == 200
        return user.page.locator("#secret").input_value()


def _run(page: Page, tag: str, operation: str) -> Locator:
    """Execute a GET operation; returns the response. Swagger UI draws an operation when it is scrolled to."""
    until = monotonic() + TIMEOUT_SECONDS
    while not page.evaluate(SCROLL, f"operations-{tag}-{operation}") and monotonic() < until:
        page.wait_for_timeout(100)  # `wait_for_function` evaluates in the page, which its CSP forbids
    block = page.locator(f"#operations-{tag}-{operation}")
    block.locator(".opblock-summary-control").click()
    block.get_by_role("button", name="Execute").click()
    return block.locator(".live-responses-table")


def test_calls_as_a_visitor_and_with_a_token(browsers: BrowserPool, visitor: UserBrowser):
    page, token = visitor.page, _token(browsers)
    assert visitor.visit("/swagger-ui") == 200
    posts = _run(page, "posts", "list_posts")
    expect(posts.locator(".response-col_status").last).to_have_text("200")
    page.locator(".auth-wrapper .authorize").first.click()
    page.locator("#auth-bearer-value").fill(token)
    page.get_by_role("button", name="Apply credentials").first.click()
    page.locator(".auth-container .btn-done").first.click()
    me = _run(page, "me", "get_me")
    expect(me.locator(".response-col_status").last).to_have_text("200")
    expect(me).to_contain_text(f'"username": "{MEMBER}"')
    assert visitor.errors == []


@pytest.mark.parametrize("width", [360, 1280])
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_page_is_as_bright_as_the_reader_wishes_and_has_no_barriers(browsers: BrowserPool, theme: str, width: int):
    with browsers.open_for(locale="en", theme=theme, width=width) as user:
        assert user.visit("/swagger-ui") == 200
        page = user.page
        page.locator(".opblock-tag").first.wait_for()
        is_dark = page.evaluate("document.documentElement.classList.contains('dark-mode')")
        assert is_dark == (theme == "dark")
        if width > 360:  # it draws operations when they are scrolled to, and on a phone takes them away again
            _run(page, "posts", "list_posts")
        assert violations(user) == []
