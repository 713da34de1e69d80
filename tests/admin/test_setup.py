"""Site setup with the code from the terminal."""

import re

import pytest
from sqlalchemy import delete, select

from madang.accounts.models import User
from madang.admin.operations.setup import make_admin
from madang.boards.models import Board
from madang.cli import cli
from madang.core.clock import now
from madang.core.db import db, transaction
from madang.core.errors import Conflict, InvalidInput
from madang.core.site import SiteSetting, make_setup_code, set_site
from madang.core.ttl_cache import clear_all
from tests.people import PASSWORD, Person


@pytest.fixture
def code(app) -> str:
    """The setup code of a site that is not set up yet."""
    with app.app_context():
        with transaction() as session:
            session.execute(delete(Board))
            session.execute(delete(SiteSetting))
        clear_all()
        with transaction():
            return make_setup_code()


@pytest.fixture
def stranger(app) -> Person:
    person = Person(app)
    page = person.get("/setup", headers={"Accept-Language": "en"}).text
    match = re.search(r'name="csrf_token" value="([^"]+)"', page)
    person._token = match[1] if match else "none"
    return person


def _fields(code: str, **others) -> dict[str, str]:
    fields = {"code": code, "site_name": "Yard", "locale": "en", "username": "ruth", "email": "ruth@example.org"}
    return {**fields, "password": PASSWORD, "password2": PASSWORD, **others}


@pytest.mark.parametrize(
    "path", ["/", "/questions", "/auth/login", "/auth/signup", "/posts/1", "/nowhere", "/search?q=a"]
)
def test_before_setup_every_page_redirects_there(code, stranger, path):
    response = stranger.get(path)
    assert (response.status_code, response.location) == (302, "/setup")


def test_no_link_of_the_setup_page_leads_back_to_it(code, stranger):
    """But for the one that shows it in another language; there is neither navigation nor a search to try in vain."""
    page = stranger.page("/setup")
    links = [link for link in re.findall(r'(?:href|src|action)="(/[^"]*)"', page) if not link.startswith("/language/")]
    assert "/setup" in links, "the form's own address"
    for link in links:
        assert stranger.get(link).location is None, link
    assert "<nav" not in page and 'type="search"' not in page
    stranger.post("/setup", **_fields(code))
    assert "<nav" in stranger.page("/")


def test_health_checks_and_static_files_work_before_setup(code, stranger):
    assert stranger.get("/healthz").status_code == 200
    assert stranger.get("/readyz").status_code == 200
    for path in ("/static/favicon.svg", "/favicon.ico", "/apple-touch-icon.png"):
        assert stranger.get(path).status_code == 200
    assert stranger.get("/language/ko").status_code == 302


def test_the_code_sets_up_the_site_and_logs_the_administrator_in(code, stranger, visitor):
    response = stranger.post("/setup", **_fields(code, site_name="  우리  마당 "))
    assert response.location == "/admin"
    assert "First steps" in stranger.page("/admin")
    page = stranger.page("/")
    assert "<title>우리 마당</title>" in page
    assert "@ruth" in page
    assert visitor.page("/boards").count('<h2><a href="/boards/') == 3
    with stranger.app.app_context():
        admin = db.session.scalars(select(User)).one()
        assert (admin.role, admin.email_confirmed_at is not None) == ("admin", True)


def test_pages_open_at_once_after_another_process_has_set_up_the_site(code, app, visitor):
    assert (visitor.get("/").status_code, visitor.get("/api/v1/posts").status_code) == (302, 503)
    with app.app_context(), transaction() as session:
        session.merge(SiteSetting(name="is_set_up", value="yes"))  # without the end of this process's cache
    assert (visitor.get("/").status_code, visitor.get("/api/v1/posts").status_code) == (200, 200)


@pytest.mark.parametrize("locale", ["ko", "en"])
def test_the_first_boards_are_named_in_every_language(code, stranger, app, locale):
    stranger.post("/setup", **_fields(code, locale=locale))
    with app.app_context():
        boards = db.session.execute(select(Board.slug, Board.names, Board.descriptions).order_by(Board.position)).all()
    assert [row.slug for row in boards] == ["notice", "qa", "talk"]
    assert boards[1].names == {"ko": "묻고 답하기", "en": "Questions and answers"}
    assert boards[2].descriptions["en"] == "About everything else." != boards[2].descriptions["ko"]


@pytest.mark.parametrize("spelling", ["{code}", " {code} ", "{lower}", "{bare}"])
def test_the_code_is_accepted_in_any_case_and_spacing(code, stranger, spelling):
    typed = spelling.format(code=code, lower=code.lower(), bare=code.replace("-", ""))
    assert stranger.post("/setup", **_fields(typed)).status_code == 302


