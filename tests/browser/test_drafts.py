"""Drafts: kept in the browser at once and on the server soon after, offered, restored, discarded, and never lost."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, Response, expect

from tests.people import PASSWORD

from .browsing import BrowserPool, UserBrowser, log_in, token_of
from .conftest import OpenPage
from .draft_content import NEW_POST
from .words import ko

pytestmark = pytest.mark.browser

QUIET = 3000  # milliseconds after which a draft is saved
WRITER, OTHER, MODERATOR = "aiko", "june", "eunbyeol"
NEW_TALK = "/posts/new?board=talk"


def is_saved(response: Response) -> bool:
    return response.url.endswith("/posts/drafts") and response.status == 204


@pytest.fixture(autouse=True)
def _no_drafts_stay(browsers: BrowserPool) -> Iterator[None]:
    yield
    for who in (WRITER, OTHER):
        with browsers.open_for(who) as user:
            for place in set(re.findall(r'data-discards="([^"]+)"', user.fetch("/drafts"))):
                user.fetch("/drafts/discard", {"place": place})


@pytest.fixture
def own_session(browsers: BrowserPool) -> Iterator[UserBrowser]:
    """A browser whose session no other test uses, so that it may end."""
    with browsers.open_for(None) as user:
        log_in(user.context.request, WRITER)
        yield user


def restored(page: Page):
    return page.locator(".draft-note")


class TestSaving:
    def test_is_done_after_a_pause_and_leaving_needs_no_warning_then(self, open_page: OpenPage):
        page = open_page(NEW_TALK, WRITER)
        page.locator("#title").fill("아직 쓰는 중이에요")
        page.locator("#body").fill("반쯤 쓴 글")
        page.clock.run_for(QUIET)
        expect(page.locator("[data-state]")).to_have_text(ko("Draft saved"))
        page.goto("/")

    def test_is_done_while_somebody_types_without_a_pause(self, open_page: OpenPage):
        page = open_page(NEW_TALK, WRITER)
        with page.expect_response(is_saved):
            for _second in range(5):
                page.locator("#body").press_sequentially("쓰")
                page.clock.run_for(1000)

    def test_is_done_when_the_page_is_hidden(self, open_page: OpenPage):
        page = open_page(NEW_TALK, WRITER)
        page.clock.pause_at(page.evaluate("Date.now() + 1000"))
        page.locator("#body").fill("가려진 글")
        with page.expect_response(is_saved):
            page.evaluate(
                "Object.defineProperty(document, 'visibilityState', { value: 'hidden' });"
                "document.dispatchEvent(new Event('visibilitychange'))"
            )

    def test_is_not_done_without_changes(self, open_page: OpenPage):
        page = open_page("/posts/{question}", WRITER)
        sent = []
        page.on("request", lambda request: request.method == "POST" and sent.append(request.url))
        page.clock.run_for(5 * QUIET)
        assert sent == []

    def test_is_done_in_the_browser_at_once(self, open_page: OpenPage):
        """Without the server: the text and the title of a new post, and an answer."""
        for path, area in ((NEW_TALK, "#body"), ("/posts/{question}", "#write textarea"), ("/posts/new", "#title")):
            page = open_page(path, WRITER)
            page.route("**/posts/drafts", lambda route: route.abort())
            page.locator(area).fill("서버 없이 쓴 글")
            page.evaluate("addEventListener('beforeunload', (event) => event.stopImmediatePropagation(), true)")
            page.reload()
            expect(page.locator(area)).to_have_value("서버 없이 쓴 글")
            expect(restored(page)).to_be_visible()


class TestNewPosts:
    def test_are_offered_and_not_filled_in(self, open_page: OpenPage):
        page = open_page(NEW_TALK, WRITER)
        page.locator("#title").fill("아직 쓰는 중이에요")
        page.locator("#body").fill("반쯤 쓴 글")
        with page.expect_response(is_saved):
            page.clock.run_for(QUIET)
        page.goto("/posts/new?board=album")
        expect(page.locator("[data-offered]")).to_have_count(0)
        page.goto(NEW_TALK)
        expect(page.locator("#title")).to_have_value("")
        expect(page.locator("[data-offered]")).to_contain_text("아직 쓰는 중이에요")
        page.locator("[data-offered]").get_by_role("link", name=ko("Continue")).click()
        expect(page.locator("#title")).to_have_value("아직 쓰는 중이에요")
        expect(page.locator("#body")).to_have_value("반쯤 쓴 글")
        expect(page.locator("#board")).to_have_value("talk")
        expect(restored(page)).to_be_visible()

    def test_that_only_the_browser_has_are_offered_too(self, open_page: OpenPage):
        page = open_page(NEW_TALK, WRITER)
        page.context.route("**/posts/drafts", lambda route: route.abort())
        page.locator("#title").fill("서버가 모르는 글")
        other = page.context.new_page()
        other.goto("/posts/new?board=album")
        expect(other.locator("[data-offered]")).to_have_count(0)
        other.goto(NEW_TALK)
        offer = other.locator("[data-offered]")
        expect(offer).to_contain_text("서버가 모르는 글")
        expect(offer).to_contain_text(re.compile(r"\d{4}년 \d+월 \d+일 오[전후] \d+:\d\d에"))  # as the server writes it
        offer.get_by_role("button", name=ko("Discard")).click()
        other.get_by_role("dialog").get_by_role("button", name=ko("Discard")).click()
        expect(offer).to_have_count(0)
        other.reload()
        expect(offer).to_have_count(0)

    def test_in_two_tabs_are_two_drafts(self, open_page: OpenPage):
        first = open_page(NEW_TALK, WRITER)
        second = first.context.new_page()
        second.goto(NEW_TALK)
        for page, title in ((first, "첫째 탭의 글"), (second, "둘째 탭의 글")):
            page.locator("#title").fill(title)
            with page.expect_response(is_saved):
                page.locator("#body").fill("두 탭에서 쓰는 글이에요.")
        second.locator("#body").press("Control+Enter")
        expect(second.locator("h1")).to_have_text("둘째 탭의 글")
        second.goto("/drafts")
        expect(second.locator(".drafts li")).to_have_count(1)
        expect(second.locator(".drafts li")).to_contain_text("첫째 탭의 글")
        copies = second.evaluate("Object.keys(localStorage).filter((key) => key.startsWith('madang.draft'))")
        assert len(copies) == 1

    def test_are_continued_and_discarded_without_a_script(self, open_page: OpenPage):
        page = open_page(NEW_TALK, MODERATOR, script=False)
        offer = page.locator("[data-offered]")
        expect(offer).to_have_count(1)
        offer.get_by_role("link", name=ko("Continue")).click()
        expect(page.locator("#title")).to_have_value("아직 쓰는 중인 글")
        expect(page.locator("[name=draft]")).to_have_value(NEW_POST)
        expect(restored(page).get_by_role("button", name=ko("Discard"))).to_be_visible()


class TestRestoring:
    def test_says_so_and_can_be_discarded(self, open_page: OpenPage):
        page = open_page("/posts/{unanswered}", WRITER)
        area = page.locator("#write textarea")
        area.fill("두 글자씩 잘라서 찾아야 해요.")
        with page.expect_response(is_saved):
            page.clock.run_for(QUIET)
        page.reload()
        expect(area).to_have_value("두 글자씩 잘라서 찾아야 해요.")
        area.press_sequentially(" 아마도요.")
        restored(page).get_by_role("button", name=ko("Discard")).click()
        page.get_by_role("dialog").get_by_role("button", name=ko("Discard")).click()
        expect(area).to_have_value("")
        page.reload()
        expect(area).to_have_value("")
        expect(restored(page)).to_be_hidden()

    def test_ends_when_the_text_is_posted(self, open_page: OpenPage):
        page = open_page("/posts/{unanswered}", WRITER)
        area = page.locator("#write textarea")
        area.fill("두 글자씩 잘라서 찾아야 해요.")
        with page.expect_response(is_saved):
            page.clock.run_for(QUIET)
        area.press("Control+Enter")
        expect(page.locator("[id^=answer-]").first).to_contain_text("두 글자씩")
        expect(area).to_have_value("")

    def test_prefers_what_another_device_saved_later(self, open_page: OpenPage, browsers: BrowserPool):
        page = open_page("/posts/{question}", WRITER)
        place = f"answer:{browsers.site.places['question']}"
        with page.expect_response(is_saved):
            page.locator("#write textarea").fill("전화기에서 쓰기 시작한 답")
        with browsers.open_for(WRITER) as laptop:
            laptop.fetch("/posts/drafts", {"key": place, "body": "노트북에서 이어 쓴 답"})
        page.reload()
        expect(page.locator("#write textarea")).to_have_value("노트북에서 이어 쓴 답")


class TestALostSession:
    """It ended on the server while its cookie is still there, or the cookie is gone: logged out in another tab."""

    @pytest.fixture(params=["ended", "logged out"])
    def end(self, request: pytest.FixtureRequest, own_session: UserBrowser):
        def end_session() -> None:
            context = own_session.context
            cookies = context.cookies()
            token = token_of(context.request.get("/boards").text())
            assert context.request.post("/auth/logout", form={"csrf_token": token}).ok
            if request.param == "ended":
                context.add_cookies(cookies)

        return end_session

    def log_in_again(self, page: Page) -> None:
        if page.locator("#username").count() == 0:  # the page's token was refused first
            page.get_by_role("link", name=ko("Log in and continue")).click()
        page.locator("#username").fill(WRITER)
        page.locator("#password").fill(PASSWORD)
        page.locator("#password").press("Enter")

    def test_loses_no_new_post_that_is_sent(self, own_session: UserBrowser, end):
        page = own_session.page
        page.goto(NEW_TALK)
        page.locator("#title").fill("쓰다가 로그아웃된 글")
        with page.expect_response(is_saved):
            page.locator("#body").fill("앞부분만")
        end()
        page.locator("#body").fill("앞부분만 아니라 뒷부분도 있는 글이에요.")
        with page.expect_navigation():
            page.locator("#body").press("Control+Enter")
        self.log_in_again(page)
        expect(page.locator("#body")).to_have_value("앞부분만 아니라 뒷부분도 있는 글이에요.")
        expect(page.locator("#title")).to_have_value("쓰다가 로그아웃된 글")
        expect(restored(page)).to_be_visible()
        page.locator("#body").press("Control+Enter")
        expect(page.locator("h1")).to_have_text("쓰다가 로그아웃된 글")

    def test_loses_no_answer_that_is_sent(self, own_session: UserBrowser, end, browsers: BrowserPool):
        page = own_session.page
        page.goto(f"/posts/{browsers.site.places['unanswered']}")
        end()
        page.locator("#write textarea").fill("로그아웃된 뒤에 쓴 답변이에요.")
        with page.expect_navigation():
            page.locator("#write textarea").press("Control+Enter")
        self.log_in_again(page)
        expect(page.locator("#write textarea")).to_have_value("로그아웃된 뒤에 쓴 답변이에요.")

    def test_is_told_when_the_draft_is_saved(self, own_session: UserBrowser, end):
        page = own_session.page
        page.goto(NEW_TALK)
        end()
        page.locator("#body").fill("로그아웃된 뒤에 쓴 글이에요.")
        expect(page.locator("[data-state]")).to_contain_text(
            ko("You have been logged out. Your text is saved in this browser.")
        )
        page.get_by_role("link", name=ko("Log in and continue")).click()
        self.log_in_again(page)
        expect(page.locator("#body")).to_have_value("로그아웃된 뒤에 쓴 글이에요.")
