"""The page cache: keys, expiry, waiting requests, bypassing requests, views."""

import asyncio

import pytest

from madang.core.server.page_cache import PageCache
from madang.core.web.caching import CACHEABLE_HEADER, VIEWED_POST_HEADER
from tests.asgi import ask, run

HIDDEN = {CACHEABLE_HEADER.lower(), VIEWED_POST_HEADER.lower()}


class Pages:
    """An application that renders numbered pages."""

    def __init__(self, *, status: int = 200, headers=(), is_cacheable: bool = True, viewed: int | None = None) -> None:
        self.status, self.headers, self.viewed = status, list(headers), viewed
        self.is_cacheable = is_cacheable
        self.count = 0
        self.gate: asyncio.Event | None = None
        self.error: Exception | None = None

    async def __call__(self, scope, receive, send) -> None:
        self.count += 1
        number = self.count
        if self.gate is not None:
            await self.gate.wait()
        if self.error is not None:
            raise self.error
        internal = [(CACHEABLE_HEADER.encode(), b"1")] if self.is_cacheable else []
        if self.viewed is not None:
            internal.append((VIEWED_POST_HEADER.encode(), str(self.viewed).encode()))
        await send({"type": "http.response.start", "status": self.status, "headers": [*self.headers, *internal]})
        await send({"type": "http.response.body", "body": b"page ", "more_body": True})
        await send({"type": "http.response.body", "body": str(number).encode()})


class Clock(asyncio.SelectorEventLoop):
    """An event loop whose time the test sets."""

    passed = 0.0

    def time(self) -> float:
        return super().time() + self.passed


views: list[tuple[int, str]] = []


@pytest.fixture(autouse=True)
def no_views():
    views.clear()


def _cache(pages, seconds: float = 60, **options) -> PageCache:
    return PageCache(
        pages,
        seconds=seconds,
        session_cookie="madang_session",
        count_view=lambda post, reader: views.append((post, reader)),
        **options,
    )


def _twice(pages: Pages, first: dict | None = None, second: dict | None = None, **options) -> int:
    """Return how many pages are rendered for two requests in sequence."""
    cache = _cache(pages, **options)
    run(ask(cache, **(first or {})))
    (answer,) = run(ask(cache, **(first or {} if second is None else second)))
    assert answer.is_whole
    return pages.count


def test_the_second_reader_gets_the_cached_page():
    pages = Pages(headers=[(b"content-type", b"text/html"), (b"x-other", b"stays")])
    cache = _cache(pages)
    first, second = run(ask(cache)) + run(ask(cache))
    assert first == second
    assert first.text == "page 1"
    assert first.header("x-other") == "stays"


def test_a_page_expires():
    pages = Pages()
    cache = _cache(pages, seconds=1)
    loop = Clock()
    for passed, made in ((0, 1), (0.9, 1), (1.1, 2), (1.9, 2), (2.2, 3)):
        loop.passed = passed
        assert loop.run_until_complete(ask(cache)).text == f"page {made}"
    loop.close()


def test_zero_seconds_disable_the_cache():
    assert _twice(Pages(), seconds=0) == 2


SAME = [
    ({}, {}),
    ({"headers": {"User-Agent": "one"}}, {"headers": {"User-Agent": "another"}}),
    ({"headers": {"Cookie": "theme=dark"}}, {"headers": {"Cookie": "other=1; theme=dark"}}),
    ({"headers": {"Accept-Language": "ko-KR,ko;q=0.9"}}, {"headers": {"Accept-Language": "ko"}}),
    ({"headers": {"Accept-Language": "en"}}, {"headers": {"Cookie": "locale=en", "Accept-Language": "ko"}}),
    ({"client": ("192.0.2.1", 1)}, {"client": ("192.0.2.2", 2)}),
    ({"headers": {"X-Forwarded-Host": "a.example"}}, {"headers": {"X-Forwarded-Host": "b.example"}}),
]
DIFFERENT = [
    ({"path": "/"}, {"path": "/questions"}),
    ({"query": b"page=1"}, {"query": b"page=2"}),
    ({"query": b""}, {"query": b"sort=active"}),
    ({"scheme": "http"}, {"scheme": "https"}),
    ({"headers": {"Host": "a.example"}}, {"headers": {"Host": "b.example"}}),
    ({"headers": {"Accept-Language": "ko"}}, {"headers": {"Accept-Language": "en"}}),
    ({"headers": {"Cookie": "locale=ko"}}, {"headers": {"Cookie": "locale=en"}}),
    ({"headers": {"Cookie": "theme=dark"}}, {"headers": {"Cookie": "theme=light"}}),
    ({"headers": {"Cookie": "theme=dark"}}, {}),
]


@pytest.mark.parametrize(("first", "second"), SAME)
def test_equivalent_requests_share_a_page(first, second):
    assert _twice(Pages(), first, second) == 1


