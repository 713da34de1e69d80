"""Live updates: what one user does appears in the browser of another without reloading."""

import re
from collections.abc import Callable, Iterator
from itertools import count

import pytest
from playwright.sync_api import Page, Route, expect

from .browsing import BrowserPool, UserBrowser
from .content import GUEST
from .words import Words

pytestmark = pytest.mark.browser

HER_NAME, HIS_NAME = "aiko", "june"
numbers = count(1)

OpenBrowser = Callable[..., UserBrowser]


@pytest.fixture(params=["ko", "en"])
def locale(request: pytest.FixtureRequest) -> str:
    return request.param


@pytest.fixture
def translate(locale: str) -> Words:
    return Words(locale)


@pytest.fixture
def open_browser(browsers: BrowserPool, locale: str) -> Iterator[OpenBrowser]:
    """`open_browser(who)`: the browser of a user without unread notifications; closed at the end."""
    users: list[UserBrowser] = []

    def open_one(who: str, **look: bool) -> UserBrowser:
        user = browsers.open_for(who, locale=locale, **look)
        users.append(user)
        if who != GUEST:
            user.fetch("/notifications/read", {})
            user.fetch("/messages/read", {})
        return user

    yield open_one
    for user in users:
        user.context.close()


def listening(user: UserBrowser, path: str, page: Page | None = None) -> Page:
    """Open a page and wait until it listens to the event stream."""
    page = page or user.page
    with page.expect_response("**/events?*"):
        page.goto(path)
    return page


def ask(user: UserBrowser, tags: str = "") -> int:
    words = f"Where does the path number {next(numbers)} lead?"
    page = user.fetch(
        "/posts/new", {"board": "qa", "title": words, "body": f"{words} I have walked it twice.", "tags": tags}
    )
    return int(re.findall(r'data-topic="post:(\d+)"', page)[0])


def answer(user: UserBrowser, question: int, body: str = "It leads to the well, if you keep left.") -> int:
    page = user.fetch(f"/posts/{question}/answers", {"body": body})
    return int(re.findall(r'id="answer-(\d+)"', page)[-1])


def write(user: UserBrowser, to: str, body: str) -> int:
    """Write a message; returns the conversation's id."""
    return int(re.findall(r'data-conversation="(\d+)"', user.fetch("/messages/new", {"to": to, "body": body}))[0])


def bell(page: Page):
    return page.locator("[data-unread=unread_notification_count]")


def inbox(page: Page):
    return page.locator("#unread-messages")


class TestAnswers:
    def test_a_bar_inserts_the_new_answer(self, open_browser: OpenBrowser, translate: Words):
        her, him = open_browser(HER_NAME), open_browser(HIS_NAME)
        question = ask(her)
        page = listening(her, f"/posts/{question}")
        answer(him, question)
        bar = page.locator(".live-bar")
        expect(bar).to_have_text(translate("1 new answer: show"))
        assert page.get_by_text("if you keep left").count() == 0  # the page does not change while it is read
        bar.click()
        expect(page.get_by_text("if you keep left")).to_be_visible()
        expect(bar).to_have_count(0)
        expect(page.locator(".live-divider")).to_have_text(translate("New answers"))
        expect(page.locator("#answers-title")).to_contain_text("1")
        answer(him, question, "Or it leads to the mill, which is on the right.")
        expect(bar).to_have_text(translate("1 new answer: show"))
        bar.focus()
        page.keyboard.press("Enter")
        expect(page.locator("#answers > article").first).to_be_focused()
        expect(page.locator("#answers > article")).to_have_count(2)
        page.locator("#answers > article").first.locator(".vote button").first.click()
        expect(page.locator("#answers > article").first.locator(".vote b")).to_have_text("1")
        assert her.errors == []

    def test_showing_a_new_answer_disturbs_nobody_who_writes_one(self, open_browser: OpenBrowser):
        """Neither the text nor its selection, focus and place on the screen change, and no dialog asks to stay."""
        her, him = open_browser(HER_NAME), open_browser(HIS_NAME)
        question = ask(him)
        page = listening(her, f"/posts/{question}")
        asked: list[str] = []
        page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.dismiss()))
        area = page.locator("#write textarea")
        area.fill("I would say that it leads to the hill.")
        area.evaluate("(area) => { area.focus(); area.setSelectionRange(2, 7); }")
        answer(him, question)
        page.locator(".live-bar").scroll_into_view_if_needed()
        before = page.evaluate("scrollY")
        page.locator(".live-bar").click()
        expect(page.get_by_text("if you keep left")).to_be_visible()
        expect(area).to_be_focused()
        expect(area).to_have_value("I would say that it leads to the hill.")
        assert area.evaluate("(area) => [area.selectionStart, area.selectionEnd]") == [2, 7]
        assert page.evaluate("scrollY") == before
        assert asked == []
        page.keyboard.press("Control+Enter")
        expect(page.get_by_text("it leads to the hill")).to_be_visible()

    def test_answer_comment_and_vote_raise_the_badge(self, open_browser: OpenBrowser):
        her, him = open_browser(HER_NAME), open_browser(HIS_NAME)
        question = ask(her)
        page = listening(her, "/boards")
        expect(bell(page)).to_be_hidden()
        answer(him, question)
        expect(bell(page)).to_have_text("1")
        him.fetch(f"/posts/{question}/comments", {"body": "Which path do you mean?"})
        expect(bell(page)).to_have_text("2")
        him.fetch(f"/posts/{question}/votes", {"value": "1"})
        expect(bell(page)).to_have_text("3")
        page.locator("[data-bell] summary").click()
        expect(page.locator("[data-recent] a.unread")).to_have_count(3)
        assert her.errors == []

    def test_the_author_of_an_accepted_answer_is_notified(self, open_browser: OpenBrowser):
        her, him = open_browser(HER_NAME), open_browser(HIS_NAME)
        accepted = answer(him, ask(her))
        page = listening(him, "/boards")
        her.fetch(f"/posts/{accepted}/accept", {"value": "1"})
        expect(bell(page)).to_have_text("1")

    def test_reading_in_one_tab_clears_the_badge_in_the_other(self, open_browser: OpenBrowser):
        her, him = open_browser(HER_NAME), open_browser(HIS_NAME)
        question = ask(her)
        page = listening(her, "/boards")
        answer(him, question)
        expect(bell(page)).to_have_text("1")
        her.context.new_page().goto(f"/posts/{question}")
        expect(bell(page)).to_be_hidden()


