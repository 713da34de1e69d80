"""Guests: identities without an account, created when a page first needs one."""

import re
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from madang.accounts.jobs import purge_guests
from madang.accounts.models import User
from madang.accounts.operations import guests, signing_up
from madang.accounts.operations.guests import make_guest, purge_unused_guests
from madang.accounts.queries.users import has_users
from madang.core import clock
from madang.core.clock import now
from madang.core.db import db, transaction
from madang.core.queue import Job, run_due
from madang.search.operations.rebuilding import rebuild_all
from tests.accounts.legacy import set_username
from tests.people import PASSWORD

pytestmark = pytest.mark.each_database

HANDLE = re.compile(r"<span data-handle>([A-Za-z0-9]{3,20})</span>")
REGISTRATION = {"username": "nari", "email": "nari@example.org", "password": PASSWORD, "password2": PASSWORD}
SESSION = "madang_session"


def handle_on(page: str) -> str:
    """The handle of the guest that a page shows."""
    match = HANDLE.search(page)
    assert match, page
    return match[1]


def id_of(app, handle: str) -> int | None:
    """The id of the guest with that handle, if it exists."""
    with app.app_context():
        guest = db.session.query(User).filter_by(username_key=f"guest:{handle}").one_or_none()
        return guest and guest.id


@pytest.mark.parametrize("path", ["/", "/questions", "/boards/qa", "/users", "/search?q=yard", "/about"])
def test_reading_pages_sets_no_cookie(visitor, path):
    assert "Set-Cookie" not in visitor.get(path).headers


def test_the_first_page_that_needs_an_identity_creates_a_guest_whose_handle_stays(visitor):
    handle = handle_on(visitor.page("/guest"))
    assert handle_on(visitor.page("/guest")) == handle
    page = visitor.page("/")
    assert handle_on(page) == handle and "Change handle" in page and "Log in" in page and "Sign up" in page


def test_each_guest_has_another_handle(people):
    assert handle_on(people.visitor().page("/guest")) != handle_on(people.visitor().page("/guest"))


def test_a_page_for_a_guest_is_not_cacheable(visitor):
    assert "X-Madang-Cacheable" in visitor.get("/").headers
    visitor.page("/guest")
    assert "X-Madang-Cacheable" not in visitor.get("/").headers


def test_guests_per_address_are_limited(app, people):
    app.config["GUEST_LIMIT"] = "2 per hour"
    first_visitor = people.visitor()
    handle = handle_on(first_visitor.page("/guest"))
    people.visitor().page("/guest")
    assert "try again" in people.visitor().page("/guest", 429)
    assert handle_on(first_visitor.page("/guest")) == handle


def test_a_refused_page_does_not_lose_the_handle(app, visitor):
    """The guest is committed although the request itself is rolled back."""
    app.config["GUEST_LIMIT"] = "1 per hour"
    handle = handle_on(visitor.page("/guest"))
    assert handle_on(visitor.page("/nowhere", 404)) == handle


def test_a_guest_cannot_ask_answer_or_vote(ann, visitor):
    question = ann.ask()
    visitor.page("/guest")
    visitor.username = "guest"
    for path, fields in (
        ("/posts/new", {"board": "qa", "title": "May a guest ask?", "body": "I would like to know."}),
        (f"/posts/{question}/answers", {"body": "A guest answers this."}),
        (f"/posts/{question}/comments", {"body": "A guest remarks this."}),
        (f"/posts/{question}/votes", {"value": "1"}),
        ("/settings", {"bio": "A guest."}),
        ("/files", {}),
    ):
        answer = visitor.post(path, **fields)
        assert answer.status_code in (302, 404) and "/auth/login" in (answer.location or "/auth/login"), path
    page = visitor.page(f"/posts/{question}")
    assert "Log in to answer" in page and "Log in to comment" in page
    assert visitor.get("/users/complete?q=a").status_code == 401


def test_guests_appear_in_no_list_or_search(app, ann, visitor):
    handle = handle_on(visitor.page("/guest"))
    with app.app_context():
        rebuild_all(lambda _part, _count: None)
    for path in (f"/users/{handle}", f"/users/{handle}/card", f"/users/guest:{handle}", f"/users/{handle.lower()}"):
        ann.page(path, 404)
    for path in ("/users", "/users?sort=newest", "/users?sort=name", f"/users?q={handle}", f"/search?q={handle}"):
        page = ann.page(path)
        assert f"/users/{handle}" not in page, path
    assert handle not in ann.get(f"/users/complete?q={handle[:3]}").text
    question = ann.ask(body=f"What does @{handle} say about moving the yard?")
    assert f'href="/users/{handle}"' not in ann.page(f"/posts/{question}")
    assert handle not in visitor.get("/sitemap.xml").text
    assert "<dt>Members</dt><dd>1</dd>" in ann.page("/about")


