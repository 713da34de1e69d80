"""The notice with which a new site begins: a post of the administrator, who deletes it like any other."""

import re

import pytest

from madang.admin.operations.setup import make_admin
from madang.core.clock import now
from madang.core.db import transaction
from tests.accounts.mailbox import run_jobs
from tests.admin.helpers import staff_actions, wrong_counts
from tests.api.programs import Program, program_of
from tests.people import PASSWORD, Person

from .test_setup import _fields, code, stranger  # noqa: F401  (fixtures)

pytestmark = pytest.mark.each_database
TITLES = {"en": "How to ask your first question", "ko": "첫 질문을 올리기 전에"}


@pytest.fixture
def admin(code, stranger, app) -> Person:  # noqa: F811  (fixtures)
    """The administrator who has just set up a site in English."""
    stranger.post("/setup", **_fields(code))
    run_jobs(app)
    stranger.username, stranger._token = "ruth", ""
    return stranger


def _notices(app) -> list[dict]:
    return Program(app).read("/posts?board=notice")["items"]


def _steps(page: str) -> str:
    """The numbered list in the text of the notice."""
    found = re.search(r"<ol>\s*<li><strong>.*?</ol>", page, re.S)
    assert found, page
    return found[0]


@pytest.mark.parametrize("locale", ["ko", "en"])
def test_it_is_a_notice_of_the_administrator_in_the_sites_language(code, stranger, app, locale):  # noqa: F811
    stranger.post("/setup", **_fields(code, locale=locale))
    [notice] = _notices(app)
    assert (notice["title"], notice["author"]["username"], notice["kind"]) == (TITLES[locale], "ruth", "notice")
    steps = _steps(stranger.page(f"/posts/{notice['id']}"))
    assert steps.count("<li>") == steps.count("<strong>") == 5 and "**" not in steps


def test_its_links_lead_somewhere(admin, app):
    links = re.findall(r'href="([^"]+)"', _steps(admin.page(f"/posts/{_notices(app)[0]['id']}")))
    assert links == ["/questions/ask", "/boards", "/search"]
    for link in links:
        assert admin.client.get(link, follow_redirects=True).status_code == 200, link


def test_the_command_publishes_it_on_a_new_site_only(code, app):  # noqa: F811
    for name in ("ruth", "rosa"):
        values = {"email": f"{name}@example.org", "password": PASSWORD, "site_name": "Yard", "locale": "en"}
        with app.app_context(), transaction():
            make_admin(username=name, **values, now=now())
    assert [notice["author"]["username"] for notice in _notices(app)] == ["ruth"]


@pytest.mark.parametrize("by", ["page", "program"])
def test_it_is_deleted_like_any_post_and_nothing_misses_it(admin, app, by):
    [notice] = _notices(app)
    path = f"/posts/{notice['id']}"
    program = program_of(admin)
    deleted = admin.post(f"{path}/delete") if by == "page" else program.delete(path)
    assert deleted.status_code in (204, 302)
    run_jobs(app)
    reader = Person(app)
    for place in ("/", "/boards", "/boards/notice", "/questions", "/feed.atom", "/boards/notice/feed.atom", "/about",
                  "/users/ruth", "/search?q=question", "/sitemap.xml", "/sitemap-places.xml", "/tags"):  # fmt: skip
        page = reader.get(place, headers={"Accept-Language": "en"})
        assert page.status_code == 200 and TITLES["en"] not in page.text, place
    for place in ("/admin", "/notifications", "/feed", "/todos", "/drafts"):
        assert TITLES["en"] not in admin.page(place), place
    assert reader.get(path).status_code == 410
    assert (_notices(app), wrong_counts(app), staff_actions(app)) == ([], [], [])
    assert "First steps" in admin.page("/admin")


def test_a_deleted_one_can_be_brought_back_and_stays_away_otherwise(admin, app, visitor):
    path = f"/posts/{_notices(app)[0]['id']}"
    admin.post(f"{path}/delete")
    with app.app_context(), transaction():
        make_admin(
            username="rosa", email="rosa@example.org", password=PASSWORD, site_name="Yard", locale=None, now=now()
        )
    assert _notices(app) == [], "another administrator does not bring it back"
    admin.post(f"{path}/restore")
    assert len(_notices(app)) == 1 and wrong_counts(app) == []
