"""Keyset pagination of API lists, with signed cursors."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from hashlib import blake2b
from typing import Any, Generic, TypeVar
from urllib.parse import quote, urlencode

from flask import current_app, request
from itsdangerous import BadData, URLSafeSerializer

from madang.core.errors import InvalidInput
from madang.core.i18n import _
from madang.core.web.urls import absolute_url

Key = tuple[Any, ...]
RowT = TypeVar("RowT")
MOMENT_PREFIX = "@"


@dataclass(frozen=True, slots=True)
class PageResult(Generic[RowT]):
    """The rows of a page, and the key of the last one if more rows follow."""

    rows: Sequence[RowT]
    next_key: Key | None


@dataclass(frozen=True, slots=True)
class Page:
    """A requested page: `limit` rows `after` a key, of the list that the other query parameters `asked` select."""

    limit: int
    after: Key | None
    asked: dict[str, Any]

    def __getitem__(self, name: str) -> Any:
        return self.asked[name]

    @property
    def more(self) -> int:
        """The number of rows to fetch: one more than `limit` shows whether more rows follow."""
        return self.limit + 1

    @property
    def after_id(self) -> int | None:
        """The id after which the page starts, in a list that is sorted by id alone."""
        return self.after[0] if self.after else None

    def of(self, rows: Sequence[RowT], key: Callable[[RowT], Key]) -> PageResult[RowT]:
        """Return the page of `rows`, of which there may be one too many; `key` returns a row's sort key."""
        shown = rows[: self.limit]
        return PageResult(shown, key(shown[-1]) if len(rows) > self.limit else None)


def requested_page(criteria: dict[str, Any]) -> Page:
    """Return the page of a validated query. Raises `InvalidInput` (cursor)."""
    limit, cursor = criteria.pop("limit"), criteria.pop("cursor")
    return Page(limit, _read_cursor(cursor, _list_id(criteria)) if cursor else None, criteria)


def next_cursor(page: Page, key: Key | None) -> str | None:
    """Return the signed cursor of the next page; None on the last one."""
    if key is None:
        return None
    parts = [f"{MOMENT_PREFIX}{part.isoformat()}" if isinstance(part, datetime) else part for part in key]
    return str(_signer(current_app.secret_key).dumps([_list_id(page.asked), *parts]))


def _read_cursor(cursor: str, list_id: str) -> Key:
    try:
        cursor_list_id, *key = _signer(current_app.secret_key).loads(cursor)
    except (BadData, ValueError, TypeError, RecursionError):
        cursor_list_id, key = None, []
    if cursor_list_id != list_id:
        raise InvalidInput(_("This cursor is not of this list. Please begin without one."), field="cursor")
    return tuple(_parse_part(part) for part in key)


def _parse_part(part: object) -> object:
    if isinstance(part, str) and part.startswith(MOMENT_PREFIX):
        return datetime.fromisoformat(part.removeprefix(MOMENT_PREFIX))
    return part


def _list_id(criteria: dict[str, Any]) -> str:
    """Hash the path and the criteria: a cursor is valid for one list only, since others have other sort keys."""
    return blake2b(repr((request.path, sorted(criteria.items()))).encode(), digest_size=9).hexdigest()


@lru_cache(maxsize=8)
def _signer(secret: str | bytes) -> URLSafeSerializer:
    return URLSafeSerializer(secret, salt="cursor")


def next_link(cursor: str) -> str:
    """Return the value of the header `Link` for the next page (RFC 8288)."""
    others = [(name, value) for name, value in request.args.items(multi=True) if name != "cursor"]
    query = urlencode([*others, ("cursor", cursor)])
    return f'<{absolute_url(quote(request.path))}?{query}>; rel="next"'
