"""Keyset pagination of API lists, with signed cursors."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
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
MAX_INTEGER = 2**63 - 1
MAX_TEXT = 1_000_000  # characters of the texts of a page, besides those of its last row
ROWS_AT_ONCE = 31  # of such a page: a page of the usual size takes one query


@dataclass(frozen=True, slots=True)
class PageResult(Generic[RowT]):
    """The rows of a page, and the key of the last one if more rows follow."""

    rows: Sequence[RowT]
    next_key: Key | None


@dataclass(frozen=True, slots=True)
class Page:
    """A requested page: `limit` rows after a `cursor`, of the list that the other query parameters `asked` select."""

    limit: int
    cursor: list[object] | None
    asked: dict[str, Any]

    def __getitem__(self, name: str) -> Any:
        return self.asked[name]

    @property
    def more(self) -> int:
        """The number of rows to fetch: one more than `limit` shows whether more rows follow."""
        return self.limit + 1

    def after(self, types: tuple[type, ...]) -> Key | None:
        """The key after which the page starts, with parts of these `types`; None for the first page.

        Raises `InvalidInput` (cursor) for a key of another shape, as a release that sorted the list otherwise made it.
        """
        if self.cursor is None:
            return None
        try:
            return tuple(_read_part(part, kind) for part, kind in zip(self.cursor, types, strict=True))
        except ValueError:
            raise _wrong_cursor() from None

    @property
    def after_id(self) -> int | None:
        """The id after which the page starts, in a list that is sorted by id alone. Raises as `after` does."""
        key = self.after((int,))
        return key[0] if key else None

    def whole(self, rows: Sequence[RowT]) -> PageResult[RowT]:
        """Return `rows` as the only page of a list. Raises `InvalidInput` (cursor) for any cursor."""
        if self.cursor is not None:
            raise _wrong_cursor()
        return PageResult(rows, None)

    def of(self, rows: Sequence[RowT], key: Callable[[RowT], Key]) -> PageResult[RowT]:
        """Return the page of `rows`, of which there may be one too many; `key` returns a row's sort key."""
        shown = rows[: self.limit]
        return PageResult(shown, key(shown[-1]) if len(rows) > self.limit else None)

    def of_texts(
        self,
        read: Callable[[Key | None, int], Sequence[RowT]],
        key: Callable[[RowT], Key],
        types: tuple[type, ...],
        length: Callable[[RowT], int],
    ) -> PageResult[RowT]:
        """Return a page of rows with long texts. It ends early where these have `MAX_TEXT` characters together.

        `read` returns the next rows after a key, at most so many; `length` returns the characters of a row.
        """
        rows: list[RowT] = []
        after, room = self.after(types), MAX_TEXT
        while True:
            count = min(ROWS_AT_ONCE, self.more - len(rows))
            read_rows = read(after, count)
            for row in read_rows:
                if rows and (room <= 0 or len(rows) == self.limit):
                    return PageResult(rows, key(rows[-1]))
                rows.append(row)
                room -= length(row)
            if len(read_rows) < count:
                return PageResult(rows, None)
            after = key(rows[-1])


def requested_page(criteria: dict[str, Any]) -> Page:
    """Return the page of a validated query. Raises `InvalidInput` (cursor)."""
    limit, cursor = criteria.pop("limit"), criteria.pop("cursor")
    return Page(limit, _read_cursor(cursor, _list_id(criteria)) if cursor else None, criteria)


def next_cursor(page: Page, key: Key | None) -> str | None:
    """Return the signed cursor of the next page; None on the last one."""
    if key is None:
        return None
    return str(_signer(current_app.secret_key).dumps([_list_id(page.asked), *map(_write_part, key)]))


def _read_cursor(cursor: str, list_id: str) -> list[object]:
    try:
        cursor_list_id, *key = _signer(current_app.secret_key).loads(cursor)
    except (BadData, ValueError, TypeError, RecursionError):
        cursor_list_id, key = None, []
    if cursor_list_id != list_id:
        raise _wrong_cursor()
    return key


def _wrong_cursor() -> InvalidInput:
    return InvalidInput(_("This cursor does not belong to this list. Please start without one."), field="cursor")


def _write_part(part: object) -> object:
    if isinstance(part, datetime):
        return f"{MOMENT_PREFIX}{part.isoformat()}"
    return part.isoformat() if isinstance(part, date | time) else part


def _read_part(part: object, kind: type) -> object:
    """Return a part of a key as an instance of `kind`. Raises `ValueError` if it is none."""
    if isinstance(part, str) and issubclass(kind, datetime):
        moment = datetime.fromisoformat(part.removeprefix(MOMENT_PREFIX))
        if moment.tzinfo is not None:
            return moment
    elif isinstance(part, str) and issubclass(kind, date | time):
        return kind.fromisoformat(part)
    elif type(part) is kind and (not isinstance(part, int) or abs(part) <= MAX_INTEGER):
        return part
    raise ValueError


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