def test_a_guest_cannot_log_in(visitor, people):
    handle = handle_on(visitor.page("/guest"))
    for name in (handle, f"guest:{handle}"):
        for password in (PASSWORD, ""):
            assert people.visitor().post("/auth/login", username=name, password=password).status_code == 422


def test_changing_the_handle_deletes_the_guest(app, visitor):
    handle = handle_on(visitor.page("/guest"))
    visitor.username, visitor._token = "guest", ""
    response = visitor.post("/guest/change", headers={"Referer": f"http://localhost/guest?username={handle}"})
    assert response.location == "/guest"
    assert id_of(app, handle) is None
    page = visitor.follow(response)
    assert handle_on(page) != handle
    assert "Your guest handle and everything" in page


def test_deleting_a_guest_deletes_its_jobs_and_leaves_running_ones_without_owner(app, visitor):
    guest_id = id_of(app, handle_on(visitor.page("/guest")))
    visitor.username = "guest"
    with app.app_context(), transaction():
        running = purge_guests.enqueue(owner_id=guest_id)
        purge_guests.enqueue(owner_id=guest_id)
        running.state = "running"
    visitor.post("/guest/change")
    with app.app_context():
        assert [(job.state, job.owner_id) for job in db.session.query(Job)] == [("running", None)]


def test_changing_the_handle_leaves_no_session(visitor):
    visitor.page("/guest")
    visitor.username = "guest"
    visitor.post("/guest/change")
    assert not HANDLE.search(visitor.page("/"))


def test_a_member_has_no_handle_to_change(ann, bob):
    assert "You have an account" in ann.page("/guest")
    assert ann.post("/guest/change").status_code == 302
    ann.page("/settings")