class TestLists:
    """Tried too: the list of another board and of another tag, another order, and what one writes oneself."""

    @pytest.mark.parametrize("path", ["/questions", "/boards/qa", "/?show=newest", "/questions?tag=live"])
    def test_a_bar_inserts_new_posts(self, open_browser: OpenBrowser, translate: Words, path: str):
        her, him = open_browser(HER_NAME), open_browser(HIS_NAME)
        if "tag" in path:
            ask(him, tags="live")
        page = listening(her, path)
        elsewhere = her.context.new_page()
        elsewhere.goto("/boards/talk")
        rows = page.locator("[data-live-list] > li")
        first = rows.first.inner_text()
        for new in (1, 2):
            number = ask(him, tags="live")
            thing = "post" if "show" in path else "question"
            words = f"1 new {thing}: show" if new == 1 else f"{{n}} new {thing}s: show"
            expect(page.locator(".live-bar")).to_have_text(translate(words).replace("{n}", "2"))
        assert rows.first.inner_text() == first  # the list does not change while it is read
        page.locator(".live-bar").focus()
        page.keyboard.press("Enter")
        expect(page.locator(".live-bar")).to_have_count(0)
        expect(rows.first).to_be_focused()
        expect(rows.first.locator("[data-row]")).to_have_attribute("href", re.compile(f"^/posts/{number}/"))
        ask(her, tags="live")
        assert elsewhere.locator(".live-bar").count() == page.locator(".live-bar").count() == 0
        assert her.errors == []

    def test_the_open_inbox_shows_new_messages(self, open_browser: OpenBrowser, translate: Words):
        her, him = open_browser(HER_NAME), open_browser(HIS_NAME)
        write(him, HER_NAME, f"Good morning ({next(numbers)}).")
        her.fetch("/messages/read", {})
        page = listening(her, "/messages")
        words = f"Is the gate open? ({next(numbers)})"
        write(him, HER_NAME, words)
        expect(page.locator(".live-bar")).to_have_text(translate("1 new message: show"))
        page.locator(".live-bar").click()
        expect(page.locator("[data-inbox] > li").first).to_contain_text(words)
        expect(page.locator(".live-bar")).to_have_count(0)
        assert her.errors == []


