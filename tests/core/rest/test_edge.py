"""Pages of other sites: only those that the settings name may read what the API answers, and none with a cookie."""

import pytest
from flask import Flask, g

from madang.core.actor import VISITOR
from madang.core.rest import edge

from .asking import bare_app

FRIEND = "https://friend.example"
ALLOWED, WITH_COOKIE = "Access-Control-Allow-Origin", "Access-Control-Allow-Credentials"
PREFLIGHT = {"Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "authorization"}


def app_for(*origins: str) -> Flask:
    app = bare_app(API_CORS_ORIGINS=origins)
    app.add_url_rule("/api/v1/things", "things", lambda: "{}", methods=["GET", "POST"])
    app.add_url_rule("/things", "page", lambda: "A page")

    @app.before_request
    def _set_actor() -> None:
        g.actor = VISITOR

    edge.init_app(app)
    return app


@pytest.mark.parametrize(
    ("origin", "allowed"),
    [
        (FRIEND, FRIEND),
        ("http://friend.example", None),
        ("https://friend.example:8443", None),
        ("https://friend.example.evil.example", None),
        ("https://evil-friend.example", None),
        ("https://friendXexample", None),
        ("null", None),
        ("*", None),
    ],
)
@pytest.mark.parametrize("method", ["GET", "POST", "OPTIONS"])
def test_only_the_named_sites_may_read(method, origin, allowed):
    headers = {"Origin": origin, **(PREFLIGHT if method == "OPTIONS" else {})}
    answer = app_for(FRIEND).test_client().open("/api/v1/things", method=method, headers=headers)
    assert answer.headers.get(ALLOWED) == allowed
    assert WITH_COOKIE not in answer.headers


def test_pages_are_read_by_no_other_site():
    answer = app_for(FRIEND).test_client().get("/things", headers={"Origin": FRIEND})
    assert ALLOWED not in answer.headers


def test_without_the_setting_no_site_may_read():
    answer = app_for().test_client().get("/api/v1/things", headers={"Origin": FRIEND})
    assert ALLOWED not in answer.headers


@pytest.mark.parametrize("origins", [(), (FRIEND,), (FRIEND, "https://other.example")])
@pytest.mark.parametrize("origin", [None, FRIEND, "https://evil.example"])
def test_caches_are_told_all_that_an_answer_depends_on(origins, origin):
    headers = {"Origin": origin} if origin else {}
    answer = app_for(*origins).test_client().get("/api/v1/things", headers=headers)
    assert sorted(answer.vary) == ["Accept-Language", "Authorization", "Cookie", *(["Origin"] if origins else [])]
