"""After logging in or signing up, people are where they were going, at the place on the page."""

import re
from html import unescape
from urllib.parse import quote, unquote, urlsplit

import pytest

from tests.accounts.mailbox import link_in, mails
from tests.accounts.mailed_links import PASSWORD_FIELDS
from tests.people import PASSWORD

REGISTRATION = {"username": "nari", "email": "nari@example.org", "password": PASSWORD, "password2": PASSWORD}


def links_to(page: str, path: str) -> list[str]:
    """The addresses of the links of `page` to `path`."""
    return [
        unescape(href) for href in re.findall(r'<a [^>]*href="([^"]+)"', page) if urlsplit(unescape(href)).path == path
    ]


def hidden_next(page: str) -> str:
    return unescape(re.search(r'name="next"[^>]* value="([^"]*)"', page)[1])


def log_in(visitor, url):
    """Follow a link to the log-in and send the form that it shows."""
    place = hidden_next(visitor.page(url))
    return visitor.post("/auth/login", username="ann", password=PASSWORD, next=place).location


def sign_up(visitor, url):
    return visitor.post("/auth/signup", **REGISTRATION, next=hidden_next(visitor.page(url))).location


WAYS = [
    "log in",
    "sign up",
    "log in, then sign up",
    "sign up, then log in",
    "log in from the header of the sign-up page",
]


@pytest.mark.parametrize("way", WAYS)
def test_the_answer_box_is_reached_by_every_way(ann, visitor, way):
    """Tried too: the header's links of the pages of logging in, which kept `/auth/login?next=...` as the target."""
    question = ann.ask()
    page = visitor.page(f"/posts/{question}")
    place = f"/posts/{question}#write"
    login, signup = (
        next(link for link in links_to(page, path) if link.endswith("%23write"))
        for path in ("/auth/login", "/auth/signup")
    )
    assert login == f"/auth/login?next={quote(place)}"
    if way == "log in":
        assert log_in(visitor, login) == place
    elif way == "sign up":
        assert sign_up(visitor, signup) == place
    elif way == "log in, then sign up":
        assert {sign_up(visitor, link) for link in links_to(visitor.page(login), "/auth/signup")[:1]} == {place}
    else:
        links = links_to(visitor.page(signup), "/auth/login")
        assert len(links) > 1 and {hidden_next(visitor.page(link)) for link in links} == {place}
        assert log_in(visitor, links[-1]) == place


PAGES = ["/", "/questions?sort=votes&page=1", "/boards/qa", "/search?q=마당", "/users/ann", "/nothing-here"]


@pytest.mark.parametrize("path", PAGES)
def test_every_link_of_a_page_leads_back_to_it(ann, people, path):
    """Of visitors and of guests, whose menu has links of its own."""
    visitor, guest = people.visitor(), people.visitor()
    guest.get("/guest")
    for person in (visitor, guest):
        page = person.get(path).text
        for way in ("/auth/login", "/auth/signup"):
            links = links_to(page, way)
            assert links and {unquote(hidden_next(person.page(link))) for link in links} == {path}


@pytest.mark.parametrize("form", ["/auth/login", "/auth/signup", "/auth/forgot"])
def test_a_refused_form_keeps_the_place(ann, visitor, form):
    refused = visitor.post(form, username="ann", password="wrong", email="nowhere", next="/posts/5#write")
    assert refused.status_code == 422
    assert hidden_next(refused.text) == "/posts/5#write"
    for path in ("/auth/login", "/auth/signup"):
        assert set(links_to(refused.text, path)) == {f"{path}?next=/posts/5%23write"}


@pytest.mark.parametrize("target", ["//evil.example", "https://evil.example", "/\\evil.example", "javascript:alert(1)"])
def test_the_pages_of_logging_in_pass_on_safe_paths_only(visitor, target):
    for path in ("/auth/login", "/auth/signup", "/auth/forgot"):
        page = visitor.page(f"{path}?next={quote(target)}")
        assert hidden_next(page) == ""
        assert set(links_to(page, "/auth/login")) == {"/auth/login?next=/"}


@pytest.mark.parametrize("is_guest", [False, True])
def test_whoever_wants_to_write_to_somebody_logs_in_and_comes_back(ann, bob, visitor, is_guest):
    if is_guest:
        visitor.get("/guest")
    login = visitor.get("/messages/new?to=bob")
    assert login.status_code == 302
    place = log_in(visitor, login.location)
    assert place == "/messages/new?to=bob"
    assert 'value="bob"' in visitor.page(place)


def test_an_answer_sent_after_the_log_out_leads_back_to_the_answer_box(ann, bob, visitor):
    question = ann.ask()
    form = bob.page(f"/posts/{question}").partition('id="write"')[2]
    login = visitor.post(f"/posts/{question}/answers", body="words", next=hidden_next(form))
    assert log_in(visitor, login.location) == f"/posts/{question}#write"


def test_a_script_that_needs_a_log_in_leads_back_to_its_page(ann, visitor):
    headers = {"HX-Request": "true", "Referer": "http://localhost/boards/qa?page=1"}
    answer = visitor.get("/drafts", headers=headers)
    assert answer.headers["HX-Redirect"] == "/auth/login?next=/boards/qa?page%3D1"


def test_a_refused_post_has_links_back_to_the_page_that_sent_it(ann, visitor):
    """An address that only takes forms cannot be opened after the log-in."""
    page = visitor.post("/posts/99/similar", headers={"Referer": "http://localhost/boards/qa"}).text
    assert set(links_to(page, "/auth/login")) == {"/auth/login?next=/boards/qa"}
    assert set(links_to(page, "/language/ko")) == {"/language/ko?next=/boards/qa"}


def test_confirming_the_address_leads_on_to_the_answer_box(app, visitor):
    app.config["EMAIL_CONFIRMATION"] = True
    assert visitor.post("/auth/signup", **REGISTRATION, next="/posts/5#write").location == "/posts/5#write"
    visitor._token, visitor.username = "", "nari"
    link = link_in(mails(app)[-1])
    assert visitor.post(link).location == "/posts/5#write"
    assert visitor.post(link).location != "/posts/5#write"


def test_a_new_password_leads_on_to_the_answer_box(app, ann, visitor):
    visitor.post("/auth/forgot", email="ann@example.org", next="/posts/5#write")
    assert visitor.post(link_in(mails(app)[-1]), **PASSWORD_FIELDS).location == "/posts/5#write"
