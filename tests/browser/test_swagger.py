"""Swagger UI tries the API out from this site alone: as a visitor, and with a token."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Locator, Page, expect

from .browsing import Desk, Seat
from .content import MEMBER

pytestmark = pytest.mark.browser

SCROLL = """id => {
  const block = document.getElementById(id);
  if (!block) scrollBy(0, innerHeight);
  return block !== null;
}"""


@pytest.fixture
def visitor(desk: Desk) -> Iterator[Seat]:
    with desk.sit(locale="en") as seat:
        yield seat


def _token(desk: Desk) -> str:
    with desk.sit(MEMBER, locale="en") as seat:
        assert seat.see("/settings/tokens", {"name": "trying out", "scopes": "read", "days": "7"}) == 200
        return seat.page.locator("#secret").input_value()


def _run(page: Page, tag: str, operation: str) -> Locator:
    """Open a GET, run it as it stands; returns what came back. A block is drawn when somebody comes near."""
    page.wait_for_function(SCROLL, arg=f"operations-{tag}-{operation}")
    block = page.locator(f"#operations-{tag}-{operation}")
    block.locator(".opblock-summary-control").click()
    block.get_by_role("button", name="Execute").click()
    return block.locator(".live-responses-table")


def test_a_visitor_tries_it_and_goes_on_with_a_token(desk: Desk, visitor: Seat):
    page, token = visitor.page, _token(desk)
    assert visitor.see("/swagger-ui") == 200
    posts = _run(page, "posts", "list_posts")
    expect(posts.locator(".response-col_status").last).to_have_text("200")
    page.locator(".auth-wrapper .authorize").first.click()
    page.locator("#auth-bearer-value").fill(token)
    page.get_by_role("button", name="Apply credentials").first.click()
    page.locator(".auth-container .btn-done").first.click()
    me = _run(page, "me", "get_me")
    expect(me.locator(".response-col_status").last).to_have_text("200")
    expect(me).to_contain_text(f'"username": "{MEMBER}"')
    assert visitor.complaints == []
