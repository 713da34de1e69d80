"""Names and descriptions of boards per language: which text is shown, where, and who changes it."""

import json
import re
from typing import Any

import pytest
from flask_migrate import downgrade, upgrade
from sqlalchemy import column, insert, select, table

from madang.boards.models import Board
from madang.boards.operations.counting import insert_board
from madang.boards.queries import all_boards
from madang.core.clock import now
from madang.core.db import db, transaction
from madang.core.db.upgrade import MIGRATIONS
from madang.core.i18n import use_locale
from madang.core.site import set_site, text_for_reader
from tests.api.programs import Program, program_of
from tests.people import Person
from tests.test_conventions_routes import recorded_statements
from tests.test_migrations import empty  # noqa: F401  (a fixture)

pytestmark = pytest.mark.each_database

KOREAN, ENGLISH = {"Accept-Language": "ko"}, {"Accept-Language": "en"}
NAMES = {"ko": "텃밭", "en": "Garden"}
DESCRIPTIONS = {"ko": "자라는 것들.", "en": "What grows."}


@pytest.fixture
def garden(app) -> None:
    with app.app_context(), transaction():
        insert_board(slug="garden", kind="talk", name=NAMES, description=DESCRIPTIONS, now=now())


def _shown(page: str, name: str) -> bool:
    other = ({*NAMES.values()} - {name}).pop()
    return name in page and other not in page


@pytest.mark.parametrize(
    ("texts", "reader", "site_locale", "shown"),
    [
        ({"ko": "텃밭", "en": "Garden"}, "ko", "en", "텃밭"),
        ({"ko": "텃밭", "en": "Garden"}, "en", "ko", "Garden"),
        ({"ko": "텃밭"}, "en", "ko", "텃밭"),
        ({"en": "Garden"}, "ko", "ko", "Garden"),
        ({"ko": "텃밭"}, "en", "en", "텃밭"),
        ({}, "ko", "ko", ""),
    ],
)
def test_the_text_is_the_readers_else_the_sites_else_the_one_there_is(app, texts, reader, site_locale, shown):
    with app.app_context(), use_locale(reader):
        with transaction():
            set_site(locale=site_locale)
            insert_board(slug="garden", kind="talk", name=texts or "A", description=texts, now=now())
        assert text_for_reader(texts) == shown
        assert next(row.description for row in all_boards() if row.slug == "garden") == shown
        assert db.session.scalars(select(Board).where(Board.slug == "garden")).one().description == shown


@pytest.mark.usefixtures("garden")
@pytest.mark.parametrize(
    "path",
    ["/boards", "/boards/garden", "/boards/garden/feed.atom", "/questions", "/posts/{post}", "/search?q=lettuce"],
)
def test_pages_and_feeds_name_it_in_the_language_of_the_reader(ann, visitor, path):
    path = path.format(post=ann.ask("About lettuce", board="garden"))
    for _time in ("rendered", "cached"):
        assert _shown(visitor.get(path, headers=ENGLISH).text, "Garden")
        assert _shown(visitor.get(path, headers=KOREAN).text, "텃밭")


def _structured_data(page: str) -> dict[str, Any]:
    """The JSON-LD of a page, by type."""
    found = re.findall(r'<script type="application/ld\+json"[^>]*>(.*?)</script>', page, re.S)
    parts = [json.loads(text) for text in found]
    return {part["@type"]: part for part in (each for part in parts for each in part.get("@graph", [part]))}


@pytest.mark.usefixtures("garden")
def test_previews_and_search_engines_get_the_same(ann, visitor):
    post = ann.ask("About lettuce", board="garden")
    for headers, name, description in ((ENGLISH, "Garden", "What grows."), (KOREAN, "텃밭", "자라는 것들.")):
        page = visitor.get("/boards/garden", headers=headers).text
        assert f'<meta property="og:title" content="{name}' in page
        assert f'<meta property="og:description" content="{description}">' in page
        crumbs = _structured_data(visitor.get(f"/posts/{post}", headers=headers).text)["BreadcrumbList"]
        assert crumbs["itemListElement"][1]["name"] == name


