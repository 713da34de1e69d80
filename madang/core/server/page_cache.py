"""A cache of whole pages for anonymous visitors, in the event loop: simultaneous requests are rendered once.

It stores only responses that the application marked as cacheable, and serves only requests without a session and
without credentials. A page is at most `seconds` old, counted from the start of its rendering.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from secrets import token_hex
from time import perf_counter

from werkzeug.http import parse_cookie

from madang.core.i18n import choose_locale
from madang.core.web.caching import CACHEABLE_HEADER, VIEWED_POST_HEADER
from madang.core.web.constants import API, LOCALE_COOKIE, THEME_COOKIE, THEMES

from .asgi import Application, Message, Receive, Scope, Send
from .clients import address_of

Key = tuple[object, ...]
Headers = tuple[tuple[bytes, bytes], ...]
MAX_BYTES = 32 * 1024 * 1024
# Browsers repeat their headers: the variant of a set of headers is cached, unless they are unusually long.
MAX_VARIANTS, MAX_VARIANT_HEADER_BYTES = 1_000, 4_096
UNCACHED_PATHS = ("/static/", "/files/", "/auth/", "/language/")
INTERNAL_HEADERS = {name.lower().encode() for name in (CACHEABLE_HEADER, VIEWED_POST_HEADER)}
# The headers on which a page depends; twice the same one makes the request uncacheable.
VARIANT_HEADERS = {b"cookie", b"accept-language", b"host", b"x-forwarded-host", b"x-forwarded-proto"}
# Requests with these bypass the cache. A body may arrive slowly, and others must not wait for it.
BYPASS_HEADERS = {b"authorization", b"hx-request", b"range", b"content-length", b"transfer-encoding"}


@dataclass(slots=True)
class CachedPage:
    """A response as ASGI messages, and the time at which its rendering started."""

    started_at: float
    start: Message
    body: Message
    viewed_post_id: int | None
    route: str = ""  # its endpoint and its rule, with a space between


class PageCache:
    """Serves pages of `application` from the cache; calls `count_view(post_id, reader)` for each view of a post.

    `reader` is the client's address, which the nearest `proxies` proxies append to X-Forwarded-For. `record_hit` is
    called with the request, the route of the page, the status and the `perf_counter()` of the request's arrival.
    """

    def __init__(
        self,
        application: Application,
        *,
        seconds: float,
        session_cookie: str,
        count_view: Callable[[int, str], None],
        proxies: int = 0,
        record_hit: Callable[[Scope, str, int, float], None] = lambda *_: None,
    ) -> None:
        self.application = application
        self.seconds = seconds
        self.session_cookie = f"{session_cookie}=".encode()
        self.count_view = count_view
        self.proxies, self.record_hit = proxies, record_hit
        self._pages: dict[Key, CachedPage] = {}  # the oldest first
        self._variant = lru_cache(MAX_VARIANTS)(self._variant_of)
        self._bytes = 0
        self._pending: dict[Key, asyncio.Future[bool]] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        arrived_at = perf_counter()
        key = self._key(scope) if self.seconds and scope["method"] == "GET" else None
        revalidation: Revalidation | None = None
        if key is not None and scope["path"].startswith(API):
            send = revalidation = Revalidation(scope, send)
            scope = revalidation.scope
        page = self._pages.get(key) if key is not None else None
        if key is not None and (page is None or page.started_at < asyncio.get_running_loop().time() - self.seconds):
            page = await self._wait_for_page(key)
        if page is None and key is not None and key not in self._pending:
            await self._render(key, scope, receive, send)
        elif page is None:
            await self.application(scope, receive, CacheFill(self, scope, send))
        else:
            self.record_view(page.viewed_post_id, scope)
            await send(page.start)
            await send(page.body)
            status = 304 if revalidation and revalidation.is_same else page.start["status"]
            self.record_hit(scope, page.route, status, arrived_at)

    def _key(self, scope: Scope) -> Key | None:
        """Return what the page depends on besides the database; None if the request bypasses the cache."""
        path: str = scope["path"]
        if path.startswith(UNCACHED_PATHS):
            return None
        headers = tuple(scope["headers"])
        if path.startswith(API) and not _is_cacheable_call(headers):
            return None
        is_short = sum([len(value) for _name, value in headers]) < MAX_VARIANT_HEADER_BYTES
        variant = (self._variant if is_short else self._variant_of)(headers)
        return None if variant is None else (path, scope["query_string"], scope.get("scheme"), variant)

    def _variant_of(self, headers: Headers) -> Key | None:
        """Return what the page depends on in the headers; None if they bypass the cache."""
        values: dict[bytes, bytes] = {}
        for name, value in headers:
            if name in BYPASS_HEADERS or (name in VARIANT_HEADERS and name in values):
                return None
            values[name] = value
        cookie = values.get(b"cookie", b"")
        if self.session_cookie in cookie:
            return None
        locale_cookie, theme = _preferences(cookie) if cookie else (None, None)
        locale = choose_locale(locale_cookie, values.get(b"accept-language", b"").decode("latin-1"), "")
        site: Key = (values.get(b"host"),)
        if self.proxies:
            site += (values.get(b"x-forwarded-host"), values.get(b"x-forwarded-proto"))
        return (*site, locale, theme)

    async def _wait_for_page(self, key: Key) -> CachedPage | None:
        """Return a fresh page, if necessary once a pending request has rendered it; None if the caller must render it.

        A page is fresh, even if its rendering took longer than `seconds`, when it started after this request.
        """
        now = asyncio.get_running_loop().time
        requested_at = now()
        while True:
            page = self._pages.get(key)
            if page is not None and page.started_at >= min(requested_at, now() - self.seconds):
                return page
            pending = self._pending.get(key)
            if pending is None or not await asyncio.shield(pending):
                return None

    async def _render(self, key: Key, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, and store its response for waiting and later requests."""
        loop = asyncio.get_running_loop()
        started_at, pending = loop.time(), loop.create_future()
        self._pending[key] = pending
        response = CacheFill(self, scope, send, on_refusal=lambda: self._end_rendering(key, pending, False))
        try:
            await self.application(scope, receive, response)
            self._store(key, response.page(started_at))
        finally:
            self._end_rendering(key, pending, True)
        await response.send_held()

    def _end_rendering(self, key: Key, pending: "asyncio.Future[bool]", is_cacheable: bool) -> None:
        """Wake the waiting requests: they look again, or go to the application each if it is not cacheable."""
        if not pending.done():
            del self._pending[key]
            pending.set_result(is_cacheable)

    def _store(self, key: Key, page: CachedPage | None) -> None:
        self._remove(key)
        if page is None:
            return
        self._pages[key] = page
        self._bytes += len(page.body["body"])
        while self._pages:
            oldest = next(iter(self._pages))
            if self._bytes <= MAX_BYTES and self._pages[oldest].started_at + self.seconds > page.started_at:
                break
            self._remove(oldest)

    def _remove(self, key: Key) -> None:
        if (page := self._pages.pop(key, None)) is not None:
            self._bytes -= len(page.body["body"])

    def record_view(self, post_id: int | None, scope: Scope) -> None:
        """Count a view of a post by the reader's address; HEAD requests do not count."""
        if post_id is not None and scope["method"] == "GET":
            self.count_view(post_id, address_of(scope, self.proxies))


