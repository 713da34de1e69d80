"""Pages for visitors, kept for a second in the event loop, so that a rush costs as much as one reader.

Only what the application marked as the same for every visitor is kept, and only requests that carry neither a session
nor credentials are answered from here. A page is never older than `seconds`, counted from when its making began.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from secrets import token_hex
from typing import Any

from werkzeug.http import parse_cookie

from madang.core.i18n import choose_locale
from madang.core.web.caching import CACHEABLE, VIEWED
from madang.core.web.constants import API, LOCALE_COOKIE, THEME_COOKIE

from .asgi import Application, Message, Receive, Scope, Send

Key = tuple[Any, ...]
MOST_BYTES = 32 * 1024 * 1024


# A browser sends the same headers again and again: what they mean is kept, for those of a usual length.
VARIANTS_KEPT, USUAL_HEADER_BYTES = 1_000, 4_096
NOT_PAGES = ("/static/", "/files/", "/auth/", "/language/")
OURS = {name.lower().encode() for name in (CACHEABLE, VIEWED)}


# What a page depends on besides its address. The others make an answer of its own.
READ = {b"cookie", b"accept-language", b"host", b"x-forwarded-host", b"x-forwarded-proto"}


# Who sends a body may do so as slowly as they like: nobody shall wait for them.
NOT_KEPT_FOR = {b"authorization", b"hx-request", b"range", b"content-length", b"transfer-encoding"}


@dataclass(slots=True)
class CachedPage:
    """An answer as it goes over the wire, and when its making began."""

    began: float
    start: Message
    body: Message
    viewed: int | None


class PageCache:
    """Stands before `application`; `count_view(post_id, reader)` hears of every post that is looked at.

    `proxies` is the number of proxies in front whose X-Forwarded-For tells who reads.
    """

    def __init__(
        self,
        application: Application,
        *,
        seconds: float,
        session_cookie: str,
        count_view: Callable[[int, str], None],
        proxies: int = 0,
    ) -> None:
        self.application = application
        self.seconds = seconds
        self.session_cookie = f"{session_cookie}=".encode()
        self.count_view = count_view
        self.proxies = proxies
        self._pages: dict[Key, CachedPage] = {}  # the oldest first
        self._variant = lru_cache(VARIANTS_KEPT)(self._variant_of)
        self._bytes = 0
        self._making: dict[Key, asyncio.Future[bool]] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        key = self._key(scope) if self.seconds and scope["method"] == "GET" else None
        if key is not None and scope["path"].startswith(API):
            scope, send = _for_program(scope, send)
        page = self._pages.get(key) if key is not None else None
        if key is not None and (page is None or page.began < asyncio.get_running_loop().time() - self.seconds):
            page = await self._find(key)
        if page is None and key is not None and key not in self._making:
            await self._make(key, scope, receive, send)
        elif page is None:
            await self.application(scope, receive, CacheFill(self, scope, send))
        else:
            self.note_view(page.viewed, scope)
            await send(page.start)
            await send(page.body)

    def _key(self, scope: Scope) -> Key | None:
        """What the page depends on besides the database; None where it must not come from here."""
        path: str = scope["path"]
        if path.startswith(NOT_PAGES):
            return None
        headers = tuple(scope["headers"])
        if path.startswith(API) and not _is_plain_call(headers):
            return None
        is_usual = sum([len(value) for _name, value in headers]) < USUAL_HEADER_BYTES
        variant = (self._variant if is_usual else self._variant_of)(headers)
        return None if variant is None else (path, scope["query_string"], scope.get("scheme"), variant)

    def _variant_of(self, headers: tuple[tuple[bytes, bytes], ...]) -> Key | None:
        """What the headers say about the page; None where it must not come from here."""
        read: dict[bytes, bytes] = {}
        for name, value in headers:
            if name in NOT_KEPT_FOR or (name in READ and name in read):  # said twice: who knows which one counts
                return None
            read[name] = value
        cookie = read.get(b"cookie", b"")
        if self.session_cookie in cookie:
            return None
        wish, theme = _preferences(cookie) if cookie else (None, None)
        locale = choose_locale(wish, read.get(b"accept-language", b"").decode("latin-1"), "")
        site: Key = (read.get(b"host"),)
        if self.proxies:
            site += (read.get(b"x-forwarded-host"), read.get(b"x-forwarded-proto"))
        return (*site, locale, theme)

    async def _find(self, key: Key) -> CachedPage | None:
        """The page if there is one, or once another request has made it; None if it has to be made.

        Who waits takes whatever was begun after they asked, though it be old when it is done.
        """
        now = asyncio.get_running_loop().time
        asked = now()
        while True:
            page = self._pages.get(key)
            if page is not None and page.began >= min(asked, now() - self.seconds):
                return page
            making = self._making.get(key)
            if making is None or not await asyncio.shield(making):
                return None

    async def _make(self, key: Key, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer the request, and keep the answer for those who wait and who come soon."""
        loop = asyncio.get_running_loop()
        began, making = loop.time(), loop.create_future()
        self._making[key] = making
        answer = CacheFill(self, scope, send, on_refusal=lambda: self._end_making(key, making, False))
        try:
            await self.application(scope, receive, answer)
            self._keep(key, answer.page(began))
        finally:
            self._end_making(key, making, True)
        await answer.send_kept()

    def _end_making(self, key: Key, making: "asyncio.Future[bool]", may_be_kept: bool) -> None:
        """Those who wait look again, or each goes to the application if such an answer is not kept."""
        if not making.done():
            del self._making[key]
            making.set_result(may_be_kept)

    def _keep(self, key: Key, page: CachedPage | None) -> None:
        self._forget(key)
        if page is None:
            return
        self._pages[key] = page
        self._bytes += len(page.body["body"])
        while self._pages:
            oldest = next(iter(self._pages))
            if self._bytes <= MOST_BYTES and self._pages[oldest].began + self.seconds > page.began:
                break
            self._forget(oldest)

    def _forget(self, key: Key) -> None:
        if (page := self._pages.pop(key, None)) is not None:
            self._bytes -= len(page.body["body"])

    def note_view(self, post_id: int | None, scope: Scope) -> None:
        """Somebody looks at a post: once for each address that asks."""
        if post_id is not None and scope["method"] == "GET":
            self.count_view(post_id, self._reader(scope))

    def _reader(self, scope: Scope) -> str:
        if self.proxies:
            told = [
                part for name, value in scope["headers"] if name == b"x-forwarded-for" for part in value.split(b",")
            ]
            if len(told) >= self.proxies:
                return told[-self.proxies].decode("latin-1").strip()
        return scope["client"][0] if scope.get("client") else ""