@pytest.mark.usefixtures("garden")
def test_members_see_it_in_their_language(ann, cho):
    """`cho` reads Korean, `ann` English: in the feed, among what they follow, in drafts and in forms."""
    for person, name, description in ((ann, "Garden", "What grows."), (cho, "텃밭", "자라는 것들.")):
        person.post("/boards/garden/follow", value="1")
        person.post("/posts/drafts", key="post:0123456789abcdef", board="garden", title="Lettuce")
        for path in ("/feed", f"/users/{person.username}/following?kind=board", "/drafts", "/posts/new?board=garden"):
            assert _shown(person.page(path), name), path
        followed = program_of(person).read("/me/following?kind=board")["items"]
        assert [(row["name"], row["description"]) for row in followed] == [(name, description)]


@pytest.mark.usefixtures("garden")
def test_the_api_names_it_in_the_language_of_the_caller_and_gives_all_texts_to_administrators(app, ann, root):
    for headers, name in ((ENGLISH, "Garden"), (KOREAN, "텃밭")):
        board = Program(app).read("/boards/garden", headers=headers)
        assert board["name"] == name and "names" not in board
        assert name in [row["name"] for row in Program(app).read("/boards", headers=headers)["items"]]
        assert "names" not in program_of(ann).read("/boards/garden", headers=headers)
        managed = program_of(root).read("/admin/boards/garden", headers=headers)
        assert (managed["name"], managed["names"], managed["descriptions"]) == (name, NAMES, DESCRIPTIONS)
        assert managed in program_of(root).read("/admin/boards", headers=headers)["items"]


@pytest.mark.usefixtures("garden")
@pytest.mark.parametrize(
    ("body", "names"),
    [
        ({"name": "Plot"}, {"ko": "텃밭", "en": "Plot"}),
        ({"names": {"ko": "꽃밭"}}, {"ko": "꽃밭", "en": "Garden"}),
        ({"names": {"en": ""}}, {"ko": "텃밭"}),
        ({"names": {"ko": "꽃밭", "en": "Flowers"}}, {"ko": "꽃밭", "en": "Flowers"}),
        ({"description": ""}, NAMES),
        ({"position": 1}, NAMES),
    ],
)
def test_the_api_changes_the_texts_it_is_sent_and_leaves_the_others(root, body, names):
    changed = program_of(root).patch("/admin/boards/garden", body, headers=ENGLISH)
    assert (changed.status_code, changed.json["names"]) == (200, names)
    assert changed.json["descriptions"] == ({"ko": "자라는 것들."} if "description" in body else DESCRIPTIONS)


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "name"),
        ({"names": {}}, "name"),
        ({"names": {"ko": " ", "en": ""}}, "names"),
        ({"names": {"ko": "가" * 61}}, "names"),
        ({"names": {"fr": "Jardin"}}, "names"),
        ({"names": "Garden"}, "names"),
        ({"name": "a" * 61}, "name"),
        ({"name": "Garden", "descriptions": {"en": "a" * 301}}, "descriptions"),
    ],
)
def test_the_api_says_which_text_is_wrong(root, body, field):
    refused = program_of(root).post("/admin/boards", {"slug": "garden", "kind": "talk", **body}, headers=ENGLISH)
    assert (refused.status_code, [name.partition(".")[0] for name in refused.json["errors"]]) == (422, [field])