class TestCommentsAndScores:
    def test_a_bar_inserts_new_comments(self, open_browser: OpenBrowser, translate: Words):
        """Of the question and of its answer, below what stands there; a comment that is being written stays."""
        her, him = open_browser(HER_NAME), open_browser(HIS_NAME)
        question = ask(her)
        answered = answer(him, question)
        page = listening(her, f"/posts/{question}")
        for post in (question, answered):
            section = page.locator(f"#comments-{post}")
            section.locator("summary").last.click()
            area = section.locator("textarea").last
            area.fill("I am still writing this.")
            for number in (1, 2):
                him.fetch(f"/posts/{post}/comments", {"body": f"This is remark {number} on {post}."})
            expect(section.locator(".live-bar")).to_have_text(translate("{n} new comments: show").replace("{n}", "2"))
            assert section.locator(".comment").count() == 0
            section.locator(".live-bar").click()
            expect(section.locator(".comment .said")).to_have_text(
                [f"This is remark {number} on {post}." for number in (1, 2)]
            )
            expect(area).to_have_value("I am still writing this.")
            expect(section.locator(".live-bar")).to_have_count(0)
        assert her.errors == []

    def test_an_own_comment_shows_no_bar(self, open_browser: OpenBrowser):
        her, him = open_browser(HER_NAME), open_browser(HIS_NAME)
        question = ask(her)
        page = listening(her, f"/posts/{question}")
        him.fetch(f"/posts/{question}/comments", {"body": "Which path do you mean?"})
        expect(page.locator(".live-bar")).to_be_visible()
        page.locator(f"#comments-{question} summary").last.click()
        page.locator(f"#comments-{question} textarea").last.fill("The one behind the mill.")
        page.keyboard.press("Control+Enter")
        expect(page.locator(".comment")).to_have_count(2)
        expect(page.locator(".live-bar")).to_have_count(0)

    def test_scores_change_in_place(self, open_browser: OpenBrowser, translate: Words):
        her, him = open_browser(HER_NAME), open_browser(HIS_NAME)
        question = ask(her)
        answered = answer(him, question)
        her.fetch(f"/posts/{question}/comments", {"body": "Or is there another one?"})
        page = listening(her, f"/posts/{question}")
        him.fetch(f"/posts/{question}/votes", {"value": "1"})
        score = page.locator(f"#post-{question} > .vote b")
        expect(score).to_have_text("1")
        expect(score).to_have_attribute("aria-label", translate("{n} vote").replace("{n}", "1"))
        him.fetch(f"/posts/{question}/votes", {"value": "-1"})
        expect(score).to_have_text("-1")
        expect(page.locator(f"#answer-{answered} > .vote b")).to_have_text("0")
        assert her.errors == []


def test_the_title_carries_the_unread_count(open_browser: OpenBrowser):
    """Messages and notifications together, at once and when the page is loaded."""
    her, him = open_browser(HER_NAME), open_browser(HIS_NAME)
    question = ask(her)
    page = listening(her, "/boards")
    title = page.title()
    assert not title.startswith("(")
    answer(him, question)
    expect(page).to_have_title(f"(1) {title}")
    write(him, HER_NAME, f"Have you seen it? ({next(numbers)})")
    expect(page).to_have_title(f"(2) {title}")
    page.reload()
    expect(page).to_have_title(f"(2) {title}")
    her.fetch("/notifications/read", {})
    her.fetch("/messages/read", {})
    expect(page).to_have_title(title)


