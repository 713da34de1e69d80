"""The list of accounts for administrators: filter by prefix, role and state; sort; page by key."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Row, Select, false, or_, select

from madang.core.db import db
from madang.core.db.ordering import Key, starts_with
from madang.core.email_addresses import email_key
from madang.core.text import clean_line

from ..models import ROLES, User
from . import people

PER_PAGE = 50
STATES = ("active", "suspended")
QUERY_MAX = 60
MAX_CANDIDATES = 1_000
Condition = ColumnElement[bool]
ORDERS = {name: people.ORDERS[name] for name in ("newest", "name", "reputation")}
_COLUMNS = (
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
class AccountCriteria:
    """Filters and order of the list of accounts. Empty values filter nothing.

    `words` is a prefix of a name or address.
    """

    words: str = ""
    role: str = ""
    state: str = ""
    sort: str = "newest"


def account_criteria(words: str, role: str, state: str, sort: str) -> AccountCriteria:
    """The criteria of a request; unknown values are dropped."""
    return AccountCriteria(
        clean_line(words)[:QUERY_MAX],
        role if role in ROLES else "",
        state if state in STATES else "",
        sort if sort in ORDERS else "newest",
    )


def account_page(criteria: AccountCriteria, *, after: int | None, now: datetime) -> list[Row]:
    """The accounts after the one with the id `after`: one page, and one row more if there are more."""
    last = after and db.session.scalar(select(ORDERS[criteria.sort].columns[0]).where(User.id == after))
    key = None if after is None or last is None else (last, after)
    return accounts_after(criteria, key, PER_PAGE + 1, now)


def accounts_after(criteria: AccountCriteria, key: Key | None, limit: int, now: datetime) -> list[Row]:
    """The next `limit` accounts after a key of `ORDERS[criteria.sort]`."""
    rows = _matching(select(*_COLUMNS), criteria, now)
    return list(db.session.execute(ORDERS[criteria.sort].select_after(rows, key, limit)).all())


def _matching(rows: Select, criteria: AccountCriteria, now: datetime) -> Select:
    """Filter `rows` by the criteria.

    The first condition that few rows match is resolved to ids: scanning along the sort order could take long.
    """
    rows = rows.where(User.deleted_at.is_(None), User.role == criteria.role if criteria.role else User.role.in_(ROLES))
    selective = [[User.role == criteria.role]] if criteria.role not in ("", "member") else []
    if criteria.state == "suspended":
        selective.append([User.suspended_until > now])
        rows = rows.where(User.suspended_until > now)
    elif criteria.state == "active":
        rows = rows.where(or_(User.suspended_until.is_(None), User.suspended_until <= now))
    if criteria.words:
        selective.append(_prefix_conditions(criteria.words))
        rows = rows.where(or_(*selective[-1]))
    candidates = next((ids for conditions in selective if (ids := _candidate_ids(conditions)) is not None), None)
    if candidates is None:
        return rows
    return rows.where(User.id.in_(candidates) if candidates else false())


def _prefix_conditions(words: str) -> list[Condition]:
    word = words.lower()
    names = [starts_with(User.username_lower, word), starts_with(User.display_name_lower, word)]
    address = email_key(words) if "@" in words else word
    return [*names, starts_with(User.email_key, address), starts_with(User.pending_email_key, address)]


def _candidate_ids(conditions: list[Condition]) -> set[int] | None:
    """The ids of the rows that match any condition, each found in its index; None above `MAX_CANDIDATES`."""
    ids: set[int] = set()
    for condition in conditions:
        ids.update(db.session.scalars(select(User.id).where(condition).limit(MAX_CANDIDATES + 1)))
        if len(ids) > MAX_CANDIDATES:
            return None
    return ids
