"""The example pages, which use only the API, and a page of another origin that does."""

import json
import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer

import pytest
from playwright.sync_api import Browser, Page, expect

from frontend.build import ROOT
from tests.contract.serving import PASSWORD, served

pytestmark = pytest.mark.browser
STORED = "[sessionStorage.getItem('example-refresh-token'), localStorage.getItem('example-refresh-token')]"


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_words: object) -> None:
        """Print no log."""


@pytest.fixture(scope="module")
def other_origin() -> Iterator[str]:
    """A server on another origin for the page of docs/examples."""
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
    context = chromium.new_context(locale="en")
    yield context.new_page()
    context.close()


def log_in(page: Page, who: str, password: str = PASSWORD, keep: str = "page") -> None:
    page.get_by_label("Username").fill(who)
    page.get_by_label("Password").fill(password)
    page.locator("#keep").select_option(keep)
    page.locator("[data-login] button").click()


def log_in_elsewhere(page: Page, address: str, who: str, password: str = PASSWORD) -> None:
    page.get_by_label("Site").fill(address)
    page.get_by_label("Username").fill(who)
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Log in").click()


def test_a_protected_page_asks_to_log_in(page: Page, address: str):
    page.goto(f"{address}/examples/account")
    expect(page.locator("[data-inside]")).to_be_hidden()
    log_in(page, "ann", "not her password")
    expect(page.get_by_role("alert")).to_be_visible()
    log_in(page, "ann")
    expect(page.locator("[data-field=email]")).to_have_text("ann@example.org")
    assert page.evaluate(STORED) == [None, None]
    page.reload()
    expect(page.locator("[data-login]")).to_be_visible()


@pytest.mark.parametrize(("keep", "place"), [("tab", 0), ("browser", 1)])
def test_a_kept_token_logs_in_again_and_is_renewed(page: Page, address: str, keep: str, place: int):
    page.goto(f"{address}/examples/")
    log_in(page, "ann", keep=keep)
    expect(page.locator("[data-expiry]")).not_to_be_empty()
    first = page.evaluate(STORED)
    assert first[place] and not first[1 - place]
    page.goto(f"{address}/examples/account")
    expect(page.locator("[data-field=username]")).to_have_text("ann")
    assert page.evaluate(STORED)[place] != first[place], "a refresh token works once"
    page.get_by_role("button", name="Log out").click()
    expect(page.locator("[data-login]")).to_be_visible()
    assert page.evaluate(STORED) == [None, None]


def test_an_expired_access_token_is_renewed_without_a_word(page: Page, address: str):
    page.goto(f"{address}/examples/people")
    log_in(page, "ann")
    expect(page.locator("[data-people] li").first).to_be_visible()
    refused = []

    def expire_once(route) -> None:
        if refused:
            route.continue_()
        else:
            refused.append(route.request.url)
            body = json.dumps({"code": "token_expired", "detail": "The access token has expired."})
            route.fulfill(status=401, content_type="application/problem+json", body=body)

    page.route("**/api/v1/users?*", expire_once)
    with page.expect_response("**/api/v1/auth/refresh"):
        page.get_by_label("Search people").fill("ruth")
        page.get_by_role("button", name="Search").click()
    expect(page.locator("[data-people] li")).to_have_text(["ruth 0"])
    expect(page.get_by_role("alert")).to_be_hidden()
    assert len(refused) == 1


def test_boards_are_managed(page: Page, address: str):
    page.on("dialog", lambda dialog: dialog.accept())
    page.goto(f"{address}/examples/boards")
    log_in(page, "ruth")
    form, rows = page.locator("[data-board]"), page.locator("[data-rows]")
    form.get_by_label("Address").fill("garden")
    form.get_by_label("Name").fill("Garden")
    form.get_by_label("Kind").select_option("talk")
    form.get_by_role("button", name="Save").click()
    made = rows.get_by_role("row").filter(has_text="garden")
    expect(made).to_contain_text("Garden")
    form.get_by_label("Address").fill("garden")
    form.get_by_label("Name").fill("Another")
    form.get_by_role("button", name="Save").click()
    expect(page.get_by_role("alert")).to_be_visible()
    made.get_by_role("button", name="Edit").click()
    form.get_by_label("Name").fill("The garden")
    form.get_by_role("button", name="Save").click()
    expect(made).to_contain_text("The garden")
    made.get_by_role("button", name="Delete").click()
    expect(made).to_have_count(0)


def test_a_member_is_told_that_boards_are_not_theirs(page: Page, address: str):
    page.goto(f"{address}/examples/boards")
    log_in(page, "ann")
    expect(page.get_by_role("alert")).to_be_visible()


def test_a_page_of_another_origin_shows_an_account(page: Page, other_origin: str, address: str):
    page.goto(f"{other_origin}/account.html")
    log_in_elsewhere(page, address, "ann", "not her password")
    expect(page.get_by_role("alert")).to_contain_text("or password is wrong")
    log_in_elsewhere(page, address, "ann")
    expect(page.locator("#email")).to_have_text("ann@example.org")
    page.get_by_role("button", name="Log out").click()
    expect(page.get_by_role("button", name="Log in")).to_be_visible()


def test_an_origin_that_is_not_listed_is_refused(page: Page, other_origin: str, address: str):
    page.goto(f"{other_origin.replace('127.0.0.1', 'localhost')}/account.html")
    log_in_elsewhere(page, address, "ann")
    expect(page.get_by_role("alert")).to_be_visible()
    expect(page.locator("#account")).to_be_hidden()