class CacheFill:
    """Receives the application's response: removes the internal headers and holds a cacheable page back.

    Any other response is passed on at once, after a call of `on_refusal`. Without `on_refusal` nothing is held back.
    """

    def __init__(
        self, cache: PageCache, scope: Scope, send: Send, on_refusal: Callable[[], None] | None = None
    ) -> None:
        self.cache, self.scope, self.send, self.on_refusal = cache, scope, send, on_refusal
        self.start: Message | None = None
        self.parts: list[bytes] = []
        self.viewed_post_id: int | None = None
        self.route = ""
        self.is_whole = False

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            message, self.viewed_post_id, route = _split_headers(message)
            self.cache.record_view(self.viewed_post_id, self.scope)
            if route is not None and self.on_refusal is not None:
                self.start, self.route = message, route
            elif self.on_refusal is not None:
                self.on_refusal()
        elif self.start is not None:
            self.parts.append(message.get("body", b""))
            self.is_whole = not message.get("more_body", False)
        if self.start is None:
            await self.send(message)

    def page(self, started_at: float) -> CachedPage | None:
        """Return the page to store, if the response is cacheable and complete."""
        if self.start is None or not self.is_whole:
            return None
        return CachedPage(started_at, self.start, self._body(), self.viewed_post_id, self.route)

    async def send_held(self) -> None:
        """Send the response that was held back."""
        if self.start is not None:
            await self.send(self.start)
            await self.send(self._body())

    def _body(self) -> Message:
        return {"type": "http.response.body", "body": b"".join(self.parts)}


