"""Pages for visitors, kept for a second in the event loop, so that a rush costs as much as one reader.

Only what the application marked as the same for every visitor is kept, and only requests that carry neither a session
nor credentials are answered from here. A page is never older than `seconds`, counted from when its making began.
"""

import asyncio
from collections.abc import Awaitable, Callable, MutableMapping
from dataclasses import dataclass
from typing import Any

from werkzeug.http import parse_cookie

from .i18n import choose_locale
from .web import CACHEABLE, LOCALE_COOKIE, THEME_COOKIE, VIEWED

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Application = Callable[[Scope, Receive, Send], Awaitable[None]]
Key = tuple[Any, ...]

PAGES_KEPT = 2000
BYTES_KEPT = 32 * 1024 * 1024
NOT_PAGES = ("/static/", "/files/", "/auth/", "/api/", "/language/")
# A page never asks for these: who sends a body may do it as slowly as they like, and nobody shall wait for them.
NOT_FROM_HERE = {b"authorization", b"hx-request", b"range", b"content-length", b"transfer-encoding"}
NAMES_THE_SITE = {b"host", b"x-forwarded-host", b"x-forwarded-proto"}
OURS = {CACHEABLE.lower().encode(), VIEWED.lower().encode()}


@dataclass(slots=True)
class KeptPage:
    """An answer as it goes over the wire, and until when it may."""

    expires: float
    start: Message
    body: Message
    viewed: int | None

    @property
    def size(self) -> int:
        return len(self.body["body"])


class PageCache:
    """Stands before `application`; `count_view(post_id, reader)` hears of every post that is looked at."""

    def __init__(
        self,
        application: Application,
        *,
        seconds: float,
        session_cookie: str,
        count_view: Callable[[int, str], None],
        trusted_proxies: int = 0,
    ) -> None:
        self.application = application
        self.seconds = seconds
        self.session_cookie = f"{session_cookie}=".encode()
        self.count_view = count_view
        self.trusted_proxies = trusted_proxies
        self._pages: dict[Key, KeptPage] = {}
        self._size = 0
        self._making: dict[Key, asyncio.Future[None]] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        key = self._key(scope) if self.seconds and scope["method"] == "GET" else None
        if key is None:
            await self.application(scope, receive, self._without_our_headers(scope, send))
            return
        page = self._fresh(key)
        if page is None:
            page = await self._make_once(key, scope, receive, send)
        if page is not None:
            if page.viewed is not None:
                self.count_view(page.viewed, self._reader(scope))
            await send(page.start)
            await send(page.body)

    def _key(self, scope: Scope) -> Key | None:
        """What the page depends on besides the database; None where it must not come from here."""
        path: str = scope["path"]
        if path.startswith(NOT_PAGES):
            return None
        cookie = language = b""
        site = []
        for name, value in scope["headers"]:
            if name == b"cookie":
                cookie = b"; ".join((cookie, value)) if cookie else value
            elif name == b"accept-language":
                language = b",".join((language, value)) if language else value
            elif name in NAMES_THE_SITE:
                site.append((name, value))
            elif name in NOT_FROM_HERE:
                return None
        if self.session_cookie in cookie:
            return None
        wish, theme = _preferences(cookie) if cookie else (None, None)
        locale = choose_locale(wish, language.decode("latin-1"), "")
        return (path, scope["query_string"], tuple(site), scope.get("scheme"), locale, theme)

    def _fresh(self, key: Key) -> KeptPage | None:
        page = self._pages.get(key)
        return page if page is not None and page.expires > asyncio.get_running_loop().time() else None

    async def _make_once(self, key: Key, scope: Scope, receive: Receive, send: Send) -> KeptPage | None:
        """Make the page, or wait for the request that is making it. None if the answer has been sent already."""
        while (making := self._making.get(key)) is not None:
            await asyncio.shield(making)
            if (page := self._fresh(key)) is not None:
                return page
        made = self._making[key] = asyncio.get_running_loop().create_future()
        try:
            return await self._make(key, scope, receive, send)
        finally:
            del self._making[key]
            made.set_result(None)

    async def _make(self, key: Key, scope: Scope, receive: Receive, send: Send) -> KeptPage | None:
        began = asyncio.get_running_loop().time()
        messages: list[Message] = []

        async def keep(message: Message) -> None:
            messages.append(message)

        await self.application(scope, receive, keep)
        start, viewed, is_cacheable = _taken_apart(messages[0])
        body: Message = {"type": "http.response.body", "body": b"".join(part.get("body", b"") for part in messages[1:])}
        page = KeptPage(began + self.seconds, start, body, viewed)
        if is_cacheable:
            self._keep(key, page, began)
        return page

    def _keep(self, key: Key, page: KeptPage, moment: float) -> None:
        """Keep a page if there is room, where need be in the place of those that are too old."""
        if former := self._pages.pop(key, None):
            self._size -= former.size
        if not self._has_room(page):
            self._pages = {kept: page for kept, page in self._pages.items() if page.expires > moment}
            self._size = sum(page.size for page in self._pages.values())
        if self._has_room(page):
            self._pages[key] = page
            self._size += page.size

    def _has_room(self, page: KeptPage) -> bool:
        return len(self._pages) < PAGES_KEPT and self._size + page.size <= BYTES_KEPT

    def _reader(self, scope: Scope) -> str:
        """Whose look counts once: the address that asks, as the proxies in front tell it."""
        forwarded = b",".join(value for name, value in scope["headers"] if name == b"x-forwarded-for").split(b",")
        if self.trusted_proxies and len(forwarded) >= self.trusted_proxies:
            return forwarded[-self.trusted_proxies].strip().decode("latin-1")
        return scope["client"][0] if scope.get("client") else ""

    def _without_our_headers(self, scope: Scope, send: Send) -> Send:
        async def forward(message: Message) -> None:
            if message["type"] == "http.response.start":
                message, viewed, _is_cacheable = _taken_apart(message)
                if viewed is not None:
                    self.count_view(viewed, self._reader(scope))
            await send(message)

        return forward


def _taken_apart(start: Message) -> tuple[Message, int | None, bool]:
    """The beginning of an answer without the headers meant for us, and what those said."""
    ours = {name.lower(): value for name, value in start["headers"] if name.lower() in OURS}
    if not ours:
        return start, None, False
    headers = [(name, value) for name, value in start["headers"] if name.lower() not in OURS]
    viewed = ours.get(VIEWED.lower().encode())
    return {**start, "headers": headers}, int(viewed) if viewed else None, CACHEABLE.lower().encode() in ours


def _preferences(header: bytes) -> tuple[str | None, str | None]:
    """The language and the theme that cookies ask for, read as the application reads them."""
    cookies = parse_cookie(header.decode("latin-1"))
    theme = cookies.get(THEME_COOKIE)
    return cookies.get(LOCALE_COOKIE), theme if theme in ("light", "dark") else None