@pytest.mark.parametrize(("first", "second"), DIFFERENT)
def test_different_requests_have_different_pages(first, second):
    assert _twice(Pages(), first, second) == 2
    assert _twice(Pages(), second, first) == 2


def test_behind_a_proxy_the_forwarded_host_distinguishes_pages():
    first, second = ({"headers": {"X-Forwarded-Host": f"{name}.example"}} for name in "ab")
    assert _twice(Pages(), first, second, proxies=1) == 2


OWN = [
    {"headers": {"Cookie": "madang_session=abc"}},
    {"headers": {"Cookie": "theme=dark; madang_session=abc"}},
    {"headers": [("Cookie", "madang_session=abc"), ("Cookie", "theme=dark")]},
    {"headers": [("Cookie", "theme=dark"), ("Cookie", "madang_session=abc")]},
    {"headers": {"Authorization": "Bearer abc"}},
    {"headers": {"HX-Request": "true"}},
    {"headers": {"Range": "bytes=0-1"}},
    {"headers": {"Content-Length": "9"}},
    {"headers": {"Transfer-Encoding": "chunked"}},
    {"headers": [("Host", "a.example"), ("Host", "b.example")]},
    {"headers": [("Accept-Language", "ko"), ("Accept-Language", "en")]},
    {"method": "HEAD"},
    {"method": "POST"},
    {"method": "OPTIONS"},
    {"path": "/auth/login"},
    {"path": "/files/a.webp"},
    {"path": "/language/ko"},
]


@pytest.mark.parametrize("request_", OWN)
def test_bypassing_requests_are_neither_cached_nor_answered_from_the_cache(request_):
    pages = Pages()
    cache = _cache(pages)
    run(ask(cache))
    for number in (2, 3):
        (answer,) = run(ask(cache, **request_))
        assert answer.text == f"page {number}"
        assert not HIDDEN & {name for name, _value in answer.headers}
    (visitor,) = run(ask(cache))
    assert visitor.text == "page 1", "and their pages are not stored"


@pytest.mark.parametrize(
    "answer",
    [
        {"is_cacheable": False},
        {"status": 404},
        {"status": 302},
        {"status": 500},
        {"status": 304},
        {"headers": [(b"set-cookie", b"madang_session=abc")]},
        {"headers": [(b"Set-Cookie", b"theme=dark")]},
    ],
)
def test_uncacheable_responses_are_not_stored(answer):
    assert _twice(Pages(**answer)) == 2


def test_internal_headers_are_removed():
    for pages in (Pages(viewed=7), Pages(viewed=7, is_cacheable=False)):
        cache = _cache(pages)
        for answer in run(ask(cache)) + run(ask(cache)) + run(ask(cache, method="HEAD")):
            assert not HIDDEN & {name.lower() for name, _value in answer.headers}


def test_simultaneous_requests_render_one_page():
    async def rush():
        pages = Pages()
        pages.gate = asyncio.Event()
        asking = [asyncio.ensure_future(ask(cache := _cache(pages)))]
        asking += [asyncio.ensure_future(ask(cache)) for _reader in range(50)]
        await asyncio.sleep(0)
        pages.gate.set()
        return pages, await asyncio.gather(*asking)

    pages, answers = asyncio.run(rush())
    assert pages.count == 1
    assert {answer.text for answer in answers} == {"page 1"}


def test_a_waiting_request_takes_a_slow_page_that_started_after_it():
    """Otherwise a page that renders longer than its lifetime would be rendered for each reader in turn."""
    loop = Clock()

    async def rush():
        pages = Pages()
        pages.gate = asyncio.Event()
        cache = _cache(pages, seconds=1)
        first = asyncio.ensure_future(ask(cache))
        await asyncio.sleep(0)
        loop.passed += 0.5
        late = [asyncio.ensure_future(ask(cache)) for _reader in range(10)]
        await asyncio.sleep(0)
        loop.passed += 5
        pages.gate.set()
        return pages, await first, await asyncio.gather(*late)

    pages, first, late = loop.run_until_complete(rush())
    loop.close()
    assert first.text == "page 1"
    assert {answer.text for answer in late} == {"page 2"}, "the first page started before these requests"
    assert pages.count == 2


def test_simultaneous_requests_do_not_wait_for_an_uncacheable_response():
    """All of them run at the same time, each with its own response."""

    async def rush():
        pages = Pages(is_cacheable=False)
        pages.gate = asyncio.Event()
        cache = _cache(pages)
        asking = [asyncio.ensure_future(ask(cache)) for _reader in range(10)]
        await asyncio.sleep(0)
        pages.gate.set()
        return pages, await asyncio.gather(*asking)

    _pages, answers = asyncio.run(rush())
    assert sorted(answer.text for answer in answers) == sorted(f"page {number}" for number in range(1, 11))