def _is_cacheable_call(headers: Headers) -> bool:
    """Whether an API call accepts JSON and has no header on which only its own response depends."""
    for name, value in headers:
        if name in (b"origin", b"x-request-id", b"if-match"):
            return False
        if name == b"accept" and b"*/*" not in value and b"application/json" not in value:
            return False
    return True


class Revalidation:
    """Requests the whole response of an API call, which may be cached, and answers 304 if the caller has the same one.

    `scope` is the request to pass on; the object itself is its `send`.
    """

    def __init__(self, scope: Scope, send: Send) -> None:
        self._tags = [value for name, value in scope["headers"] if name == b"if-none-match"]
        self.scope = {**scope, "headers": [header for header in scope["headers"] if header[0] != b"if-none-match"]}
        self._send = send
        self.is_same = False

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            headers, tags = dict(message["headers"]), self._tags
            self.is_same = message["status"] == 200 and len(tags) == 1 and headers.get(b"etag") in tags[0].split(b", ")
            message = {**message, "headers": [*message["headers"], *_request_id_header(headers)]}
            if self.is_same:
                rest = [(name, value) for name, value in message["headers"] if not name.startswith(b"content-")]
                message = {**message, "status": 304, "headers": rest}
        elif self.is_same:
            message = {**message, "body": b""}
        await self._send(message)


def _request_id_header(headers: dict[bytes, bytes]) -> list[tuple[bytes, bytes]]:
    """Return a new request id for a response without one, such as a cached one."""
    return [] if b"x-request-id" in headers else [(b"x-request-id", token_hex(8).encode())]


def _split_headers(start: Message) -> tuple[Message, int | None, str | None]:
    """Return the message without the internal headers, the viewed post's id, and the route of a cacheable page."""
    internal = {name.lower(): value for name, value in start["headers"] if name.lower() in INTERNAL_HEADERS}
    if not internal:
        return start, None, None
    headers = [(name, value) for name, value in start["headers"] if name.lower() not in INTERNAL_HEADERS]
    viewed = internal.get(VIEWED_POST_HEADER.lower().encode())
    sets_cookie = any(name.lower() == b"set-cookie" for name, _value in headers)
    route = internal.get(CACHEABLE_HEADER.lower().encode())
    if start["status"] != 200 or sets_cookie:
        route = None
    return {**start, "headers": headers}, int(viewed) if viewed else None, route.decode() if route is not None else None


def _preferences(header: bytes) -> tuple[str | None, str | None]:
    """Return the locale and the theme from the cookies, parsed as the application parses them."""
    cookies = parse_cookie(header.decode("utf-8", "replace"))
    theme = cookies.get(THEME_COOKIE)
    return cookies.get(LOCALE_COOKIE), theme if theme in THEMES else None
