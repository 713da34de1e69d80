"""The first start: the page that creates the administrator, and the empty site after it."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from tests.people import PASSWORD

from .browsing import BrowserPool, UserBrowser
from .serving import served
from .test_every_page import violations

pytestmark = pytest.mark.browser

EMPTY = ("/", "/admin", "/posts/1", "/questions", "/boards", "/boards/talk", "/tags", "/search?q=마당", "/users")


@pytest.fixture
def user(built: None, chromium: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[UserBrowser]:
    """A browser of phone size on a site that is not set up."""
    with (
        served(tmp_path_factory.mktemp("empty"), "--empty") as site,
        BrowserPool(chromium, site).open_for(width=360) as user,
    ):
        yield user


def test_a_site_is_set_up_and_shows_hints_while_it_is_empty(user: UserBrowser):
    assert user.visit("/") == 200
    assert user.page.url.endswith("/setup")
    assert violations(user) == []
    expect(user.page.locator("main [name=code]")).to_be_focused()
    typed = {"code": user.site.code, "site_name": "우리 마당", "username": "jangmi", "email": "jangmi@example.org"}
    for name, text in {**typed, "password": PASSWORD, "password2": PASSWORD}.items():
        user.page.locator(f"main [name={name}]").fill(text)
    user.page.locator("main button[type=submit]").click()
    expect(user.page.locator(".mark")).to_contain_text("우리 마당")
    for path in EMPTY:
        assert user.visit(path) == 200
        assert violations(user) == []
        assert user.page.evaluate("document.documentElement.scrollWidth") <= 360
