"""Cross-site scripting: user input must not run in other browsers."""

from html.parser import HTMLParser
from urllib.parse import quote

import pytest

FOREIGN = "'\"><img src=x onerror=alert(1)><script>alert(1)</script><a href='javascript:alert(1)' data-hx-get=/x>x</a>"


class _Page(HTMLParser):
    """Collect the tags of a page that would run foreign scripts."""

    def __init__(self, page):
        super().__init__()
        self.found = []
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        named = dict(attrs)
        runs = [name for name in named if name.startswith("on") or (name == "data-hx-get" and named[name] == "/x")]
        runs += [value for value in named.values() if value and value.strip().lower().startswith("javascript:")]
        is_data = named.get("type") == "application/ld+json"  # which browsers do not execute
        if runs or (tag == "script" and "nonce" not in named and not is_data):
            self.found.append((tag, attrs))


def test_the_parser_finds_scripts():
    assert [tag for tag, _attrs in _Page(FOREIGN).found] == ["img", "script", "a"]


def _post_everywhere(ann, words):
    markdown = (
        f"{words}\n\n[x](javascript:alert(1)) <a href='javascript:alert(1)'>x</a> <img src=x onerror=alert(1)>\n\n"
    )
    question = ann.ask(words[:150], body=markdown, tags="yard")
    ann.post(
        f"/posts/{question}/edit", title=words[:140] + "!", body=f"{markdown} and more", tags="yard", summary=words,
        version=1,
    )  # fmt: skip
    ann.comment(question, words)
    assert ann.post("/settings", display_name=words[:50], bio=markdown, location=words[:100]).status_code == 302
    return question


@pytest.mark.parametrize(
    "words", [FOREIGN, FOREIGN.replace("<", "&lt;"), f"`{FOREIGN}`", f'[x](http://a.kr "{FOREIGN}")']
)
def test_user_content_runs_no_script(ann, dan, visitor, words):
    question = _post_everywhere(ann, words)
    dan.post("/tags/yard/edit", excerpt=words[:300], description=words)
    asked = quote(words)
    for path in (
        f"/posts/{question}", f"/posts/{question}/revisions", f"/posts/{question}/edit", f"/posts/{question}/delete",
        f"/posts/{question}/similar", "/", "/questions", "/boards/qa", "/tags", "/tags/yard", "/tags/yard/edit",
        "/users", "/users/ann", "/users/ann/card", "/users/ann?tab=comments", "/settings", f"/search?q={asked}",
        "/search?q=alert", f"/users?q={asked}", f"/tags?q={asked}", f"/posts/similar?title={asked}", f"/{asked}",
        f"/auth/login?next=/{asked}", f"/questions?sort={asked}&page={asked}", f"/posts/new?title={asked}",
    ):  # fmt: skip
        for person in (visitor, ann, dan):
            answer = person.client.get(path, follow_redirects=True)
            assert _Page(answer.text).found == [], path
            if answer.mimetype == "text/html" and "<html" in answer.text:
                assert "script-src 'nonce-" in answer.headers["Content-Security-Policy"]


def test_repeated_form_input_runs_no_script(ann, visitor):
    for person, path in ((ann, "/posts/new"), (ann, "/settings"), (visitor, "/auth/signup"), (visitor, "/auth/login")):
        names = ("title", "body", "tags", "username", "email", "display_name", "website", "next", FOREIGN)
        for token in (person.token, "forged"):
            fields = dict.fromkeys(names, FOREIGN) | {"csrf_token": token}
            answer = person.client.post(path, data=fields, headers={"Referer": "http://localhost/posts/new"})
            assert answer.status_code in (400, 422)
            assert _Page(answer.text).found == []


@pytest.mark.parametrize(
    "address",
    [
        "javascript:alert(1)",
        "JavaScript://a.b/%0aalert(1)",
        "data:text/html,x",
        "vbscript:x.y",
        "//evil.example",
        " java\tscript:x.y",
    ],
)
def test_a_website_is_never_a_script(ann, visitor, address):
    ann.post("/settings", display_name="Ann", website=address)
    assert _Page(visitor.page("/users/ann")).found == []
    assert 'href="data:' not in visitor.page("/users/ann") and 'href="//' not in visitor.page("/users/ann")


def test_a_form_that_another_site_sends_is_not_offered_again(ann):
    """Otherwise the error page would contain a valid token with the attacker's input, one click from being posted."""
    for headers in (
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Referer": "https://evil.example/localhost"},
        {},
    ):
        answer = ann.client.post("/posts/new", data={"title": "What a stranger says"}, headers=headers)
        assert answer.status_code == 400
        assert 'action="/posts/new"' not in answer.text
