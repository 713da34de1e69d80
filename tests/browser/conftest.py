"""The real site, and a Chromium to look at it with: one of each for a test process.

They end with this package, for while Chromium is driven no other event loop can run in the process.
"""

import os
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from frontend import build as frontend
from tests.conftest import left_out
from tests.timing import PATIENCE_SECONDS

from .browsing import Desk, Seat
from .serving import Site, served

CHROMIUM = os.environ.get("MADANG_TEST_BROWSER")
expect.set_options(timeout=1000 * PATIENCE_SECONDS)


@pytest.fixture(scope="package")
def built() -> None:
    """The stylesheet and the script are there, and what checks the pages."""
    try:
        frontend.build(dev=True)
    except frontend.BuildError as error:
        left_out(str(error))


@pytest.fixture(scope="package")
def chromium() -> Iterator[Browser]:
    if not CHROMIUM:
        left_out("Set MADANG_TEST_BROWSER to a Chromium, for example /usr/bin/chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        yield browser
        browser.close()


@pytest.fixture(scope="package")
def site(built: None, chromium: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A site that is full of life."""
    with served(tmp_path_factory.mktemp("full")) as site:
        yield site


@pytest.fixture(scope="package")
def desk(chromium: Browser, site: Site) -> Desk:
    return Desk(chromium, site)


OpenPage = Callable[..., Page]


@pytest.fixture
def open_page(desk: Desk) -> Iterator[OpenPage]:
    """`open_page(path, who, width=..., ...)`: a page in a browser of its own; the places of the site fill the path."""
    seats: list[Seat] = []

    def open_one(path: str, who: str | None = None, **look: Any) -> Page:
        seat = desk.sit(who, **look)
        seats.append(seat)
        if look.get("script", True):
            seat.page.clock.install()
        seat.see(path.format(**desk.site.places))
        return seat.page

    yield open_one
    for seat in seats:
        seat.context.close()
