"""The accounts as administrators list them: found by how a name or an address begins, a page after a person."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, false, or_, select

from madang.core.db import db
from madang.core.db.ordering import begins, rows_behind
from madang.core.text import clean_line, email_key

from ..models import ROLES, User

PER_PAGE = 50
STATES = ("active", "suspended")
QUERY_MAX = 60
FEW = 1_000
Condition = ColumnElement[bool]
# The column of each order, and whether it falls.
ORDERS: dict[str, tuple[Any, bool]] = {
    "newest": (User.created_at, True),
    "name": (User.username_lower, False),
    "reputation": (User.reputation, True),
}
_ROW = (
    User.id,
    User.username,
    User.display_name,
    User.email,
    User.email_confirmed_at,
    User.role,
    User.reputation,
    User.suspended_until,
    User.suspended_reason,
    User.created_at,
    User.last_seen_at,
    User.username_lower,
)


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which accounts a list shows, and in which order."""

    words: str = ""
    role: str = ""
    state: str = ""
    sort: str = "newest"


def wanted(words: str, role: str, state: str, sort: str) -> Wanted:
    """What somebody asks for; what makes no sense is left out."""
    return Wanted(
        clean_line(words)[:QUERY_MAX],
        role if role in ROLES else "",
        state if state in STATES else "",
        sort if sort in ORDERS else "newest",
    )


def account_rows(asked: Wanted, *, after: int | None, now: datetime) -> list[Row]:
    """The accounts behind the one of number `after`: one page, and one row more if there are more."""
    last = after and db.session.scalar(select(ORDERS[asked.sort][0]).where(User.id == after))
    key = None if after is None or last is None else (last, after)
    return accounts_behind(asked, key, PER_PAGE + 1, now)


def accounts_behind(asked: Wanted, key: tuple[Any, int] | None, limit: int, now: datetime) -> list[Row]:
    """The next accounts behind the one with that `key_of`."""
    column, is_descending = ORDERS[asked.sort]
    rows = _matching(select(*_ROW), asked, now)
    return rows_behind(rows, column, User.id, key, limit, is_descending=is_descending)


def key_of(row: Row, sort: str) -> tuple[Any, int]:
    """What a row is sorted by."""
    return getattr(row, ORDERS[sort][0].key), row.id


def _matching(rows: Select, asked: Wanted, now: datetime) -> Select:
    """Those that are wanted. The rarest of the wishes leads to them: along the order one might look for long."""
    rows = rows.where(User.deleted_at.is_(None), User.role == asked.role if asked.role else User.role.in_(ROLES))
    narrowing = [[User.role == asked.role]] if asked.role not in ("", "member") else []
    if asked.state == "suspended":
        narrowing.append([User.suspended_until > now])
        rows = rows.where(User.suspended_until > now)
    elif asked.state == "active":
        rows = rows.where(or_(User.suspended_until.is_(None), User.suspended_until <= now))
    if asked.words:
        narrowing.append(_beginning(asked.words))
        rows = rows.where(or_(*narrowing[-1]))
    few = next((ids for wish in narrowing if (ids := _few(wish)) is not None), None)
    if few is None:
        return rows
    return rows.where(User.id.in_(few) if few else false())


def _beginning(words: str) -> list[Condition]:
    word = words.lower()
    names = [begins(User.username_lower, word), begins(User.display_name_lower, word)]
    return [*names, begins(User.email_key, email_key(words) or word)]


def _few(conditions: list[Condition]) -> set[int] | None:
    """The numbers of the rows of which any of the conditions holds, each found in its index; None for very many."""
    ids: set[int] = set()
    for condition in conditions:
        ids.update(db.session.scalars(select(User.id).where(condition).limit(FEW + 1)))
        if len(ids) > FEW:
            return None
    return ids