class TestMessages:
    def test_a_new_message_appears_in_the_open_conversation(self, open_browser: OpenBrowser):
        her, him = open_browser(HER_NAME), open_browser(HIS_NAME)
        conversation = write(him, HER_NAME, f"Shall we meet at noon? ({next(numbers)})")
        page = listening(her, f"/messages/{conversation}")
        words = f"Or rather at one ({next(numbers)})."
        write(him, HER_NAME, words)
        expect(page.locator("#messages li").first).to_contain_text(words)
        expect(inbox(page)).to_be_hidden()
        page.locator(".composer textarea").fill("One is fine.")
        page.keyboard.press("Control+Enter")
        expect(page.locator("#messages li").first).to_contain_text("One is fine.")
        assert her.errors == []

    def test_the_badge_changes_in_every_tab(self, open_browser: OpenBrowser):
        her, him = open_browser(HER_NAME), open_browser(HIS_NAME)
        page = listening(her, "/boards")
        other = her.context.new_page()
        other.goto("/tags")
        conversation = write(him, HER_NAME, f"Are you there? ({next(numbers)})")
        for tab in (page, other):
            expect(inbox(tab)).to_have_text("1")
        other.goto(f"/messages/{conversation}")
        expect(inbox(page)).to_be_hidden()

    def test_another_tab_listens_when_the_first_is_closed(self, open_browser: OpenBrowser):
        her, him = open_browser(HER_NAME), open_browser(HIS_NAME)
        page = listening(her, "/boards")
        other = her.context.new_page()
        other.goto("/tags")
        with other.expect_response("**/events?*"):
            page.close()
        write(him, HER_NAME, f"Still there? ({next(numbers)})")
        expect(inbox(other)).to_have_text("1")

    def test_a_guest_receives_a_message_and_answers(self, open_browser: OpenBrowser):
        guest, him = open_browser(GUEST), open_browser(HIS_NAME)
        page = listening(guest, "/guest")
        handle = page.locator("[data-handle]").inner_text()
        before = int(inbox(page).text_content() or 0)
        conversation = write(him, handle, f"Hello, guest ({next(numbers)}).")
        expect(inbox(page)).to_have_text(str(before + 1))
        listening(guest, f"/messages/{conversation}")
        expect(inbox(page)).to_have_text(str(before))
        his_page = listening(him, f"/messages/{conversation}")
        words = f"Hello to you ({next(numbers)})."
        page.locator(".composer textarea").fill(words)
        page.keyboard.press("Control+Enter")
        expect(his_page.locator("#messages li").first).to_contain_text(words)
        expect(his_page.locator("#messages .by").first).to_contain_text(handle)
        assert his_page.locator(f'a[href="/users/{handle}"]').count() == 0
        assert guest.errors == []

    def test_a_guest_answers_without_a_script(self, open_browser: OpenBrowser, translate: Words):
        guest, him = open_browser(GUEST, script=False), open_browser(HIS_NAME)
        guest.visit("/guest")
        handle = guest.page.locator("[data-handle]").inner_text()
        write(him, handle, f"Can you read this? ({next(numbers)})")
        guest.visit("/messages")
        guest.page.locator(".row h2 a").first.click()
        words = f"Without any script ({next(numbers)})."
        guest.page.locator("textarea[name=body]").fill(words)
        guest.page.get_by_role("button", name=translate("Send")).click()
        expect(guest.page.locator("#messages li").first).to_contain_text(words)
        guest.page.locator("#messages li").nth(1).get_by_role("button", name=translate("Save for later")).click()
        expect(guest.page.locator(".notice")).to_contain_text(translate("It has been added to your to-dos."))


def no_polling(user: UserBrowser) -> None:
    """Disable polling on the page."""
    user.context.add_init_script("window.setInterval = () => 0")


class TestJobs:
    def test_its_row_in_the_list_is_updated(
        self, open_browser: OpenBrowser, translate: Words, browsers: BrowserPool, locale: str
    ):
        her, elsewhere = open_browser(HER_NAME), open_browser(HER_NAME)
        no_polling(her)
        job = browsers.site.places[f"job_live_{locale}"]
        page = listening(her, "/jobs")
        line = page.locator(f"#job-{job}")
        expect(line).to_contain_text(translate("Waiting to retry"))
        elsewhere.fetch(f"/jobs/{job}/cancel", {})
        expect(line).to_contain_text(translate("Cancelled"))
        expect(line.get_by_role("button", name=translate("Run again"))).to_be_visible()
        assert her.errors == []

    def test_its_own_page_shows_the_result(self, open_browser: OpenBrowser, translate: Words):
        her = open_browser(HER_NAME)
        no_polling(her)
        page = listening(her, "/tools/word-counter")
        page.locator("textarea[name=text]").fill(f"{next(numbers)} " + "A yard where a village meets. " * 3_000)
        page.locator("main form button[type=submit]").first.click()
        expect(page.get_by_role("heading", name=translate("Result"), exact=True)).to_be_visible()

    def test_it_polls_only_without_a_stream(self, open_browser: OpenBrowser, browsers: BrowserPool):
        waiting = f"/jobs/{browsers.site.places['job_running']}"
        her = open_browser("namu")
        requests: list[str] = []
        her.page.on("request", lambda request: requests.append(request.url) if "/row" in request.url else None)
        page = listening(her, waiting)
        page.wait_for_timeout(4_500)
        assert len(requests) <= 1  # once, for changes before the stream was open
        her.context.route("**/events?*", lambda route: route.fulfill(status=503))
        with page.expect_response("**/row?on=page"):
            page.goto(waiting)


@pytest.mark.parametrize("refuse", [Route.abort, lambda route: route.fulfill(status=503)], ids=["cut", "refused"])
def test_without_a_stream_the_page_polls(open_browser: OpenBrowser, refuse: Callable[[Route], None]):
    her, him = open_browser(HER_NAME), open_browser(HIS_NAME)
    her.context.route("**/events?*", lambda route: refuse(route))
    her.visit("/boards")
    write(him, HER_NAME, f"Do you hear me? ({next(numbers)})")
    expect(inbox(her.page)).to_have_text("1")
