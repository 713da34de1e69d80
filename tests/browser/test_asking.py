"""A board that asks before a vote counts: the dialog, its keyboard and focus, and the page without a script."""

import pytest
from playwright.sync_api import Locator, Page, expect

from .browsing import BrowserPool
from .conftest import OpenPage
from .content import ADMIN
from .test_every_page import violations
from .words import ko

pytestmark = pytest.mark.browser

WRITER, READER = "dalbit", "noor"


@pytest.fixture(scope="module")
def path(browsers: BrowserPool) -> str:
    """The address of a text on a board that asks."""
    with browsers.open_for(ADMIN) as user:
        made = {"name_ko": "물음", "slug": "asking", "kind": "qa", "asks_before_vote": "y", "confirmed": "1"}
        user.fetch("/admin/boards/add", made)
    return browsers.publish(WRITER, "asking", "이 게시판은 먼저 물어보나요?", "추천을 누르면 정말 누를지 물어봐요.")


def _arrow(page: Page, direction: str) -> Locator:
    return page.locator(f"article.post > .vote button[id$=-{direction}]").first


def _score(page: Page) -> Locator:
    return page.locator("article.post > .vote b").first


def test_the_dialog_asks_by_keyboard_and_the_focus_comes_back(open_page: OpenPage, path: str):
    page = open_page(path, READER)
    up, dialog = _arrow(page, "up"), page.get_by_role("dialog")
    up.focus()
    page.keyboard.press("Enter")
    expect(dialog).to_contain_text(ko("Vote up?"))
    page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    expect(up).to_be_focused()
    expect(_score(page)).to_have_text("0")
    page.keyboard.press("Enter")
    expect(dialog.get_by_role("button", name=ko("Cancel"))).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(up).to_have_attribute("aria-pressed", "true")
    expect(_score(page)).to_have_text("1")
    expect(up).to_be_focused()
    down = _arrow(page, "down")
    down.click()
    expect(dialog).to_contain_text(ko("Vote down?"))
    dialog.get_by_role("button", name=ko("Vote down")).click()
    expect(_score(page)).to_have_text("-1")
    expect(down).to_be_focused()
    page.keyboard.press("Enter")
    expect(_score(page)).to_have_text("0")
    expect(dialog).to_have_count(0)


def test_an_answer_counts_for_the_question_asked_last(open_page: OpenPage, path: str):
    """A dialog that is closed and opened again at once, before the browser has told the page of its closing."""
    page = open_page(path, "tomas")
    page.evaluate(
        """() => {
            document.querySelector(".vote [id$=-down]").click();
            document.querySelector("#confirm").close();
            document.querySelector(".vote [id$=-up]").click();
        }"""
    )
    page.get_by_role("dialog").get_by_role("button", name=ko("Vote up")).click()
    expect(_arrow(page, "up")).to_have_attribute("aria-pressed", "true")
    expect(_score(page)).to_have_text("1")
    _arrow(page, "up").click()
    expect(_score(page)).to_have_text("0")


def test_only_what_cannot_be_undone_has_a_red_button(open_page: OpenPage, path: str):
    page = open_page(path, READER)
    _arrow(page, "up").click()
    ok = page.locator("#confirm button[value=ok]")
    expect(ok).not_to_have_class("btn primary danger")
    page.keyboard.press("Escape")
    page = open_page(path, WRITER)
    page.get_by_role("link", name=ko("Delete"), exact=True).click()
    expect(page.locator("#confirm button[value=ok]")).to_have_class("btn primary danger")


@pytest.mark.parametrize("look", [{"width": 360, "theme": "light"}, {"width": 1280, "theme": "dark"}])
@pytest.mark.parametrize("locale", ["ko", "en"])
def test_the_dialog_is_accessible(browsers: BrowserPool, path: str, look: dict, locale: str):
    with browsers.open_for(READER, locale=locale, **look) as user:
        user.visit(path)
        _arrow(user.page, "up").click()
        expect(user.page.get_by_role("dialog")).to_be_visible()
        assert violations(user) == []


def test_without_a_script_a_page_asks(browsers: BrowserPool, path: str):
    with browsers.open_for("tomas", locale="ko", script=False) as user:
        user.visit(path)
        _arrow(user.page, "up").click()
        expect(user.page.get_by_role("heading", name=ko("Vote up?"))).to_be_visible()
        user.page.get_by_role("link", name=ko("Cancel")).click()
        expect(_score(user.page)).to_have_text("0")
        _arrow(user.page, "up").click()
        user.page.locator("main").get_by_role("button", name=ko("Vote up")).click()
        expect(_score(user.page)).to_have_text("1")
        _arrow(user.page, "up").click()
        expect(_score(user.page)).to_have_text("0")
