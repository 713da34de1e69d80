"""Requests: URLs, redirects, ids, security headers, malformed headers."""

import re

import pytest

from madang.core.web import rate_limits
from madang.core.web.ids import IdConverter

SAFE = ["/", "/posts/1", "/questions?sort=active&page=2", "/search?q=마당", "/a//b", "/.//x", "/posts/1#answer-2"]
UNSAFE = [
    "",
    "//evil.example",
    "///evil.example",
    "/\\evil.example",
    "\\/evil.example",
    "\\\\evil.example",
    "http://evil.example",
    "https:evil.example",
    "javascript:alert(1)",
    "evil.example",
    "posts/1",
    " /posts",
    "/\tevil.example",
    "/\n/evil.example",
    "/\r\nSet-Cookie: a=b",
    "/\x00",
    "/posts/1\\..",
    "\t//evil.example",
    "data:text/html,x",
    "@evil.example",
    "?next=/",
]


@pytest.mark.parametrize("target", SAFE)
def test_a_redirect_leads_to_a_path_of_this_site(visitor, target):
    from urllib.parse import quote, unquote, urlsplit

    location = visitor.get("/language/en", query_string={"next": target}).location
    assert unquote(location) == target
    assert urlsplit(location).netloc == ""
    assert quote(location, safe="/?=&%#.") == location


@pytest.mark.parametrize("target", UNSAFE)
def test_a_redirect_never_leads_to_another_site(ann, visitor, target):
    assert visitor.get("/language/en", query_string={"next": target}).location == "/"
    login = visitor.post("/auth/login", username="ann", password="seven lanterns over water", next=target)
    assert login.location == "/"


def test_a_visitor_returns_to_the_page_of_the_form_after_the_log_in(ann, visitor):
    question = ann.ask()
    answer = visitor.post(
        f"/posts/{question}/answers", body="words", headers={"Referer": f"http://localhost/posts/{question}?page=2"}
    )
    assert answer.location.startswith("/auth/login?next=")
    assert f"/posts/{question}?page%3D2" in answer.location.replace("%2F", "/").replace("%3F", "?")


@pytest.mark.parametrize(
    "referrer", ["http://[", "http://evil.example//evil.example", "//[::", "가나다", "", "http://a:b:c/"]
)
def test_an_invalid_referrer_leads_to_the_home_page(ann, visitor, referrer):
    question = ann.ask()
    headers = {"Referer": referrer.encode().decode("latin-1")}
    answer = visitor.post(f"/posts/{question}/answers", body="words", headers=headers)
    assert answer.status_code == 302
    assert re.fullmatch(r"/auth/login\?next=(/|%2F)", answer.location)


@pytest.mark.parametrize(
    "path",
    [
        "/posts/99999999999999999999",
        "/posts/9223372036854775808",
        "/posts/-1",
        "/posts/1.5",
        "/posts/１２",
        "/posts/0x1",
        "/posts/" + "9" * 5000,
        "/posts/1%00",
        "/%00",
        "/boards/%00",
        "/boards/qa%00",
        "/users/%00",
        "/tags/%00",
        "/files/%00",
        "/boards/%ff%fe",
        "/boards/%ed%a0%80",
        "/boards/" + "a" * 3000,
        "/boards/" + "%F0%9F%8F%A1" * 50,
        "/boards/..%2f..%2fetc",
        "/boards/%E2%80%AEqa",
        "/posts/1/edit/x",
        "/static/../madang.db",
        "/static/%2e%2e/madang.db",
        "/static/..%5c..%5cx",
    ],
)
def test_an_invalid_url_is_not_found(ann, visitor, path):
    for person in (ann, visitor):
        answer = person.get(path)
        assert answer.status_code == 404, path[:80]
        assert "Page not found" in answer.text


@pytest.mark.parametrize("path", ["/posts/{}", "/comments/{}", "/posts/{}/revisions", "/questions/{}"])
def test_the_maximum_id_is_not_found(ann, path):
    answer = ann.client.get(path.format(2**63 - 1), follow_redirects=True)
    assert answer.status_code == 404


# The next test covers the boundary; here the smallest invalid id, and one of many digits.
@pytest.mark.parametrize("number", [2**63, 10**40])
def test_an_id_over_the_maximum_is_not_found_with_any_method(whole_app, ann, visitor, number):
    rules = [rule for rule in whole_app.url_map.iter_rules() if "<int:" in rule.rule]
    assert len(rules) > 40
    for rule in rules:
        path = re.sub(r"<int:\w+>", str(number), rule.rule)
        path = re.sub(r"<[^>]+>", "words", path)
        for person in (ann, visitor):
            for method in ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"):
                fields = {"csrf_token": person.token} if method in ("POST", "PUT", "PATCH", "DELETE") else None
                answer = person.client.open(path, method=method, data=fields)
                assert answer.status_code == 404, f"{method} {path} answers {answer.status_code}"


@pytest.mark.parametrize(
    ("number", "fits"),
    [
        ("0", True),
        ("7", True),
        ("0000000000000000007", True),
        ("00000000000000000007", False),
        ("999999999999999999", True),
        ("1000000000000000000", True),
        ("8999999999999999999", True),
        ("9223372036854775799", True),
        ("9223372036854775807", True),
        ("9223372036854775808", False),
        ("9223372036854775810", False),
        ("9223372036860000000", False),
        ("9300000000000000000", False),
        ("", False),
        ("-1", False),
        ("７", False),
    ],
)
def test_the_id_converter_matches_ids_up_to_the_maximum(number, fits):
    assert bool(re.fullmatch(IdConverter.regex, number)) == fits