@pytest.mark.parametrize("wrong", ["", "AAAA-AAAA", "한글", "\0", "x" * 200_000, "{code}A"])
def test_a_wrong_code_is_refused(code, stranger, app, wrong):
    response = stranger.post("/setup", **_fields(wrong.format(code=code)))
    assert response.status_code == 422
    assert "not the code the server printed" in response.text
    assert stranger.get("/").location == "/setup"
    with app.app_context():
        assert db.session.scalars(select(User)).all() == []


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("site_name", "", "Site names have 1 to 60 characters."),
        ("site_name", "가" * 61, "Site names have 1 to 60 characters."),
        ("site_name", "\u200b\u202e", "Site names have 1 to 60 characters."),
        ("locale", "xx", "Please choose a language."),
        (
            "username",
            "a",
            "Usernames have 3 to 30 characters, or at least 2 with Korean, Chinese or Japanese characters.",
        ),
        ("email", "nothing", "e-mail address"),
        ("password", "short", "Passwords need at least 10 characters."),
        ("password2", "another one entirely", "The passwords do not match."),
    ],
)
def test_each_error_is_shown_at_its_field_with_the_submitted_values(code, stranger, field, value, sentence):
    response = stranger.post("/setup", **_fields(code, **{field: value}))
    assert response.status_code == 422
    assert sentence in response.text
    assert PASSWORD not in response.text
    if field != "username":
        assert 'value="ruth"' in response.text
    assert stranger.post("/setup", **_fields(code)).status_code == 302, "the code stays valid"


def test_all_errors_are_shown_at_once_with_a_wrong_code(code, stranger):
    wrong = {"site_name": "", "username": "a", "email": "nothing", "password": "short", "password2": "other"}
    page = stranger.post("/setup", **_fields("AAAA-AAAA", **wrong)).text
    for sentence in (
        "not the code the server printed",
        "Site names have 1 to 60 characters.",
        "Usernames have 3 to 30 characters",
        "does not look like an e-mail address",
        "Passwords need at least 10 characters.",
        "The passwords do not match.",
    ):
        assert sentence in page, sentence


def test_the_code_works_once(code, stranger, app):
    stranger.post("/setup", **_fields(code))
    second_browser = Person(app)
    second_browser._token = Person.token.fget(second_browser)
    response = second_browser.post("/setup", **_fields(code, username="eve", email="eve@example.org"))
    assert response.status_code == 409
    assert "already been set up" in response.text
    assert second_browser.get("/setup").status_code == 404


def test_attempts_at_the_code_are_limited(code, stranger, app):
    app.config["LOGIN_LIMIT"] = "3 per minute"
    statuses = [stranger.post("/setup", **_fields("AAAA-AAAA")).status_code for _try in range(5)]
    assert statuses == [422, 422, 422, 429, 429]
    assert stranger.post("/setup", **_fields(code)).status_code == 429


def test_a_code_has_no_letters_that_look_alike(app):
    with app.app_context(), transaction():
        codes = {make_setup_code() for _number in range(50)}
    assert len(codes) == 50
    assert all(re.fullmatch(r"[A-HJ-NP-Z2-9]{4}-[A-HJ-NP-Z2-9]{4}", code) for code in codes)


def _make_admin(app, **others) -> None:
    values = {
        "username": "ruth",
        "email": "ruth@example.org",
        "password": PASSWORD,
        "site_name": "Yard",
        "locale": "ko",
    }
    with app.app_context(), transaction():
        make_admin(**{**values, **others}, now=now())


def test_the_command_sets_up_a_new_site(code, app, stranger):
    _make_admin(app)
    assert "묻고 답하기" in stranger.page("/boards")
    assert stranger.get("/setup").status_code == 404


def test_the_command_adds_an_administrator_to_a_site_already_set_up(app, ann, visitor):
    _make_admin(app, site_name="Another name")
    assert "<title>Yard</title>" in visitor.page("/")
    assert visitor.page("/boards").count('<h2><a href="/boards/') == 3


@pytest.mark.parametrize(
    ("site_locale", "asked", "expected"),
    [("ko", None, "ko"), ("en", None, "en"), ("en", "ko", "ko"), (None, None, "ko")],
)
def test_the_account_made_by_the_command_has_the_sites_language(app, request, site_locale, asked, expected):
    """Unless another one is asked for; a new site has that of `MADANG_DEFAULT_LOCALE`, which is Korean."""
    if site_locale is None:
        request.getfixturevalue("code")
        app.config["DEFAULT_LOCALE"] = "ko"
    else:
        with app.app_context(), transaction():
            set_site(locale=site_locale)
    _make_admin(app, locale=asked)
    with app.app_context():
        assert db.session.scalars(select(User.locale)).one() == expected


def test_the_command_reports_every_wrong_field(code, app, stranger):
    with pytest.raises(InvalidInput) as caught:
        _make_admin(app, password="short", email="nothing")
    assert set(caught.value.fields) == {"password", "email"}
    assert stranger.get("/").location == "/setup"


class TestSetupCode:
    """`madang setup-code`, for sites whose server prints no code."""

    def test_prints_a_code_for_the_setup(self, app, code, stranger):
        result = app.test_cli_runner().invoke(cli, ["setup-code"])
        assert result.exit_code == 0, result.output
        new = result.output.strip()
        assert re.fullmatch(r"[A-Z0-9]{4}-[A-Z0-9]{4}", new)
        assert "code" in stranger.post("/setup", **_fields(code)).text, "the code before it is valid no more"
        assert stranger.post("/setup", **_fields(new)).status_code == 302

    def test_refuses_a_site_that_is_set_up(self, app):
        with pytest.raises(Conflict, match="This site is set up already"):
            app.test_cli_runner().invoke(cli, ["setup-code"], catch_exceptions=False)