def test_the_form_has_both_languages_the_sites_first(root, visitor):
    page = root.page("/admin/boards/add")
    assert re.findall(r'name="(name_\w+)"', page) == ["name_en", "name_ko"]
    fields = {
        "slug": "garden",
        "kind": "talk",
        "name_ko": "텃밭",
        "name_en": "Garden",
        "description_ko": "자라는 것들.",
    }
    assert root.post("/admin/boards/add", **fields, confirmed="1").status_code == 302
    assert _shown(visitor.get("/boards/garden", headers=KOREAN).text, "텃밭")
    english = visitor.get("/boards/garden", headers=ENGLISH).text
    assert _shown(english, "Garden") and "자라는 것들." in english
    board = program_of(root).read("/admin/boards/garden")["id"]
    page = root.page(f"/admin/boards/{board}")
    assert all(f'value="{text}"' in page for text in ("텃밭", "Garden", "자라는 것들."))
    changed = {"slug": "garden", "name_ko": "", "name_en": "Plot", "position": "4"}
    assert root.post(f"/admin/boards/{board}", **changed).status_code == 302
    assert "Plot" in visitor.get("/boards/garden", headers=KOREAN).text


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({}, ["name_en"]),
        ({"name_ko": "가" * 61}, ["name_ko"]),
        ({"name_ko": "텃밭", "description_en": "a" * 301}, ["description_en"]),
    ],
)
def test_the_form_says_in_which_language_something_is_wrong(root, fields, wrong):
    refused = root.post("/admin/boards/add", slug="garden", kind="talk", **fields)
    assert (refused.status_code, re.findall(r'id="(name_\w+|desc\w+)-error"', refused.text)) == (422, wrong)


@pytest.mark.usefixtures("garden")
def test_the_staff_log_names_it_in_the_language_of_the_reader(root):
    """As it was named then, also after its deletion."""
    program_of(root).patch("/admin/boards/garden", {"position": 9}, headers=KOREAN)
    program_of(root).delete("/admin/boards/garden", headers=KOREAN)
    root.get("/language/ko")
    assert root.page("/admin/log").count("텃밭") == 2
    root.get("/language/en")
    assert root.page("/admin/log").count("Garden") == 2


@pytest.mark.usefixtures("garden")
def test_the_navigation_reads_the_boards_once_for_each_language(app):
    """Of two readers within two seconds only the first of each language causes a statement."""
    reader = Person(app)
    for headers in (KOREAN, ENGLISH):
        reader.get("/boards", headers=headers)
    with recorded_statements(app) as statements:
        for headers in (KOREAN, ENGLISH):
            reader.get("/boards", headers=headers)
    assert not [statement for statement in statements if "FROM boards" in statement]


BOARDS = table("boards", *map(column, ("slug", "kind", "name", "description", "position", "post_count")),
               column("unanswered_count"), column("created_at"))  # fmt: skip


@pytest.mark.usefixtures("empty")
@pytest.mark.parametrize(("site_locale", "locale"), [("ko", "ko"), ("en", "en"), (None, "en")])
def test_the_migration_keeps_every_text_in_the_sites_language(site_locale, locale):
    upgrade(directory=str(MIGRATIONS), revision="20261130_0610")
    row = {"kind": "talk", "position": 1, "post_count": 0, "unanswered_count": 0, "created_at": now()}
    texts = [("a", "텃밭 \U0001f955", 'What "grows" \\ 자라는 것'), ("b", "Garden", "")]
    with db.engine.begin() as connection:
        for slug, name, description in texts:
            connection.execute(insert(BOARDS).values(**row, slug=slug, name=name, description=description))
        if site_locale:
            settings = table("site_settings", column("name"), column("value"))
            connection.execute(insert(settings).values(name="locale", value=site_locale))
    upgrade(directory=str(MIGRATIONS), revision="20261130_0930")
    with db.engine.connect() as connection:
        rows = connection.execute(select(Board.slug, Board.names, Board.descriptions).order_by(Board.slug)).all()
    assert rows == [(slug, {locale: name}, {locale: words} if words else {}) for slug, name, words in texts]
    downgrade(directory=str(MIGRATIONS), revision="20261130_0610")
    with db.engine.connect() as connection:
        rows = connection.execute(select(BOARDS.c.slug, BOARDS.c.name, BOARDS.c.description).order_by("slug")).all()
    assert rows == texts