class TestOpeningByLink:
    def test_the_link_opens_the_handle(self, app, people):
        first, second = people.visitor(), people.visitor()
        handle = handle_on(first.page("/guest"))
        assert handle_on(second.page(f"/guest?username={handle}")) == handle
        assert handle_on(second.page("/guest")) == handle
        assert handle_on(second.page(f"/guest?username={handle.lower()}")) == handle

    def test_an_unknown_handle_is_created(self, visitor):
        assert handle_on(visitor.page("/guest?username=ABC123")) == "ABC123"

    def test_the_previous_handle_stays_available(self, app, visitor):
        handle = handle_on(visitor.page("/guest"))
        assert handle_on(visitor.page("/guest?username=ABC123")) == "ABC123"
        assert handle_on(visitor.page(f"/guest?username={handle}")) == handle

    @pytest.mark.parametrize("name", ["ann", "ANN", "аnn", "ann%20"])  # the third begins with a Cyrillic letter
    def test_an_account_cannot_be_opened(self, ann, visitor, name):
        assert "This name belongs to an account" in visitor.page(f"/guest?username={name}", 403)
        assert not HANDLE.search(visitor.page("/"))

    def test_an_account_whose_name_could_be_a_handle_cannot_be_opened(self, ann, visitor):
        set_username(ann, "abc123")
        assert "This name belongs to an account" in visitor.page("/guest?username=ABC123", 403)

    @pytest.mark.parametrize(
        "name",
        [
            "AB",
            "A" * 21,
            "ABC-12",
            "ABC_12",
            "a.b.c",
            "-3",
            "ABC%2012",
            "%00",
            "가나다라마바",
            "ＡＢＣ１２３",
            "%F0%9F",
            "#",
            "guest:ABC123",
            "A" * 9000,
        ],
    )
    def test_a_malformed_handle_is_refused(self, visitor, name):
        name = name.replace("#", "%23")
        assert "has 3 to 20 letters from A to Z or digits" in visitor.page(f"/guest?username={name}", 422)

    def test_a_member_stays_logged_in(self, ann):
        assert "please log out first" in ann.page("/guest?username=ABC123", 403)
        ann.page("/guest?username=ann")
        ann.page("/settings")

    def test_opening_by_link_can_be_disabled(self, app, people):
        app.config["GUEST_LOGIN_BY_LINK"] = False
        first, second = people.visitor(), people.visitor()
        handle = handle_on(first.page("/guest"))
        assert "cannot be opened by a link" in second.page(f"/guest?username={handle}", 403)
        assert handle_on(first.page(f"/guest?username={handle}")) == handle

    @pytest.mark.parametrize("path", ["/", "/questions", "/boards/qa", "/search?q=yard", "/auth/login", "/todos"])
    def test_any_page_opens_the_handle(self, ann, visitor, people, path):
        separator = "&" if "?" in path else "?"
        assert handle_on(visitor.page(f"{path}{separator}username=abcde")) == "abcde"
        assert handle_on(visitor.page("/")) == "abcde"
        other = people.visitor()
        assert handle_on(other.page(f"{path}{separator}username=ABCDE")) == "abcde"

    @pytest.mark.parametrize("name", ["abc", "ABC123", "7km2qx", "Nari", "x" * 20, "1234", "tester2026"])
    def test_handles_typed_by_hand_stay_as_typed(self, app, visitor, people, name):
        assert handle_on(visitor.page(f"/?username={name}")) == name
        second = people.visitor()
        second.page(f"/todos?username={name.swapcase()}")
        with app.app_context():
            assert db.session.scalar(select(func.count()).select_from(User)) == 1

    @pytest.mark.parametrize(
        "name",
        ["admin", "Admin1", "4dm1n", "theadmin", "moderator", "staff", "support", "YardTeam", "guest", "danmod"],
    )
    def test_a_name_that_claims_a_role_is_refused(self, dan, visitor, name):
        for page in ("/", "/guest"):
            refused = visitor.page(f"{page}?username={name}", 422)
            assert "This name is reserved." in refused
        assert not HANDLE.search(visitor.page("/"))

    @pytest.mark.parametrize("name", ["ann", "ANN", "Аnn", "ａｎｎ", "aｎn"])
    def test_no_page_opens_an_account_or_what_looks_like_one(self, ann, visitor, name):
        assert "This name belongs to an account" in visitor.page(f"/questions?username={name}", 403)
        assert "/users/ann" not in visitor.page("/") and not HANDLE.search(visitor.page("/"))

    def test_where_links_open_nothing_pages_ignore_the_handle(self, app, visitor):
        app.config["GUEST_LOGIN_BY_LINK"] = False
        for name in ("abcde", "ann", "-"):
            assert not HANDLE.search(visitor.page(f"/?username={name}"))

    def test_a_guest_signs_up_under_the_own_handle(self, visitor, people):
        other = people.visitor()
        visitor.page("/?username=nari")
        taken = other.post("/auth/signup", **REGISTRATION)
        assert taken.status_code == 422 and "This name is taken" in taken.text
        visitor.username = "nari"
        assert visitor.post("/auth/signup", **REGISTRATION).status_code == 302
        assert "This name belongs to an account" in other.page("/?username=nari", 403)

    def test_a_form_and_the_api_open_no_handle(self, visitor):
        visitor.post("/auth/login?username=abcde", username="", password="")
        visitor.get("/api/v1/questions?username=abcde")
        assert not HANDLE.search(visitor.page("/"))


class TestSigningUp:
    def test_the_guest_becomes_the_account(self, app, visitor):
        handle = handle_on(visitor.page("/guest"))
        guest_id = id_of(app, handle)
        visitor.username = "guest"
        page = visitor.follow(visitor.post("/auth/signup", **REGISTRATION))
        assert "/users/nari" in page and not HANDLE.search(page)
        with app.app_context():
            user = db.session.get_one(User, guest_id)
            assert (user.username, user.role) == ("nari", "member")
        assert id_of(app, handle) is None
        assert "nari" in visitor.page("/users") and "nari" in visitor.page("/search?q=nari")

    def test_others_who_opened_the_handle_do_not_get_the_account(self, visitor, people):
        other = people.visitor()
        visitor.page("/guest?username=ABC123")
        other.page("/guest?username=ABC123")
        visitor.username = "guest"
        visitor.post("/auth/signup", **REGISTRATION)
        page = other.page("/")
        assert "/users/nari" not in page and not HANDLE.search(page)
        assert visitor.get("/settings").status_code == 200

    def test_a_refused_sign_up_leaves_the_guest(self, ann, visitor):
        handle = handle_on(visitor.page("/guest"))
        visitor.username = "guest"
        for fields in ({"username": "ann"}, {"password2": "another"}, {"email": "nowhere"}):
            response = visitor.post("/auth/signup", **REGISTRATION | fields)
            assert response.status_code == 422 and handle_on(response.text) == handle
        assert handle_on(visitor.page("/guest")) == handle

    def test_logging_in_ends_the_guests_session(self, ann, visitor):
        visitor.page("/guest")
        visitor.username = "guest"
        visitor.post("/auth/login", username="ann", password=PASSWORD)
        page = visitor.page("/")
        assert "/users/ann" in page and not HANDLE.search(page)


