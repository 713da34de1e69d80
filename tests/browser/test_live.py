"""Two people side by side: what one does, the other sees without reloading."""

import re
from collections.abc import Callable, Iterator
from itertools import count

import pytest
from playwright.sync_api import Page, Route, expect

from .browsing import Desk, Seat
from .content import GUEST
from .words import Words

pytestmark = pytest.mark.browser

HERS, HIS = "aiko", "june"
numbers = count(1)

Sit = Callable[..., Seat]


@pytest.fixture(params=["ko", "en"])
def locale(request: pytest.FixtureRequest) -> str:
    return request.param


@pytest.fixture
def say(locale: str) -> Words:
    return Words(locale)


@pytest.fixture
def sit(desk: Desk, locale: str) -> Iterator[Sit]:
    """`sit(who)`: a browser of somebody who has read everything; closed at the end."""
    seats: list[Seat] = []

    def sit_down(who: str, **look: bool) -> Seat:
        seat = desk.sit(who, locale=locale, **look)
        seats.append(seat)
        if who != GUEST:
            seat.fetch("/notifications/read", {})
            seat.fetch("/messages/read", {})
        return seat

    yield sit_down
    for seat in seats:
        seat.context.close()


def listening(seat: Seat, path: str, page: Page | None = None) -> Page:
    """A page that has begun to hear what is new."""
    page = page or seat.page
    with page.expect_response("**/events?*"):
        page.goto(path)
    return page


def ask(seat: Seat) -> int:
    words = f"Where does the path number {next(numbers)} lead?"
    page = seat.fetch("/posts/new", {"board": "qa", "title": words, "body": f"{words} I have walked it twice."})
    return int(re.findall(r'data-topic="post:(\d+)"', page)[0])


def answer(seat: Seat, question: int, body: str = "It leads to the well, if you keep left.") -> int:
    page = seat.fetch(f"/posts/{question}/answers", {"body": body})
    return int(re.findall(r'id="answer-(\d+)"', page)[-1])


def write(seat: Seat, to: str, body: str) -> int:
    """Write to somebody; returns the conversation's number."""
    return int(re.findall(r'data-conversation="(\d+)"', seat.fetch("/messages/new", {"to": to, "body": body}))[0])


def bell(page: Page):
    return page.locator("[data-unread=unread_notification_count]")


def inbox(page: Page):
    return page.locator("#unread-messages")


class TestAnswers:
    def test_a_bar_offers_it_and_leads_there(self, sit: Sit, say: Words):
        her, him = sit(HERS), sit(HIS)
        question = ask(her)
        page = listening(her, f"/posts/{question}")
        answer(him, question)
        bar = page.locator(".live-bar")
        expect(bar).to_have_text(say("1 new answer: show"))
        assert page.get_by_text("if you keep left").count() == 0  # nothing moves under the reader
        bar.click()
        expect(page.get_by_text("if you keep left")).to_be_visible()
        assert her.complaints == []

    def test_answer_comment_and_vote_ring_the_bell(self, sit: Sit):
        her, him = sit(HERS), sit(HIS)
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
        assert her.complaints == []

    def test_who_is_accepted_hears_it(self, sit: Sit):
        her, him = sit(HERS), sit(HIS)
        accepted = answer(him, ask(her))
        page = listening(him, "/boards")
        her.fetch(f"/posts/{accepted}/accept", {"value": "1"})
        expect(bell(page)).to_have_text("1")

    def test_reading_in_one_tab_drops_the_bell_in_the_other(self, sit: Sit):
        her, him = sit(HERS), sit(HIS)
        question = ask(her)
        page = listening(her, "/boards")
        answer(him, question)
        expect(bell(page)).to_have_text("1")
        her.context.new_page().goto(f"/posts/{question}")
        expect(bell(page)).to_be_hidden()


