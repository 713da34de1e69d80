"""The script of every page, and pages without it."""

import pytest
from playwright.sync_api import Page, expect

from .browsing import BrowserPool
from .conftest import OpenPage
from .words import ko

pytestmark = pytest.mark.browser

READER, MODERATOR, ADMIN = "noor", "eunbyeol", "jangmi"


class TestWithoutAScript:
    @pytest.fixture
    def plain(self, open_page: OpenPage) -> Page:
        return open_page("/posts/{question}", READER, width=360, script=False)

    def test_the_hamburger_opens(self, plain: Page):
        plain.locator(".burger > summary").click()
        expect(plain.locator(".drawer").get_by_role("link", name="자유 마당")).to_be_visible()

    def test_the_search_box_opens_by_touch(self, plain: Page):
        plain.locator("#q").click()
        box = plain.locator("#q").bounding_box()
        assert box
        assert box["width"] > 300

    def test_controls_that_need_a_script_are_hidden(self, plain: Page):
        expect(plain.locator(".editor-bar")).to_be_hidden()
        expect(plain.locator(".foot .theme")).to_be_hidden()


class TestTheTheme:
    def test_is_stored_in_a_cookie_and_printed_by_the_server(self, open_page: OpenPage):
        page = open_page("/")
        page.locator(".foot [data-theme-set=dark]").click()
        assert page.evaluate("document.documentElement.dataset.theme") == "dark"
        page.reload()
        assert page.evaluate("document.documentElement.dataset.theme") == "dark"

    def test_choosing_the_system_theme_removes_the_cookie(self, open_page: OpenPage):
        page = open_page("/", theme="dark")
        page.locator('.foot [data-theme-set=""]').click()
        assert page.evaluate("'theme' in document.documentElement.dataset") is False
        assert [cookie["name"] for cookie in page.context.cookies()] == ["locale"]

    def test_is_light_in_print(self, open_page: OpenPage):
        page = open_page("/", theme="dark")
        page.emulate_media(media="print")
        assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"

    def test_follows_the_system_by_default(self, open_page: OpenPage):
        page = open_page("/")
        page.emulate_media(color_scheme="dark")
        assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(24, 23, 20)"


class TestWhatIsShownOnce:
    def test_is_copied_by_a_button(self, browsers: BrowserPool):
        with browsers.open_for(ADMIN, locale="en") as user:
            user.context.grant_permissions(["clipboard-read", "clipboard-write"])
            user.visit(f"/admin/users/{browsers.site.places['namu']}/password", {"value": "show"})
            user.page.get_by_role("button", name="Copy", exact=True).click()
            expect(user.page.get_by_role("button", name="Copied", exact=True)).to_be_visible()
            link = user.page.locator("#link").input_value()
            assert user.page.evaluate("navigator.clipboard.readText()") == link
            assert "/auth/reset/" in link


class TestTablesOnAPhone:
    def test_are_sorted_there_too(self, open_page: OpenPage):
        page = open_page("/admin/users", ADMIN, width=360)
        expect(page.locator("tbody th").first).not_to_contain_text("aiko")  # sorted the other way
        page.locator("thead a").first.click()
        expect(page.locator("tbody th").first).to_contain_text("aiko")


class TestForms:
    def test_are_submitted_once(self, open_page: OpenPage):
        page = open_page("/settings/preferences", READER)
        prevented = page.evaluate(
            "() => { const prevented = []; const form = document.querySelector('main form');"
            " addEventListener('submit', (event) => {"
            " prevented.push(event.defaultPrevented); event.preventDefault(); });"
            " form.requestSubmit(); form.requestSubmit(); return prevented; }"
        )
        page.clock.run_for(10)
        assert prevented == [False, True]
        expect(page.locator("main form button").first).to_be_disabled()

    def test_warn_before_unsaved_input_is_lost(self, open_page: OpenPage):
        page = open_page("/settings", READER)
        page.locator("#display_name").fill("별")
        asked = []
        page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
        page.goto("/")
        assert asked == ["beforeunload"]

    def test_delete_after_a_confirmation(self, open_page: OpenPage, browsers: BrowserPool):
        page = open_page("/posts/{edited}", MODERATOR)
        last = page.locator("#answers .post").last
        address = f"#{last.get_attribute('id')}"
        page.locator(f"{address} > div > .acts").get_by_role("link", name=ko("Delete"), exact=True).click()
        dialog = page.get_by_role("dialog")
        expect(dialog).to_contain_text(ko("Delete this post? A moderator can restore it."))
        dialog.get_by_role("button", name=ko("Cancel")).click()
        expect(page.locator(f"{address}.deleted")).to_have_count(0)
        page.locator(f"{address} > div > .acts").get_by_role("link", name=ko("Delete"), exact=True).click()
        dialog.get_by_role("button", name=ko("Delete")).click()
        page.wait_for_url("**/posts/*/*")
        page.goto(f"/posts/{browsers.site.places['edited']}?page=2")
        expect(page.locator(f"{address}.deleted")).to_be_visible()

    def test_show_a_password_on_demand(self, open_page: OpenPage):
        page = open_page("/auth/login")
        page.get_by_role("button", name=ko("Show password")).click()
        expect(page.locator("#password")).to_have_attribute("type", "text")