def test_a_trailing_slash_is_redirected(ann, visitor):
    question = ann.ask()
    for path in ("/questions/", "/boards/qa/", f"/posts/{question}/", "/auth/login///"):
        answer = visitor.get(path + "?page=2&q=%ED%95%9C")
        assert answer.status_code == 301
        assert answer.location == path.rstrip("/") + "?page=2&q=%ED%95%9C"
    assert visitor.get("/nowhere/").status_code == 404
    for path in ("//evil.example/", "//language/en/", "/\\evil.example/"):
        answer = visitor.get("/", environ_overrides={"PATH_INFO": path})
        assert answer.status_code == 404 or answer.location.startswith(("/language/", "http://localhost/language/"))
    assert visitor.client.post("/questions/").status_code in (400, 404, 405)


def test_a_wrong_method_is_refused_with_the_allowed_ones(ann):
    for method, path in (("POST", "/questions"), ("DELETE", "/boards/qa"), ("BREW", "/"), ("PATCH", "/auth/login")):
        answer = ann.client.open(path, method=method)
        assert answer.status_code == 405
        assert "GET" in answer.headers["Allow"]
        assert "go back and use the buttons" in answer.text


@pytest.mark.parametrize(
    "path", ["/", "/questions", "/auth/login", "/posts/{}", "/nowhere", "/robots.txt", "/search?q=yard"]
)
def test_head_has_the_status_and_type_of_get(ann, visitor, path):
    path = path.format(ann.ask())
    head, whole = visitor.client.head(path), visitor.get(path)
    assert head.status_code == whole.status_code
    assert head.data == b""
    assert head.content_type == whole.content_type


def test_every_page_has_a_content_security_policy(ann, visitor):
    question = ann.ask()
    for person in (ann, visitor):
        for path in ("/", f"/posts/{question}", "/search?q=yard", "/nowhere"):
            answer = person.get(path)
            policy = answer.headers["Content-Security-Policy"]
            nonce = re.search(r"script-src 'nonce-([\w-]{16,})';", policy)
            assert nonce, path
            assert f'<script nonce="{nonce[1]}"' in answer.text
            for part in (
                "default-src 'none'",
                "frame-ancestors 'none'",
                "base-uri 'none'",
                "form-action 'self'",
                "style-src 'self'",
            ):
                assert part in policy
            assert "unsafe" not in policy
            assert answer.headers["X-Content-Type-Options"] == "nosniff"
            assert answer.headers["X-Frame-Options"] == "DENY"
            assert answer.headers["Referrer-Policy"] == "same-origin"


def test_every_response_has_its_own_nonce(visitor):
    assert len({visitor.get("/").headers["Content-Security-Policy"] for _time in range(5)}) == 5


def test_a_response_that_is_no_page_has_no_nonce(visitor):
    for path in ("/healthz", "/robots.txt", "/files/x.png"):
        answer = visitor.get(path)
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert "nonce" not in answer.headers.get("Content-Security-Policy", "") or answer.mimetype == "text/html"


def test_the_session_cookie_is_http_only_and_same_site(visitor):
    cookie = visitor.get("/auth/login").headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie


def test_https_responses_carry_hsts(visitor):
    assert "Strict-Transport-Security" in visitor.get("/", base_url="https://yard.example").headers
    assert "Strict-Transport-Security" not in visitor.get("/").headers


def test_pages_are_not_cached_by_proxies(ann, visitor):
    for person in (ann, visitor):
        assert person.get("/questions").headers["Cache-Control"] == "private, no-cache"


def test_a_rate_limited_form_shows_the_message_and_the_submitted_text(app, ann):
    app.config["COMMENT_LIMIT"] = "1 per minute"
    rate_limits.connect(None)
    question = ann.ask()
    ann.comment(question, "The first remark.")
    answer = ann.post(f"/posts/{question}/comments", body="The second remark.")
    assert answer.status_code == 429
    assert "Too many attempts" in answer.text
    assert "The second remark." in answer.text


@pytest.mark.parametrize(
    "host", ["", "[", "a b", "evil.example:99999999", "가나다", "a" * 3000, "..", "\xff", "localhost:abc"]
)
def test_an_invalid_host_header_causes_no_server_error(visitor, host):
    answer = visitor.get("/", headers={"Host": host.encode().decode("latin-1")})
    assert answer.status_code < 500


@pytest.mark.parametrize(
    "cookie", ["madang_session=forged", "locale=\xff; theme=<script>", "=; ;;=", "locale=" + "x" * 9000, "a" * 70_000]
)
def test_an_invalid_cookie_causes_no_server_error(visitor, cookie):
    answer = visitor.get("/", headers={"Cookie": cookie})
    assert answer.status_code == 200
    assert "<script>" not in answer.text


@pytest.mark.parametrize(
    "header", ["", "*", "ko", "ko-KR,ko;q=0.9", "xx", "en;q=nan", "ko;q=;q=", "-", "한국어", "en," * 5000, "i-klingon"]
)
def test_an_invalid_accept_language_causes_no_server_error(visitor, header):
    assert visitor.get("/", headers={"Accept-Language": header.encode().decode("latin-1")}).status_code == 200