class TestMessages:
    def test_it_appears_in_the_open_conversation(self, sit: Sit):
        her, him = sit(HERS), sit(HIS)
        conversation = write(him, HERS, f"Shall we meet at noon? ({next(numbers)})")
        page = listening(her, f"/messages/{conversation}")
        words = f"Or rather at one ({next(numbers)})."
        write(him, HERS, words)
        expect(page.locator("#messages li").first).to_contain_text(words)
        expect(inbox(page)).to_be_hidden()
        page.locator(".composer textarea").fill("One is fine.")
        page.keyboard.press("Control+Enter")
        expect(page.locator("#messages li").first).to_contain_text("One is fine.")
        assert her.complaints == []

    def test_the_badge_rises_and_drops_in_every_tab(self, sit: Sit):
        her, him = sit(HERS), sit(HIS)
        page = listening(her, "/boards")
        other = her.context.new_page()
        other.goto("/tags")
        conversation = write(him, HERS, f"Are you there? ({next(numbers)})")
        for tab in (page, other):
            expect(inbox(tab)).to_have_text("1")
        other.goto(f"/messages/{conversation}")
        expect(inbox(page)).to_be_hidden()

    def test_another_tab_listens_when_the_first_is_closed(self, sit: Sit):
        her, him = sit(HERS), sit(HIS)
        page = listening(her, "/boards")
        other = her.context.new_page()
        other.goto("/tags")
        with other.expect_response("**/events?*"):
            page.close()
        write(him, HERS, f"Still there? ({next(numbers)})")
        expect(inbox(other)).to_have_text("1")

    def test_a_guest_is_written_to_and_answers(self, sit: Sit):
        guest, him = sit(GUEST), sit(HIS)
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
        assert guest.complaints == []

    def test_a_guest_answers_without_a_script(self, sit: Sit, say: Words):
        guest, him = sit(GUEST, script=False), sit(HIS)
        guest.see("/guest")
        handle = guest.page.locator("[data-handle]").inner_text()
        write(him, handle, f"Can you read this? ({next(numbers)})")
        guest.see("/messages")
        guest.page.locator(".row h2 a").first.click()
        words = f"Without any script ({next(numbers)})."
        guest.page.locator("textarea[name=body]").fill(words)
        guest.page.get_by_role("button", name=say("Send")).click()
        expect(guest.page.locator("#messages li").first).to_contain_text(words)
        guest.page.locator("#messages li").nth(1).get_by_role("button", name=say("Save for later")).click()
        expect(guest.page.locator(".notice")).to_contain_text(say("It is on your to-dos."))


def no_polling(seat: Seat) -> None:
    """Let nothing on the page ask by itself."""
    seat.context.add_init_script("window.setInterval = () => 0")


class TestJobs:
    def test_its_line_moves_in_the_list(self, sit: Sit, say: Words, desk: Desk, locale: str):
        her, elsewhere = sit(HERS), sit(HERS)
        no_polling(her)
        job = desk.site.places[f"job_live_{locale}"]
        page = listening(her, "/jobs")
        line = page.locator(f"#job-{job}")
        expect(line).to_contain_text(say("Waits for another try"))
        elsewhere.fetch(f"/jobs/{job}/cancel", {})
        expect(line).to_contain_text(say("Cancelled"))
        expect(line.get_by_role("button", name=say("Run again"))).to_be_visible()
        assert her.complaints == []

    def test_its_own_page_shows_the_result(self, sit: Sit, say: Words):
        her = sit(HERS)
        no_polling(her)
        page = listening(her, "/tools/word-counter")
        page.locator("textarea[name=text]").fill(f"{next(numbers)} " + "A yard where a village meets. " * 3_000)
        page.locator("main form button[type=submit]").first.click()
        expect(page.get_by_role("heading", name=say("Result"), exact=True)).to_be_visible()

    def test_it_asks_for_itself_only_where_there_is_no_stream(self, sit: Sit, desk: Desk):
        waiting = f"/jobs/{desk.site.places['job_running']}"
        her = sit("namu")
        asked: list[str] = []
        her.page.on("request", lambda request: asked.append(request.url) if "/row" in request.url else None)
        page = listening(her, waiting)
        page.wait_for_timeout(4_500)
        assert len(asked) <= 1  # once, for what came before the stream
        her.context.route("**/events?*", lambda route: route.fulfill(status=503))
        with page.expect_response("**/row?on=page"):
            page.goto(waiting)


@pytest.mark.parametrize("refuse", [Route.abort, lambda route: route.fulfill(status=503)], ids=["cut", "refused"])
def test_without_a_stream_the_page_asks_now_and_then(sit: Sit, refuse: Callable[[Route], None]):
    her, him = sit(HERS), sit(HIS)
    her.context.route("**/events?*", lambda route: refuse(route))
    her.see("/boards")
    write(him, HERS, f"Do you hear me? ({next(numbers)})")
    expect(inbox(her.page)).to_have_text("1")
