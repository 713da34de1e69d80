"""The WSGI adapter: requests, bodies, long responses, headers."""

import asyncio

from flask import Flask, request

from madang.core.server.clients import Clients
from madang.core.server.turns import Turns
from madang.core.server.wsgi_adapter import WsgiAdapter


def _app():
    app = Flask(__name__)
    app.config["MAX_CONTENT_LENGTH"] = 3_000_000

    @app.route("/echo/<path:rest>", methods=["GET", "POST"])
    def echo(rest):
        return {
            "rest": rest,
            "query": request.query_string.decode(),
            "body": len(request.get_data()),
            "ip": request.remote_addr,
        }

    @app.get("/long")
    def long():
        return (b"x" * 400_000 for _ in range(8))

    return app


def _ask(method="GET", path="/echo/a", query=b"", headers=(), body=()):
    scope = {
        "type": "http", "method": method, "path": path, "query_string": query, "http_version": "1.1",
        "headers": list(headers), "client": ("192.0.2.1", 1), "server": ("h", 80),
    }  # fmt: skip
    parts = [{"type": "http.request", "body": part, "more_body": True} for part in body]
    parts.append({"type": "http.request", "body": b"", "more_body": False})
    sent = []

    async def receive():
        return parts.pop(0)

    async def send(message):
        sent.append(message)

    turns = Turns(at_once=1, clients=Clients(session_cookie="session"))
    asyncio.run(WsgiAdapter(_app(), threads=1, max_body_bytes=3_000_000, turns=turns)(scope, receive, send))
    return sent


def test_a_request_reaches_the_application_completely():
    start, body = _ask("POST", "/echo/마당", b"q=1", [(b"content-length", b"6")], [b"abc", b"def"])
    assert start["status"] == 200
    assert body["body"] == b'{"body":6,"ip":"192.0.2.1","query":"q=1","rest":"\\ub9c8\\ub2f9"}\n'


def test_a_long_response_is_sent_in_pieces():
    sent = _ask(path="/long")
    assert sum(len(message["body"]) for message in sent[1:]) == 3_200_000
    assert [message.get("more_body", False) for message in sent[1:]] == [True, True, False]


def test_a_chunked_body_is_read():
    start, body = _ask("POST", headers=[(b"transfer-encoding", b"chunked")], body=[b"x" * 10] * 3)
    assert (start["status"], b'"body":30' in body["body"]) == (200, True)


def test_a_too_large_body_is_refused():
    assert _ask("POST", headers=[(b"content-length", b"99999999")])[0]["status"] == 413
    chunks = [b"x" * 1_000_000] * 6
    assert _ask("POST", headers=[(b"transfer-encoding", b"chunked")], body=chunks)[0]["status"] == 413


def test_headers_with_underscores_are_ignored(monkeypatch):
    """`X_Forwarded_For` would have the same key as `X-Forwarded-For`, which a proxy may have set."""
    seen = {}

    def application(environ, start):
        seen.update(environ)
        start("200 OK", [])
        return [b""]

    monkeypatch.setattr(f"{__name__}._app", lambda: application)
    headers = [(b"x_forwarded_for", b"forged"), (b"x-forwarded-for", b"192.0.2.7"), (b"content_length", b"9")]
    _ask(headers=[*headers, (b"cookie", b"a=1"), (b"cookie", b"b=2"), (b"accept", b"a"), (b"accept", b"b")])
    assert seen["HTTP_X_FORWARDED_FOR"] == "192.0.2.7"
    assert "CONTENT_LENGTH" not in seen
    assert seen["HTTP_COOKIE"] == "a=1; b=2"
    assert seen["HTTP_ACCEPT"] == "a,b"
