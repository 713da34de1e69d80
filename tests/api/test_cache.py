"""The page cache for API calls: shared responses, 304 for current copies, bypassing calls."""

import pytest

from madang.core.rest.edge import REQUEST_ID
from madang.core.server.page_cache import PageCache
from madang.core.web.caching import CACHEABLE_HEADER
from tests.asgi import ask, run

from .programs import Program, program_of

POSTS = "/api/v1/posts"
TAG = '"3-9f2c"'


class RecordingApplication:
    """An application with one cacheable response, which records the headers of its requests."""

    def __init__(self) -> None:
        self.requests: list[dict[bytes, bytes]] = []

    async def __call__(self, scope, receive, send) -> None:
        self.requests.append(dict(scope["headers"]))
        headers = [(b"etag", TAG.encode()), (b"content-length", b"2"), (b"content-type", b"application/json")]
        headers.append((CACHEABLE_HEADER.lower().encode(), b"1"))
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": b"{}"})


def cached(application) -> PageCache:
    return PageCache(application, seconds=60, session_cookie="madang_session", count_view=lambda *_: None)


def test_visitors_share_a_response_with_different_request_ids():
    application = RecordingApplication()
    cache = cached(application)

    async def calls():
        return [await ask(cache, POSTS) for _ in range(3)]

    (answers,) = run(calls())
    assert len(application.requests) == 1
    assert [answer.text for answer in answers] == ["{}"] * 3
    assert len({answer.header(REQUEST_ID) for answer in answers}) == 3


def test_the_cache_answers_304_to_a_current_copy():
    application = RecordingApplication()
    cache = cached(application)

    async def calls():
        return [await ask(cache, POSTS, headers={"If-None-Match": tag}) for tag in (TAG, TAG, f'"1", {TAG}', '"other"')]

    (answers,) = run(calls())
    assert [(answer.status, answer.text) for answer in answers] == [(304, "")] * 3 + [(200, "{}")]
    assert answers[0].header("ETag") == TAG
    assert answers[0].header("Content-Length") is None
    assert len(application.requests) == 1
    assert b"if-none-match" not in application.requests[0], "the whole response is cached"


@pytest.mark.parametrize(
    "headers",
    [
        {"Authorization": "Bearer x"},
        {"Cookie": "madang_session=x"},
        {"Accept": "text/html"},
        {"Origin": "https://elsewhere.example"},
        {REQUEST_ID: "mine"},
    ],
    ids=lambda headers: next(iter(headers)),
)
def test_calls_with_their_own_headers_bypass_the_cache(headers):
    application = RecordingApplication()
    cache = cached(application)

    async def calls():
        await ask(cache, POSTS)
        await ask(cache, POSTS, headers=headers)

    run(calls())
    assert len(application.requests) == 2


def test_only_public_responses_to_visitors_are_cacheable(app, ann):
    post = ann.ask()
    assert CACHEABLE_HEADER in Program(app).get(f"/posts/{post}").headers
    assert CACHEABLE_HEADER not in program_of(ann).get(f"/posts/{post}").headers
    assert CACHEABLE_HEADER not in ann.client.get(f"{POSTS}/{post}").headers
    assert CACHEABLE_HEADER not in Program(app).get("/posts/999").headers


def test_a_cacheable_response_has_no_headers_of_one_request(app, ann):
    post = ann.ask()
    app.config.update(API_LIMIT="60 per minute", PAGE_CACHE_SECONDS=1)
    shared = Program(app).get(f"/posts/{post}").headers
    assert not {"RateLimit", "RateLimit-Policy", REQUEST_ID, "Set-Cookie"} & set(shared.keys())
    assert "RateLimit" in program_of(ann).get(f"/posts/{post}").headers