class CacheFill:
    """Takes what the application sends: the headers meant for us, and the whole of a page that may be kept.

    What may not be kept goes on at once; `on_refusal` hears of it, so that nobody waits for it.
    """

    def __init__(
        self, cache: PageCache, scope: Scope, send: Send, on_refusal: Callable[[], None] | None = None
    ) -> None:
        self.cache, self.scope, self.send, self.on_refusal = cache, scope, send, on_refusal
        self.start: Message | None = None
        self.parts: list[bytes] = []
        self.viewed: int | None = None
        self.is_whole = False

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            message, self.viewed, is_cacheable = _taken_apart(message)
            self.cache.note_view(self.viewed, self.scope)
            if is_cacheable and self.on_refusal is not None:
                self.start = message
            elif self.on_refusal is not None:
                self.on_refusal()
        elif self.start is not None:
            self.parts.append(message.get("body", b""))
            self.is_whole = not message.get("more_body", False)
        if self.start is None:
            await self.send(message)

    def page(self, began: float) -> CachedPage | None:
        """The answer as a page to keep, once all of it has come."""
        if self.start is None or not self.is_whole:
            return None
        return CachedPage(began, self.start, {"type": "http.response.body", "body": b"".join(self.parts)}, self.viewed)

    async def send_kept(self) -> None:
        """Send what was held back."""
        if self.start is not None:
            await self.send(self.start)
            await self.send({"type": "http.response.body", "body": b"".join(self.parts)})


def _is_plain_call(headers: tuple[tuple[bytes, bytes], ...]) -> bool:
    """Whether a program asks for JSON and nothing else that the answer depends on."""
    for name, value in headers:
        if name in (b"origin", b"x-request-id", b"if-match"):
            return False
        if name == b"accept" and b"*/*" not in value and b"application/json" not in value:
            return False
    return True


def _for_program(scope: Scope, send: Send) -> tuple[Scope, Send]:
    """The whole answer is asked for, since it may be kept; who has just this one already is told so (304)."""
    tags = [value for name, value in scope["headers"] if name == b"if-none-match"]
    kept = [header for header in scope["headers"] if header[0] != b"if-none-match"]
    is_same = False

    async def send_unless_same(message: Message) -> None:
        nonlocal is_same
        if message["type"] == "http.response.start":
            headers = dict(message["headers"])
            is_same = message["status"] == 200 and len(tags) == 1 and headers.get(b"etag") in tags[0].split(b", ")
            message = {**message, "headers": [*message["headers"], *_named(headers)]}
            if is_same:
                shown = [(name, value) for name, value in message["headers"] if not name.startswith(b"content-")]
                message = {**message, "status": 304, "headers": shown}
        elif is_same:
            message = {**message, "body": b""}
        await send(message)

    return {**scope, "headers": kept}, send_unless_same


def _named(headers: dict[bytes, bytes]) -> list[tuple[bytes, bytes]]:
    """A name for the request, where what was kept has none of its own."""
    return [] if b"x-request-id" in headers else [(b"x-request-id", token_hex(8).encode())]


def _taken_apart(start: Message) -> tuple[Message, int | None, bool]:
    """The beginning of an answer without the headers meant for us, and what those said."""
    ours = {name.lower(): value for name, value in start["headers"] if name.lower() in OURS}
    if not ours:
        return start, None, False
    headers = [(name, value) for name, value in start["headers"] if name.lower() not in OURS]
    viewed = ours.get(VIEWED.lower().encode())
    may_be_kept = start["status"] == 200 and CACHEABLE.lower().encode() in ours
    may_be_kept = may_be_kept and not any(name.lower() == b"set-cookie" for name, _value in headers)
    return {**start, "headers": headers}, int(viewed) if viewed else None, may_be_kept


def _preferences(header: bytes) -> tuple[str | None, str | None]:
    """The language and the theme that cookies ask for, read as the application reads them."""
    cookies = parse_cookie(header.decode("utf-8", "replace"))
    theme = cookies.get(THEME_COOKIE)
    return cookies.get(LOCALE_COOKIE), theme if theme in ("light", "dark") else None
