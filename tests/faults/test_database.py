"""The database server goes away for a while: every request is told so, and all is well afterwards."""

from collections.abc import Iterator

import pytest
from sqlalchemy import make_url, select

from madang.posts.models import Post
from tests.conftest import skip_missing
from tests.databases import DATABASES, create_database, drop_database

from .people import Person
from .site import Site, new_site, soon
from .tcp_proxy import TcpProxy

pytestmark = pytest.mark.faults
PATHS = ("/", "/questions", "/posts/1", "/no-such-page", "/settings", "/messages")
PUBLIC = PATHS[:4]
QUESTION = {"board": "qa", "title": "Where did it go?", "body": "The database was here a moment ago.", "tags": ""}
ROUNDS = 20
PORTS = {"postgresql": 5432, "mariadb": 3306}  # where the address of the server names none
MAX_LOG_LINES = 100


@pytest.fixture(params=["postgresql", "mariadb"])
def proxied(request, tmp_path) -> Iterator[tuple[Site, TcpProxy]]:
    """A site that reaches its database through a proxy."""
    if request.param not in DATABASES:
        skip_missing(f"no {request.param} on this machine")
    url = make_url(create_database(request.param, "gone"))
    try:
        with TcpProxy(url.host or "127.0.0.1", url.port or PORTS[request.param]) as proxy:
            address = url.set(host="127.0.0.1", port=proxy.port).render_as_string(hide_password=False)
            with new_site(tmp_path, address, PAGE_CACHE_SECONDS="0", LOG_FORMAT="json") as site:
                site.open()
                yield site, proxy
                site.engine.dispose()
    finally:
        drop_database(url.render_as_string(hide_password=False))


@pytest.mark.parametrize("failure", ["refuse", "fall_silent"])
def test_while_the_database_is_away_every_page_says_so_and_then_all_is_well(proxied, failure):
    site, proxy = proxied
    (ann,) = site.people("ann")
    visitor = Person("", site.port)
    asked = ann.post("/posts/new", **QUESTION)
    assert asked.status == 302
    lines_before = len(site.log.read_text().splitlines())

    getattr(proxy, failure)()
    for number in range(ROUNDS):
        path = PATHS[number % len(PATHS)]
        for person in (ann, visitor) if path in PUBLIC else (ann,):
            page = person.get(path)
            assert page.status == 503, f"{path}: {page.status}\n{page.text[:500]}"
            assert "데이터베이스" in page.text
    refused = ann.post("/posts/new", **{**QUESTION, "title": "Is it still away?"})
    assert refused.status == 503
    assert "저장" in refused.text
    program = visitor.get("/api/v1/posts")
    assert (program.status, '"code": "database_unreachable"' in program.text) == (503, True)
    # One line a request, which says that it failed, and few others: of the threads that work in the background.
    others = [line for line in site.log.read_text().splitlines()[lines_before:] if "madang.request" not in line]
    assert len(others) - len([line for line in others if "unreachable: " in line]) < MAX_LOG_LINES, "\n".join(others)
    assert not [line for line in others if "Traceback" in line], "\n".join(others)

    proxy.resume()
    assert soon(lambda: ann.get("/questions").status == 200)
    assert ann.post("/posts/new", **{**QUESTION, "title": "Is it back again?"}).status == 302
    titles = site.rows(select(Post.title).where(Post.kind == "question").order_by(Post.id))
    assert [row.title for row in titles if row.title.endswith("?")][-2:] == ["Where did it go?", "Is it back again?"]
    with ann.listening():
        assert ann.get("/").status == 200
