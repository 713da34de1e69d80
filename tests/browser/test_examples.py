"""The two pages of docs/examples, which use only the API, opened from another origin."""

import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer

import pytest
from playwright.sync_api import Browser, Page, expect

from frontend.build import ROOT
from tests.contract.serving import PASSWORD, served

pytestmark = pytest.mark.browser


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_words: object) -> None:
        """Print no log."""


@pytest.fixture(scope="module")
def other_origin() -> Iterator[str]:
    """A server on another origin for the two pages."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(ROOT / "docs" / "examples")))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.fixture(scope="module")
def address(other_origin: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A site that allows API calls from the other origin (CORS)."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("MADANG_API_CORS_ORIGINS", other_origin)
        with served(tmp_path_factory.mktemp("site")) as address:
            yield address


@pytest.fixture
def page(chromium: Browser) -> Iterator[Page]:
    context = chromium.new_context()
    yield context.new_page()
    context.close()


def log_in(page: Page, address: str, who: str, password: str = PASSWORD) -> None:
    page.get_by_label("Site").fill(address)
    page.get_by_label("Username").fill(who)
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Log in").click()


def test_an_account_is_shown_to_its_owner(page: Page, other_origin: str, address: str):
    page.goto(f"{other_origin}/account.html")
    log_in(page, address, "ann", "not her password")
    expect(page.get_by_role("alert")).to_contain_text("do not belong together")
    log_in(page, address, "ann")
    expect(page.locator("#email")).to_have_text("ann@example.org")
    page.get_by_role("button", name="Log out").click()
    expect(page.get_by_role("button", name="Log in")).to_be_visible()


def test_boards_are_managed(page: Page, other_origin: str, address: str):
    page.on("dialog", lambda dialog: dialog.accept())
    page.goto(f"{other_origin}/boards.html")
    log_in(page, address, "ruth")
    form, rows = page.locator("#board"), page.locator("#rows")
    form.get_by_label("Word in addresses").fill("garden")
    form.get_by_role("button", name="Save").click()
    form.get_by_label("Name").fill("Garden")
    form.get_by_label("Kind").select_option("talk")
    form.get_by_role("button", name="Save").click()
    made = rows.get_by_role("row").filter(has_text="garden")
    expect(made).to_contain_text("Garden")
    made.get_by_role("button", name="Edit").click()
    form.get_by_label("Name").fill("The garden")
    form.get_by_role("button", name="Save").click()
    expect(made).to_contain_text("The garden")
    made.get_by_role("button", name="Delete").click()
    expect(made).to_have_count(0)


def test_another_origin_is_refused(page: Page, other_origin: str, address: str):
    page.goto(f"{other_origin.replace('127.0.0.1', 'localhost')}/account.html")
    log_in(page, address, "ann")
    expect(page.get_by_role("alert")).to_be_visible()
    expect(page.locator("#account")).to_be_hidden()