class TestTheKeyboard:
    def test_moves_between_rows(self, open_page: OpenPage):
        page = open_page("/questions")
        page.keyboard.press("j")
        page.keyboard.press("j")
        expect(page.locator("[data-row]").nth(1)).to_be_focused()
        page.keyboard.press("k")
        expect(page.locator("[data-row]").first).to_be_focused()

    def test_focuses_the_search_box(self, open_page: OpenPage):
        page = open_page("/questions")
        page.keyboard.press("/")
        expect(page.locator("#q")).to_be_focused()
        expect(page.locator("#q")).to_have_value("")

    def test_shows_its_help_and_can_be_turned_off(self, open_page: OpenPage):
        page = open_page("/questions")
        page.keyboard.press("?")
        page.get_by_role("dialog").get_by_role("checkbox").uncheck()
        page.keyboard.press("Escape")
        page.keyboard.press("/")
        expect(page.locator("#q")).not_to_be_focused()

    def test_closes_a_menu_and_returns_to_its_button(self, open_page: OpenPage):
        page = open_page("/", READER)
        menu = page.locator(".tools .menu").last
        menu.locator("summary").click()
        page.keyboard.press("ArrowDown")
        expect(menu.locator(".menu-list a").first).to_be_focused()
        page.keyboard.press("Escape")
        expect(menu.locator("summary")).to_be_focused()
        expect(menu.locator(".menu-list")).to_be_hidden()

    def test_skips_to_the_text(self, open_page: OpenPage):
        page = open_page("/questions")
        page.keyboard.press("Tab")
        expect(page.locator(".skip")).to_be_focused()
        expect(page.locator(".skip")).to_be_in_viewport()
        page.keyboard.press("Enter")
        expect(page.locator("main")).to_be_focused()

    @pytest.mark.parametrize("path", ["/questions", "/posts/{question}", "/posts/new", "/settings", "/users/namu"])
    def test_is_always_visible(self, open_page: OpenPage, path: str):
        page = open_page(path, READER)
        page.keyboard.press("Tab")  # from here on the browser shows the focus
        assert page.evaluate(HIDDEN_FOCUS) == []


# Every control that the focus reaches, and that then looks as it did before.
HIDDEN_FOCUS = """() => {
  const look = (element) => {
    const style = getComputedStyle(element);
    const ring = style.outlineStyle !== "none" && style.outlineWidth;
    return [ring, style.boxShadow, style.borderColor, style.backgroundColor].join();
  };
  const around = (element) => [element, element.closest(".row, .editor, .search")].filter(Boolean);
  return [...document.querySelectorAll("a[href], button, input, select, textarea, summary")]
    .filter((element) => element.checkVisibility() && !element.disabled && element.type !== "hidden")
    .filter((element) => {
      document.activeElement.blur();
      const before = around(element).map(look).join();
      element.focus();
      return document.activeElement === element && around(element).map(look).join() === before;
    })
    .map((element) => element.outerHTML.slice(0, 160));
}"""


def test_share_copies_the_address(open_page: OpenPage, browsers: BrowserPool):
    page = open_page("/posts/{question}")
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    answer = browsers.site.places["accepted"]
    page.locator(f"#answer-{answer} [data-copy]").click()
    expect(page.locator(".toast")).to_contain_text(ko("The link was copied."))
    assert page.evaluate("navigator.clipboard.readText()") == f"{browsers.site.url}/posts/{answer}"


def test_relative_times_are_updated(open_page: OpenPage):
    page = open_page("/questions")
    stamp = page.locator(".row time").filter(has_text="분").first.get_attribute("datetime")
    moment = page.locator(f'.row time[datetime="{stamp}"]').first
    before = int(moment.inner_text().split("분")[0])
    page.clock.run_for(5 * 60_000)
    assert int(moment.inner_text().split("분")[0]) >= before + 4
