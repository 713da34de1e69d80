"""Pages out of the event loop: who gets which, who waits for whom, and how much is kept."""

import asyncio

import pytest

from madang.core.pagecache import BYTES_KEPT, PageCache
from madang.core.web import CACHEABLE, VIEWED

HOST = (b"host", b"yard.example.org")


class Site:
    """An application whose pages say what was asked of it, behind a page cache."""

    def __init__(self, *, trusted_proxies=0, body=b"", seconds=60):
        self.made = []
        self.views = []
        self.body = body
        self.cache = PageCache(
            self._answer, seconds=seconds, session_cookie="madang_session",
            count_view=lambda *view: self.views.append(view), trusted_proxies=trusted_proxies,
        )  # fmt: skip

    async def _answer(self, scope, receive, send):
        self.made.append(scope["path"])
        if any(name == b"content-length" for name, _value in scope["headers"]):
            await receive()
        ours = [(CACHEABLE.lower().encode(), b"1"), (VIEWED.lower().encode(), b"7")]
        await send({"type": "http.response.start", "status": 200, "headers": ours})
        await send({"type": "http.response.body", "body": self.body or repr(scope["headers"]).encode()})

    async def ask(self, *headers, path="/", query=b"", receive=None):
        sent = []

        async def send(message):
            sent.append(message)

        scope = {
            "type": "http", "method": "GET", "path": path, "query_string": query, "scheme": "http",
            "headers": [HOST, *headers], "client": ("192.0.2.1", 1),
        }  # fmt: skip
        await self.cache(scope, receive, send)
        return sent[1]["body"]


def _asked(*requests, **options):
    """How many pages were made for these requests, one after the other, each with its headers."""

    async def ask():
        site = Site(**options)
        for headers in requests:
            await site.ask(*headers)
        return site

    return asyncio.run(ask())


def test_two_visitors_are_one_page():
    assert len(_asked([], []).made) == 1


def test_nobody_waits_for_a_visitor_whose_body_does_not_come():
    async def rush():
        site = Site()

        async def never():
            await asyncio.Event().wait()

        slow = asyncio.create_task(site.ask((b"content-length", b"10"), receive=never))
        await asyncio.sleep(0)
        await asyncio.wait_for(site.ask(), 1)
        slow.cancel()

    asyncio.run(rush())


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ([(b"cookie", b"locale=ko; locale=en")], [(b"cookie", b"locale=en")]),
        ([(b"cookie", b"theme=dark; theme=light")], [(b"cookie", b"theme=light")]),
        ([(b"accept-language", b"ko"), (b"accept-language", b"en")], [(b"accept-language", b"en")]),
        ([(b"host", b"elsewhere.example.org")], []),
        ([(b"x-forwarded-host", b"elsewhere.example.org")], []),
        ([(b"x-forwarded-proto", b"https")], []),
        ([(b"cookie", b"madang_session=x"), (b"cookie", b"a=b")], []),
    ],
)
def test_nobody_is_shown_what_was_made_for_somebody_who_asked_otherwise(first, second):
    assert len(_asked(first, second).made) == 2


@pytest.mark.parametrize(
    "trusted, reader", [(0, "192.0.2.1"), (1, "198.51.100.9"), (2, "203.0.113.5"), (3, "192.0.2.1")]
)
def test_a_look_counts_for_the_address_that_trusted_proxies_tell(trusted, reader):
    site = _asked([(b"x-forwarded-for", b"203.0.113.5, 198.51.100.9")], trusted_proxies=trusted)
    assert site.views == [(7, reader)]


def test_what_is_kept_stays_within_bounds_whatever_is_asked_for():
    async def fill():
        site = Site(body=b"x" * 3_000_000)
        for number in range(30):
            await site.ask(query=b"%d" % number)
        return sum(page.size for page in site.cache._pages.values())

    assert 0 < asyncio.run(fill()) <= BYTES_KEPT


def test_what_is_too_old_makes_room():
    async def fill():
        site = Site(body=b"x" * (BYTES_KEPT // 2), seconds=1e-9)
        for number in range(6):
            await site.ask(query=b"%d" % number)
        return list(site.cache._pages)[-1][1]

    assert asyncio.run(fill()) == b"5"
