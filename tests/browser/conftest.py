"""Fixtures: a served site and a Chromium, one of each per test process.

They end with this package, because no other event loop can run in the process while Playwright is active.
"""

import os
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from frontend import build as frontend
from tests.conftest import skip_missing
from tests.timing import TIMEOUT_SECONDS

from .browsing import BrowserPool, UserBrowser
from .serving import Site, served

CHROMIUM = os.environ.get("MADANG_TEST_BROWSER")
expect.set_options(timeout=1000 * TIMEOUT_SECONDS)


@pytest.fixture(scope="package")
def built() -> None:
    """Build the stylesheet and the script, and install the checkers of pages."""
    try:
        frontend.build(dev=True)
    except frontend.BuildError as error:
        skip_missing(str(error))


@pytest.fixture(scope="package")
def chromium() -> Iterator[Browser]:
    if not CHROMIUM:
        skip_missing("Set MADANG_TEST_BROWSER to a Chromium, for example /usr/bin/chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        yield browser
        browser.close()


@pytest.fixture(scope="package")
def site(built: None, chromium: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A site with content in all states."""
    with served(tmp_path_factory.mktemp("full")) as site:
        yield site


@pytest.fixture(scope="package")
def browsers(chromium: Browser, site: Site) -> BrowserPool:
    return BrowserPool(chromium, site)


OpenPage = Callable[..., Page]


@pytest.fixture
def open_page(browsers: BrowserPool) -> Iterator[OpenPage]:
    """`open_page(path, who, width=..., ...)`: open a page in a new browser; places of the site fill the path."""
    users: list[UserBrowser] = []

    def open_one(path: str, who: str | None = None, **look: Any) -> Page:
        user = browsers.open_for(who, **look)
        users.append(user)
        if look.get("script", True):
            user.page.clock.install()
        user.visit(path.format(**browsers.site.places))
        return user.page

    yield open_one
    for user in users:
        user.context.close()
