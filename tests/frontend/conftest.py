"""The built front end, the gallery that serves it, and a Chromium to look at it with."""

import os
import threading

import pytest
from playwright.sync_api import Page, sync_playwright

from frontend import build as frontend
from frontend.gallery.pages import manifest
from frontend.gallery.server import GalleryServer

CHROMIUM = os.environ.get("MADANG_TEST_BROWSER")


def leave_out(reason: str) -> None:
    """Skip, or fail where nothing may be left out."""
    if os.environ.get("MADANG_REQUIRE_ALL") == "1":
        pytest.fail(reason)
    pytest.skip(reason)


@pytest.fixture(scope="session")
def built() -> dict[str, str]:
    try:
        frontend.build(dev=True)
    except frontend.BuildError as error:
        leave_out(str(error))
    return manifest()


@pytest.fixture(scope="session")
def server(built):
    server = GalleryServer()
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server
    server.shutdown()


@pytest.fixture(scope="session")
def chromium():
    if not CHROMIUM:
        leave_out("Set MADANG_TEST_BROWSER to a Chromium, for example /usr/bin/chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture
def page(chromium, server):
    context = chromium.new_context(base_url=server.url, viewport={"width": 1280, "height": 900})
    server.posts.clear()
    page = context.new_page()
    page.complaints = complaints_of(page)
    yield page
    context.close()


def complaints_of(page: Page) -> list[str]:
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    return complaints
