"""Actions that change the page in place, and their error messages."""

import pytest
from playwright.sync_api import Page, expect

from .browsing import BrowserPool, token_of
from .conftest import OpenPage
from .words import ko

pytestmark = pytest.mark.browser

READER, ASKER, MODERATOR = "noor", "namu", "eunbyeol"


def post(browsers: BrowserPool, who: str, path: str, **fields: str) -> None:
    """Submit a form as another user."""
    with browsers.open_for(who) as user:
        token = token_of(user.context.request.get("/").text())
        assert user.context.request.post(path, form={"csrf_token": token, **fields}).ok


class TestVoting:
    def test_keeps_the_focus_and_can_be_undone(self, open_page: OpenPage, browsers: BrowserPool):
        page = open_page("/posts/{question}", READER)
        up = page.locator(f"#vote-{browsers.site.places['answer']}-up")
        up.focus()
        page.keyboard.press("Enter")
        expect(up).to_have_attribute("aria-pressed", "true")
        expect(up).to_be_focused()
        page.keyboard.press("Enter")
        expect(up).to_have_attribute("aria-pressed", "false")
        expect(up).to_be_focused()

    def test_for_a_comment_keeps_the_focus(self, open_page: OpenPage, browsers: BrowserPool):
        page = open_page("/posts/{question}", READER)
        up = page.locator(f"#vote-c{browsers.site.places['reply']}-up")
        up.click()
        expect(up).to_have_attribute("aria-pressed", "true")
        expect(up).to_be_focused()

    def test_shows_the_error_message(self, open_page: OpenPage, browsers: BrowserPool):
        talk = browsers.site.places["talk"]
        page = open_page("/posts/{talk}", READER)
        score = page.locator(f"#post-{talk} > .vote b").inner_text()
        post(browsers, MODERATOR, f"/posts/{talk}/lock", value="1")
        page.locator(f"#vote-{talk}-up").click()
        sentence = ko("You cannot vote here: the post is locked, or you cannot vote right now.")
        expect(page.locator(".toast")).to_contain_text(sentence)
        expect(page.locator(f"#post-{talk} > .vote b")).to_have_text(score)
        post(browsers, MODERATOR, f"/posts/{talk}/lock", value="0")

    def test_reports_a_lost_connection(self, open_page: OpenPage, browsers: BrowserPool):
        page = open_page("/posts/{question}", READER)
        page.context.set_offline(True)
        page.locator(f"#vote-{browsers.site.places['question']}-up").click()
        expect(page.locator(".toast")).to_contain_text(ko("You are offline. Please try again in a moment."))


class TestCommenting:
    def test_shows_the_error_message_at_the_field(self, open_page: OpenPage, browsers: BrowserPool):
        question = browsers.site.places["question"]
        page = open_page("/posts/{question}", READER)
        box = page.locator(f"#comments-{question} > details")
        box.locator("summary").click()
        box.locator("textarea").fill("   ")
        box.locator("button[type=submit]").click()
        expect(box.locator("[data-problem]")).to_have_text(ko("Please write a comment."))
        expect(box.locator("textarea")).to_have_value("   ")


def test_all_comments_are_loaded_in_place(open_page: OpenPage, browsers: BrowserPool):
    page = open_page("/posts/{talkative}")
    address = page.url
    comments = page.locator(".comments .comment")
    expect(comments).to_have_count(5)
    page.get_by_text("댓글 33개 모두 보기").click()
    expect(comments).to_have_count(33)
    expect(page.get_by_text("모두 보기")).to_have_count(0)
    assert page.url == address


def test_accepting_keeps_the_unsent_answer(open_page: OpenPage, browsers: BrowserPool):
    places = browsers.site.places
    page = open_page("/posts/{question}", ASKER)
    typing = page.locator(f"#comments-{places['accepted']} > details")
    typing.locator("summary").click()
    typing.locator("textarea").fill("아직 쓰는 중")
    page.locator(f"#accept-{places['answer']}").click()
    expect(page.locator("#answers .post").first).to_have_attribute("id", f"answer-{places['answer']}")
    expect(page.locator(f"#accept-{places['answer']}")).to_be_focused()
    expect(typing.locator("textarea")).to_be_visible()
    expect(typing.locator("textarea")).to_have_value("아직 쓰는 중")
    page.locator(f"#accept-{places['accepted']}").click()
    expect(page.locator(f"#answer-{places['accepted']}")).to_have_class("post accepted")


