"""The first start: the page that makes the administrator, and the empty site that follows."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from tests.people import PASSWORD

from .browsing import Desk, Seat
from .serving import served
from .test_every_page import faults

pytestmark = pytest.mark.browser

EMPTY = ("/", "/questions", "/boards", "/boards/talk", "/tags", "/search?q=마당", "/users")


@pytest.fixture
def seat(built: None, chromium: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Seat]:
    """A phone in front of a site that nobody has set up."""
    with served(tmp_path_factory.mktemp("empty"), "--empty") as site, Desk(chromium, site).sit(width=360) as seat:
        yield seat


def test_a_site_is_set_up_and_is_kind_while_it_is_empty(seat: Seat):
    assert seat.see("/") == 200
    assert seat.page.url.endswith("/setup")
    assert faults(seat) == []
    typed = {"code": seat.site.code, "site_name": "우리 마당", "username": "jangmi", "email": "jangmi@example.org"}
    for name, text in {**typed, "password": PASSWORD, "password2": PASSWORD}.items():
        seat.page.locator(f"main [name={name}]").fill(text)
    seat.page.locator("main button[type=submit]").click()
    expect(seat.page.locator(".mark")).to_contain_text("우리 마당")
    for path in EMPTY:
        assert seat.see(path) == 200
        assert faults(seat) == []
        assert seat.page.evaluate("document.documentElement.scrollWidth") <= 360
