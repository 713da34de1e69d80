"""The gateway with the whole site: cached pages for visitors, others for members."""

import re
from collections import Counter

import pytest
from flask import before_render_template

from madang.core.server.gateway import Gateway
from madang.posts.jobs.view_counts import view_counter
from tests.asgi import ask, run

pytestmark = pytest.mark.each_database


@pytest.fixture
def gateway(app):
    app.config["PAGE_CACHE_SECONDS"] = 60
    return Gateway(app)


@pytest.fixture
def rendered(app):
    """The names of the templates rendered during the test."""
    names: list[str] = []

    def record(_sender, template, **_values):
        names.append(template.name)

    with before_render_template.connected_to(record, app):
        yield names


def _session(person) -> dict[str, str]:
    cookie = person.client.get_cookie(person.app.config["SESSION_COOKIE_NAME"])
    return {"Cookie": f"{cookie.key}={cookie.value}"}


@pytest.mark.parametrize("path", ["/", "/questions", "/boards/qa", "/boards", "/posts/{}"])
def test_a_page_is_rendered_once_for_all_visitors(ann, gateway, rendered, path):
    path = path.format(ann.ask())
    rendered.clear()
    first, second = run(ask(gateway, path)) + run(ask(gateway, path, client=("192.0.2.7", 1)))
    assert first.status == 200
    assert first.body == second.body
    assert len(rendered) == 1


def test_a_members_page_is_not_cached(ann, gateway):
    question = ann.ask()
    path = f"/posts/{question}"
    for _time in range(2):
        (member,) = run(ask(gateway, path, headers=_session(ann)))
        (visitor,) = run(ask(gateway, path))
        assert "@ann" in member.text
        assert "csrf-token" in member.text
        assert "@ann" not in visitor.text
        assert "csrf" not in visitor.text
        assert "/auth/login" in visitor.text
        assert visitor.header("set-cookie") is None


def test_each_language_and_theme_has_its_page(gateway):
    korean = {"Accept-Language": "ko"}
    (english,) = run(ask(gateway, "/questions"))
    (inkorean,) = run(ask(gateway, "/questions", headers=korean))
    (dark,) = run(ask(gateway, "/questions", headers=korean | {"Cookie": "theme=dark"}))
    assert 'lang="en"' in english.text
    assert 'lang="ko"' in inkorean.text
    assert 'data-theme="dark"' in dark.text


def test_a_flashed_message_is_not_cached(gateway):
    """A visitor redirected to the log-in gets a session with a message; pages with a session bypass the cache."""
    (redirect,) = run(ask(gateway, "/posts/new"))
    cookie = redirect.header("set-cookie").partition(";")[0]
    (with_message,) = run(ask(gateway, "/", headers={"Cookie": cookie}))
    assert "Please log in to continue." in with_message.text
    assert "Please log in to continue." not in run(ask(gateway, "/"))[0].text


@pytest.mark.parametrize("path", ["/nowhere", "/auth/login", "/auth/signup", "/posts/new", "/posts/999999"])
def test_uncacheable_pages_are_rendered_each_time(gateway, rendered, path):
    run(ask(gateway, path))
    before = len(rendered)
    run(ask(gateway, path))
    assert len(rendered) in (before * 2, 0)


def test_the_gateway_passes_head_and_post(ann, gateway):
    (head,) = run(ask(gateway, "/questions", method="HEAD"))
    assert (head.status, head.body) == (200, b"")
    (post,) = run(ask(gateway, "/posts/new", method="POST", headers=_session(ann)))
    assert post.status == 400


@pytest.mark.parametrize("query", [b"page=\xff", "q=마당".encode(), b"%", b"&&&===", b"page=" + b"9" * 60_000])
def test_an_invalid_query_causes_no_server_error(gateway, query):
    for path in ("/questions", "/boards/qa", "/nowhere"):
        (answer,) = run(ask(gateway, path, query=query))
        assert answer.error is None
        assert answer.status in (200, 302, 404)


def test_views_are_counted_once_per_reader_and_stored(ann, visitor, gateway, monkeypatch):
    monkeypatch.setattr(view_counter, "_views", Counter())
    monkeypatch.setattr(view_counter, "_seen", {})
    question = ann.ask()
    path = f"/posts/{question}"
    for address in ("192.0.2.1", "192.0.2.2", "192.0.2.1", "192.0.2.1"):
        run(ask(gateway, path, client=(address, 1)))
    run(ask(gateway, path, client=("192.0.2.3", 1), headers=_session(ann)))
    with ann.app.app_context():
        view_counter.flush()
        view_counter.flush()
    shown = visitor.page(path)
    assert re.search(r"\b3 views", shown), re.findall(".*views?<", shown)


def test_a_too_large_body_is_refused_unread_in_the_readers_language(cho, gateway, monkeypatch):
    """An upload of 60 MB is refused before its body is read."""
    read = []

    async def receive():
        read.append(1)
        return {"type": "http.request", "body": b"x" * 65_536, "more_body": True}

    monkeypatch.setattr("tests.asgi._receive", receive)
    headers = _session(cho) | {"Content-Length": "60000000", "Content-Type": "multipart/form-data; boundary=x"}
    for path in ("/files", "/posts/new", "/settings/avatar"):
        (page,) = run(ask(gateway, path, method="POST", headers=headers))
        (words,) = run(ask(gateway, path, method="POST", headers=headers | {"HX-Request": "true"}))
        assert (page.status, words.status) == (413, 413)
        assert "사진은 10MB까지 올릴 수 있어요" in page.text
        assert 'lang="ko"' in page.text
        assert "@cho" in page.text
        assert words.text == "한 번에 더 적게 보내 주세요. 사진은 10MB까지 올릴 수 있어요."
    assert read == []


@pytest.mark.parametrize(
    ("environment", "debug", "is_shown"),
    [
        ("development", True, True),
        ("development", False, False),
        ("production", True, False),
        ("testing", True, False),
    ],
)
def test_the_debugger_shows_errors_only_in_development_with_debug(app, monkeypatch, environment, debug, is_shown):
    def fail() -> str:
        raise ValueError("the secret is 12345")

    monkeypatch.setitem(app.view_functions, "posts.boards", fail)
    monkeypatch.setitem(app.config, "ENVIRONMENT", environment)
    monkeypatch.setattr(app, "debug", debug)
    monkeypatch.setitem(app.config, "PROPAGATE_EXCEPTIONS", None)
    (response,) = run(ask(Gateway(app), "/boards"))
    assert response.status == 500
    assert ("the secret is 12345" in response.text) is is_shown
    assert ("__debugger__" in response.text) is is_shown


def test_a_new_process_has_made_the_first_pages_before_it_listens(ann, gateway, rendered):
    ann.ask("Who has the key to the gate?")
    rendered.clear()
    gateway.warm_up()
    assert set(rendered) == {"posts/home.html", "accounts/login.html", "posts/show.html"}