class TestTheCardOverAName:
    @pytest.fixture
    def page(self, open_page: OpenPage) -> Page:
        return open_page("/posts/{question}", READER)

    def open(self, page: Page) -> None:
        page.locator(".signed .name").first.hover()
        page.clock.run_for(400)

    def test_opens_on_hover_and_stays_open_under_the_pointer(self, page: Page):
        self.open(page)
        card = page.locator(".card-pop")
        expect(card).to_contain_text("@namu")
        card.hover()
        page.clock.run_for(1000)
        expect(card).to_be_visible()

    def test_closes_by_escape(self, page: Page):
        self.open(page)
        expect(page.locator(".card-pop")).to_contain_text("@namu")
        page.keyboard.press("Escape")
        expect(page.locator(".card-pop")).to_have_count(0)

    def test_opens_by_keyboard_and_returns_the_focus(self, page: Page):
        name = page.locator(".signed .name").first
        name.focus()
        page.keyboard.press("ArrowDown")
        expect(page.locator(".card-pop a").first).to_be_focused()
        page.keyboard.press("Escape")
        expect(name).to_be_focused()

    def test_stays_inside_a_phone(self, open_page: OpenPage):
        page = open_page("/questions", width=360)
        page.locator(".row .who a").nth(3).focus()
        page.keyboard.press("ArrowDown")
        expect(page.locator(".card-pop")).to_be_visible()
        box = page.locator(".card-pop").bounding_box()
        assert box
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= 360


class TestJobs:
    def test_update_their_progress_until_the_end(self, open_page: OpenPage):
        page = open_page("/tools/word-counter", READER)
        page.fill("#text", "마당 마당 나무")
        page.locator("main form button[type=submit]").click()
        expect(page.locator("main .pill")).to_have_text(ko("Done"))
        expect(page.locator("main table").last).to_contain_text("마당")

    def test_change_in_the_list_and_keep_the_focus(self, open_page: OpenPage, browsers: BrowserPool):
        job = browsers.site.places["job_of_june"]
        page = open_page("/about", "june")
        page.context.route("**/events?*", lambda route: route.fulfill(status=503))  # where there is no stream
        page.goto("/jobs")
        row = page.locator(f"#job-{job}")
        row.locator("a").focus()
        with page.expect_response(lambda response: response.url.endswith(f"/jobs/{job}/row")):
            pass
        expect(row.locator("a")).to_be_focused()
        expect(row.locator(".pill")).to_have_text(ko("Waiting to retry"))
        post(browsers, "june", f"/jobs/{job}/cancel")
        expect(row.locator(".pill")).to_have_text(ko("Cancelled"))
        expect(row.locator("button")).to_contain_text(ko("Run again"))
        expect(page.locator(".sessions > li")).to_have_count(1)


class TestFollowing:
    def test_keeps_the_focus_and_can_be_undone(self, open_page: OpenPage):
        page = open_page("/tags/nginx", READER)
        button = page.locator("main button[id^=follow-tag]")
        button.focus()
        page.keyboard.press("Enter")
        expect(button).to_have_attribute("aria-pressed", "true")
        expect(button).to_be_focused()
        page.keyboard.press("Enter")
        expect(button).to_have_attribute("aria-pressed", "false")
        expect(button).to_be_focused()

    def test_works_in_the_profile_card(self, open_page: OpenPage):
        page = open_page("/posts/{talkative}", READER)
        name = page.locator('main a[data-card="mina"]').first
        name.focus()
        page.keyboard.press("ArrowDown")
        button = page.locator(".card-pop button[id$=-card]")
        button.click()
        expect(button).to_have_attribute("aria-pressed", "true")
        page.keyboard.press("Escape")
        expect(page.locator(".card-pop")).to_have_count(0)
        name.focus()
        page.keyboard.press("ArrowDown")
        expect(button).to_have_attribute("aria-pressed", "true")
        button.click()
        expect(button).to_have_attribute("aria-pressed", "false")

    def test_shows_the_error_message(self, open_page: OpenPage):
        page = open_page("/users/namu", "tomas")
        page.locator("main button[id^=follow-person]").click()
        sentence = ko("You cannot follow %(name)s.") % {"name": "namu"}
        expect(page.locator(".toast")).to_contain_text(sentence)
