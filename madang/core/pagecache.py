"""Pages for visitors, kept for a second in the event loop, so that a rush costs as much as one reader.

Only what the application marked as the same for every visitor is kept, and only requests that carry neither a session
nor credentials are answered from here. A page is never older than `seconds`, counted from when its making began.
"""

import asyncio
from collections.abc import Awaitable, Callable, MutableMapping
from dataclasses import dataclass
from http.cookies import CookieError, SimpleCookie
from typing import Any

from .i18n import choose_locale
from .web import CACHEABLE, LOCALE_COOKIE, THEME_COOKIE, VIEWED

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Application = Callable[[Scope, Receive, Send], Awaitable[None]]
Key = tuple[Any, ...]

PAGES_KEPT = 2000
NOT_PAGES = ("/static/", "/files/", "/auth/", "/api/", "/language/")
OURS = {CACHEABLE.lower().encode(), VIEWED.lower().encode()}


@dataclass(slots=True)
class KeptPage:
    """An answer as it goes over the wire, and until when it may."""

    expires: float
    start: Message
    body: Message
    viewed: int | None


class PageCache:
    """Stands before `application`; `count_view(post_id, reader)` hears of every post that is looked at."""

    def __init__(
        self, application: Application, *, seconds: float, session_cookie: str, count_view: Callable[[int, str], None]
    ) -> None:
        self.application = application
        self.seconds = seconds
        self.session_cookie = f"{session_cookie}=".encode()
        self.count_view = count_view
        self._pages: dict[Key, KeptPage] = {}
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
                self.count_view(page.viewed, _reader(scope))
            await send(page.start)
            await send(page.body)

    def _key(self, scope: Scope) -> Key | None:
        """What the page depends on besides the database; None where it must not come from here."""
        path: str = scope["path"]
        if path.startswith(NOT_PAGES):
            return None
        cookie = language = host = b""
        for name, value in scope["headers"]:
            if name == b"cookie":
                cookie = value
            elif name == b"accept-language":
                language = value
            elif name == b"host":
                host = value
            elif name in (b"authorization", b"hx-request", b"range"):
                return None
        if self.session_cookie in cookie:
            return None
        wish, theme = _preferences(cookie) if cookie else (None, None)
        locale = choose_locale(wish, language.decode("latin-1"), "")
        return (path, scope["query_string"], host, scope.get("scheme"), locale, theme)

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
        if len(self._pages) >= PAGES_KEPT:
            self._pages = {kept: page for kept, page in self._pages.items() if page.expires > moment}
        if len(self._pages) < PAGES_KEPT:
            self._pages[key] = page

    def _without_our_headers(self, scope: Scope, send: Send) -> Send:
        async def forward(message: Message) -> None:
            if message["type"] == "http.response.start":
                message, viewed, _is_cacheable = _taken_apart(message)
                if viewed is not None:
                    self.count_view(viewed, _reader(scope))
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
    """The language and the theme that cookies ask for."""
    try:
        cookies = SimpleCookie(header.decode("latin-1"))
    except CookieError:
        return None, None
    chosen = [cookies[name].value if name in cookies else None for name in (LOCALE_COOKIE, THEME_COOKIE)]
    return chosen[0], chosen[1] if chosen[1] in ("light", "dark") else None


def _reader(scope: Scope) -> str:
    """Whose look counts once: the address that asks."""
    return scope["client"][0] if scope.get("client") else ""
