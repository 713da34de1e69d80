"""The gallery over HTTP, under the product's content security policy, with invented answers for the script."""

import json
import mimetypes
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from frontend.build import ROOT
from frontend.gallery.content import PEOPLE
from frontend.gallery.pages import PAGES, make_environment, render

POLICY = (
    "default-src 'none'; script-src 'nonce-nonce'; style-src 'self'; img-src 'self'; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
NAMES = [{"username": "namu", "display_name": "나무"}, {"username": "namsan", "display_name": "남산"}]
TAGS = [{"name": "flask", "post_count": 86}, {"name": "flask-login", "post_count": 3}]
CARD = {"bio": "산책", "question_count": 14, "answer_count": 88, **vars(PEOPLE["namu"])}
DRAW_CARD = "{% from 'components/person_card.html' import person_card %}{{ person_card(card) }}"
DRAW_VOTE = "{% from 'components/vote_box.html' import vote_box %}{{ vote_box(post, value, True, url) }}"
REFUSAL = "<!doctype html><title>409</title><p data-error>The question is closed.</p>"


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: "GalleryServer"

    def do_GET(self) -> None:
        address = urlsplit(self.path)
        path = unquote(address.path)
        if path.startswith("/static/"):
            self.send_static(path)
        elif path.endswith("/card"):
            self.send(self.draw(DRAW_CARD, card=CARD))
        elif path == "/users/complete":
            self.send_json(NAMES)
        elif path == "/tags/complete":
            self.send_json(TAGS)
        elif path == "/posts/similar":
            self.send("<p>" + ", ".join(parse_qs(address.query).get("title", [])) + "</p>")
        else:
            self.send_page(path)

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode("utf-8", "replace")
        self.server.posts.append({"path": self.path, "body": body, "headers": dict(self.headers)})
        if self.path == "/posts/preview":
            self.send(f"<p><strong>{parse_qs(body)['body'][0]}</strong></p>")
        elif self.path == "/files":
            self.send_json({"url": "/files/1", "width": 2, "height": 2, "markdown": "![a](/files/1)"})
        elif self.path == "/posts/8/votes":
            self.send(REFUSAL, status=409)
        elif self.path.endswith("/votes"):
            self.send_vote(int(self.path.split("/")[2]), int(parse_qs(body)["value"][0]))
        else:
            self.send("<!doctype html><title>Posted</title><h1>Posted</h1>")

    def send_page(self, path: str) -> None:
        locale, theme, name = ([*path.strip("/").split("/"), "", "", ""])[:3]
        if name not in PAGES:
            self.send("", status=404)
            return
        self.send(render(name, locale=locale, theme=theme if theme != "system" else None))

    def send_vote(self, post_id: int, value: int) -> None:
        post = {"id": post_id, "score": 11 + value}
        self.send(self.draw(DRAW_VOTE, post=post, value=value, url=self.path))

    def draw(self, source: str, **values: Any) -> str:
        return make_environment("ko").from_string(source).render(**values)

    def send_static(self, path: str) -> None:
        file = (ROOT / "madang" / path.lstrip("/")).resolve()
        if not file.is_relative_to(ROOT / "madang" / "static") or not file.is_file():
            self.send("", status=404)
            return
        self.send(file.read_bytes(), mimetypes.guess_type(file.name)[0] or "application/octet-stream")

    def send_json(self, value: Any) -> None:
        self.send(json.dumps(value), "application/json")

    def send(self, content: str | bytes, kind: str = "text/html; charset=utf-8", status: int = 200) -> None:
        body = content.encode() if isinstance(content, str) else content
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Content-Security-Policy", POLICY)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:
        """Silent: whoever looks at the gallery looks at pages."""


class GalleryServer(ThreadingHTTPServer):
    """`posts` holds what was sent to it, for the tests to look at."""

    daemon_threads = True

    def __init__(self, port: int = 0) -> None:
        super().__init__(("127.0.0.1", port), Handler)
        self.posts: list[dict[str, Any]] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"