class TestPurging:
    def test_guests_unused_for_thirty_days_are_deleted(self, app, people):
        with clock.at(now() - timedelta(days=31)):
            old_handle = handle_on(people.visitor().page("/guest"))
        with clock.at(now() - timedelta(days=29)):
            recent_handle = handle_on(people.visitor().page("/guest"))
        with app.app_context():
            with transaction():
                purge_guests.enqueue()
            run_due()
        assert id_of(app, old_handle) is None
        assert id_of(app, recent_handle) is not None

    def test_unused_accounts_stay(self, app, ann):
        with app.app_context(), transaction():
            assert purge_unused_guests(now=now() + timedelta(days=1000)) == 0
        ann.page("/settings")

    def test_a_browser_whose_guest_was_deleted_gets_another(self, app, visitor):
        handle = handle_on(visitor.page("/guest"))
        with app.app_context(), transaction():
            purge_unused_guests(now=now() + timedelta(days=31))
        assert not HANDLE.search(visitor.page("/"))
        assert handle_on(visitor.page("/guest")) != handle


def test_the_language_of_a_guest_is_that_of_the_browser(visitor):
    visitor.get("/guest", headers={"Accept-Language": "ko"})
    assert "핸들 바꾸기" in visitor.page("/")
    visitor.get("/language/en")
    assert "Change handle" in visitor.page("/")


def test_a_site_with_only_guests_has_no_users(app):
    with app.app_context(), transaction():
        make_guest(now=now(), locale="en")
        assert not has_users()


class TestConcurrency:
    """A second browser opens the handle while its guest signs up: it must not get the account."""

    @pytest.fixture
    def interrupt(self, monkeypatch):
        """A function that runs `action` in another thread when `module.name` is first called."""
        all_threads = []

        def interrupt_call(module, name, action):
            original, threads = getattr(module, name), []
            all_threads.append(threads)

            def interrupted(*args, **kwargs):
                if not threads:
                    threads.append(threading.Thread(target=action))
                    threads[0].start()
                    threads[0].join(30)
                return original(*args, **kwargs)

            monkeypatch.setattr(module, name, interrupted)

        yield interrupt_call
        assert all(all_threads), "the function that should be interrupted was never called"

    def test_the_handle_is_opened_before_the_guest_signs_up(self, visitor, people, interrupt):
        other = people.visitor()
        visitor.page("/guest?username=ABC123")
        visitor.username = "guest"
        assert visitor.token
        interrupt(signing_up, "_lock_guest", lambda: other.page("/guest?username=ABC123"))
        assert visitor.post("/auth/signup", **REGISTRATION).status_code == 302
        assert other.get("/settings").status_code == 302
        assert visitor.get("/settings").status_code == 200

    def test_the_guest_signs_up_before_the_handle_is_opened(self, visitor, people, interrupt):
        other = people.visitor()
        visitor.page("/guest?username=ABC123")
        visitor.username = "guest"
        assert visitor.token
        interrupt(guests, "find_guest", lambda: visitor.post("/auth/signup", **REGISTRATION))
        assert handle_on(other.page("/guest?username=ABC123")) == "ABC123"
        assert other.get("/settings").status_code == 302
        assert visitor.get("/settings").status_code == 200

    def test_concurrent_requests_create_a_handle_once(self, app, people):
        visitors = [people.visitor() for _number in range(4)]
        with ThreadPoolExecutor(len(visitors)) as pool:
            pages = list(pool.map(lambda person: person.page("/guest?username=ABC123"), visitors))
        assert {handle_on(page) for page in pages} == {"ABC123"}
        with app.app_context():
            assert db.session.query(User).count() == 1