def test_an_uncacheable_response_is_streamed():
    """A stream may be endless, so it must not be held back."""

    async def listen():
        go_on, heard = asyncio.Event(), []

        async def stream(scope, receive, send):
            await send({"type": "http.response.start", "status": 200, "headers": []})
            await send({"type": "http.response.body", "body": b"first", "more_body": True})
            await go_on.wait()
            await send({"type": "http.response.body", "body": b"second"})

        async def send(message):
            heard.append(message.get("body"))

        scope = {"type": "http", "method": "GET", "path": "/events", "query_string": b"", "headers": [], "client": None}
        listening = asyncio.ensure_future(_cache(stream)(scope, None, send))
        while b"first" not in heard:
            await asyncio.sleep(0)
        go_on.set()
        await listening
        return heard

    assert asyncio.run(listen()) == [None, b"first", b"second"]


def test_waiting_requests_retry_after_an_error():
    async def rush():
        pages = Pages()
        pages.gate, pages.error = asyncio.Event(), RuntimeError("broken")
        cache = _cache(pages)
        asking = [asyncio.ensure_future(ask(cache)) for _reader in range(5)]
        await asyncio.sleep(0)
        assert pages.count == 1
        pages.gate.set()
        first = await asking[0]
        pages.error = None
        rest = await asyncio.gather(*asking[1:])
        return cache, first, rest, await ask(cache)

    cache, first, rest, after = asyncio.run(rush())
    assert first.status == 500
    assert {answer.status for answer in rest} <= {200, 500}
    assert after.status == 200
    assert not cache._pending


def test_a_cancelled_request_does_not_affect_waiting_ones():
    async def rush():
        pages = Pages()
        pages.gate = asyncio.Event()
        cache = _cache(pages)
        leaving = asyncio.ensure_future(ask(cache))
        await asyncio.sleep(0)
        waiting = [asyncio.ensure_future(ask(cache)) for _reader in range(3)]
        await asyncio.sleep(0)
        leaving.cancel()
        waiting[0].cancel()
        pages.gate.set()
        return cache, await asyncio.gather(*waiting[1:])

    cache, answers = asyncio.run(rush())
    assert {answer.status for answer in answers} == {200}
    assert not cache._pending


def test_an_application_without_a_response_leaves_no_entry():
    async def silent(scope, receive, send):
        pass

    cache = _cache(silent)
    (answer,) = run(ask(cache))
    assert (answer.status, answer.error) == (0, None)
    assert not cache._pages
    assert not cache._pending


def test_an_incomplete_page_is_not_stored():
    async def breaks_off(scope, receive, send):
        await send({"type": "http.response.start", "status": 200, "headers": [(CACHEABLE_HEADER.encode(), b"1")]})
        await send({"type": "http.response.body", "body": b"half", "more_body": True})

    cache = _cache(breaks_off)
    run(ask(cache))
    assert not cache._pages


def test_the_cache_stays_within_its_size(monkeypatch):
    monkeypatch.setattr("madang.core.server.page_cache.MAX_BYTES", 60)
    pages = Pages()
    cache = _cache(pages)
    for number in range(100):
        run(ask(cache, query=str(number).encode()))
    assert sum(len(page.body["body"]) for page in cache._pages.values()) <= 60
    run(ask(cache, query=b"99"))
    assert pages.count == 100, "the newest stay"


def test_expired_pages_are_removed():
    cache, loop = _cache(Pages(), seconds=1), Clock()
    for number in range(20):
        loop.run_until_complete(ask(cache, query=str(number).encode()))
    loop.passed = 5
    loop.run_until_complete(ask(cache, query=b"last"))
    loop.close()
    assert len(cache._pages) == 1
    assert cache._bytes == len(b"page 21")


def test_views_are_counted_from_the_cache_too_but_not_for_head():
    cache = _cache(Pages(viewed=7))
    for address in ("192.0.2.1", "192.0.2.2"):
        run(ask(cache, client=(address, 1)))
    run(ask(cache, client=("192.0.2.3", 1), headers={"Cookie": "madang_session=abc"}))
    run(ask(cache, client=("192.0.2.4", 1), method="HEAD"))
    run(ask(cache, client=None))
    assert views == [(7, "192.0.2.1"), (7, "192.0.2.2"), (7, "192.0.2.3"), (7, "")]


@pytest.mark.parametrize(
    ("proxies", "told", "reader"),
    [
        (0, "192.0.2.9", "127.0.0.1"),
        (1, "192.0.2.9", "192.0.2.9"),
        (1, "forged, 192.0.2.9", "192.0.2.9"),
        (2, "forged, 192.0.2.9, 10.0.0.1", "192.0.2.9"),
        (2, "192.0.2.9", "127.0.0.1"),
        (1, None, "127.0.0.1"),
    ],
)
def test_behind_proxies_the_reader_is_the_forwarded_address(proxies, told, reader):
    headers = {} if told is None else {"X-Forwarded-For": told}
    run(ask(_cache(Pages(viewed=7), proxies=proxies), headers=headers))
    assert views == [(7, reader)]
