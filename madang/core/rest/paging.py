"""Lists page by key: a cursor says after which row to go on, and is signed so that nobody makes one up."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from hashlib import blake2b
from typing import Any
from urllib.parse import quote, urlencode

from flask import current_app, request
from itsdangerous import BadData, URLSafeSerializer

from madang.core.errors import InvalidInput
from madang.core.i18n import _
from madang.core.web.urls import absolute

Key = tuple[Any, ...]
MOMENT = "@"


@dataclass(frozen=True, slots=True)
class PageResult:
    """A page's rows, and the key of its last one if there are more."""

    rows: Sequence[Any]
    next_key: Key | None


@dataclass(frozen=True, slots=True)
class Page:
    """The page that a caller asks for: `limit` rows `after` a key, of the list that `asked` describes."""

    limit: int
    after: Key | None
    asked: dict[str, Any]

    def __getitem__(self, name: str) -> Any:
        return self.asked[name]

    @property
    def more(self) -> int:
        """How many rows to fetch: one more than are shown tells whether there are others."""
        return self.limit + 1

    @property
    def after_id(self) -> int | None:
        """The id to go on after, in a list that is sorted by nothing else."""
        return self.after[0] if self.after else None

    def of(self, rows: Sequence[Any], key: Callable[[Any], Key]) -> PageResult:
        """The page made of `rows`, of which there may be one too many; `key` is what they are sorted by."""
        shown = rows[: self.limit]
        return PageResult(shown, key(shown[-1]) if len(rows) > self.limit else None)


def asked_page(asked: dict[str, Any]) -> Page:
    """The page that a checked query asks for. Raises `InvalidInput` (cursor)."""
    limit, cursor = asked.pop("limit"), asked.pop("cursor")
    return Page(limit, read_cursor(cursor, _list_of(asked)) if cursor else None, asked)


def next_cursor(page: Page, key: Key | None) -> str | None:
    """What the caller sends for the next page."""
    if key is None:
        return None
    written = [f"{MOMENT}{part.isoformat()}" if isinstance(part, datetime) else part for part in key]
    return str(_signer(current_app.secret_key).dumps([_list_of(page.asked), *written]))


def read_cursor(cursor: str, listed: str) -> Key:
    try:
        of, *key = _signer(current_app.secret_key).loads(cursor)
    except (BadData, ValueError, TypeError, RecursionError):
        of, key = None, []
    if of != listed:
        raise InvalidInput(_("This cursor is not of this list. Please begin without one."), field="cursor")
    return tuple(_part(part) for part in key)


def _part(part: Any) -> Any:
    is_moment = isinstance(part, str) and part.startswith(MOMENT)
    return datetime.fromisoformat(part.removeprefix(MOMENT)) if is_moment else part


def _list_of(asked: dict[str, Any]) -> str:
    """Which list a cursor is of: the address and all that was asked; another list is sorted by other things."""
    told = repr((request.path, sorted(asked.items())))
    return blake2b(told.encode(), digest_size=9).hexdigest()


@lru_cache(maxsize=8)
def _signer(secret: Any) -> URLSafeSerializer:
    return URLSafeSerializer(secret, salt="cursor")


def next_link(cursor: str) -> str:
    """The address of the next page, for the header `Link` (RFC 8288)."""
    kept = [(name, value) for name, value in request.args.items(multi=True) if name != "cursor"]
    query = urlencode([*kept, ("cursor", cursor)])
    return f'<{absolute(quote(request.path))}?{query}>; rel="next"'
