"""The public list of people: search, sort, page, count; completion of names."""

from datetime import datetime

from sqlalchemy import ColumnElement, Row, Select, UnaryExpression, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute

from madang.core.actor import GUEST
from madang.core.db import db
from madang.core.db.pagination import Page
from madang.core.text import clean_line
from madang.core.ttl_cache import ttl_cache

from ..models import User

SORTS = ("reputation", "newest", "name")
COUNT_LIMIT = 1_000
COMPLETION_SIZE = 8
QUERY_MAX = 50
SortColumn = InstrumentedAttribute[int] | InstrumentedAttribute[str] | InstrumentedAttribute[datetime]
Key = tuple[object, int]  # the value sorted by, and the id
_ORDER: dict[str, tuple[SortColumn | UnaryExpression[int] | UnaryExpression[datetime], ...]] = {
    "reputation": (User.reputation.desc(), User.id.desc()),
    "newest": (User.created_at.desc(), User.id.desc()),
    "name": (User.username_lower, User.id),
}
_SORT_COLUMNS: dict[str, SortColumn] = {
    "reputation": User.reputation,
    "newest": User.created_at,
    "name": User.username_lower,
}
_COLUMNS = (
    User.id,
    User.username,
    User.display_name,
    User.avatar_file,
    User.location,
    User.reputation,
    User.question_count,
    User.answer_count,
    User.created_at,
)


@ttl_cache(seconds=10)
def member_count() -> int:
    """The number of accounts, cached for ten seconds."""
    accounts, guests = (
        select(func.count()).select_from(User).where(condition).scalar_subquery()
        for condition in (User.deleted_at.is_(None), User.role == GUEST)
    )
    return db.session.scalar(select(accounts - guests)) or 0  # both counts are answered from an index alone


def matching_people_count(query: str) -> int:
    """The number of people whose name contains `query`, counted up to `COUNT_LIMIT`."""
    matches = _matching_people(select(User.id), query).limit(COUNT_LIMIT).subquery()
    return db.session.scalar(select(func.count()).select_from(matches)) or 0


def people_rows(query: str, sort: str, page: Page) -> list[Row]:
    """One page of the people whose name contains `query`; of all people if it is empty."""
    ids = (
        _matching_people(select(User.id), query)
        .order_by(*_ORDER[sort])
        .limit(page.size)
        .offset(page.offset)
        .cte("page")
    )
    rows = select(*_COLUMNS).join(ids, ids.c.id == User.id).order_by(*_ORDER[sort])
    return list(db.session.execute(rows).all())


def people_after(query: str, sort: str, after: Key | None, limit: int) -> list[Row]:
    """The next `limit` people after a key made by `tag_sort_key`."""
    ids = _matching_people(select(User.id), clean_line(query)[:QUERY_MAX])
    if after is not None:
        ids = ids.where(_is_after(sort, *after))
    page = ids.order_by(*_ORDER[sort]).limit(limit).cte("page")
    rows = select(*_COLUMNS, User.username_lower).join(page, page.c.id == User.id).order_by(*_ORDER[sort])
    return list(db.rows(rows))


def _is_after(sort: str, value: object, last_id: int) -> ColumnElement[bool]:
    by = _SORT_COLUMNS[sort]
    if sort == "name":
        return (by >= value) & ((by > value) | (User.id > last_id))
    return (by <= value) & ((by < value) | (User.id < last_id))


def key_of(row: Row, sort: str) -> Key:
    """The sort key of a row."""
    return getattr(row, _SORT_COLUMNS[sort].key), row.id


def people_to_complete(start: str) -> list[Row]:
    """The people with the most reputation whose username or display name begins with `start`."""
    start = clean_line(start)[:QUERY_MAX].lower()
    if not start:
        return []
    names = (User.username_lower, User.display_name_lower)
    begins = or_(*(name.startswith(start, autoescape=True) for name in names))
    ids = select(User.id).where(User.is_account(), begins).order_by(*_ORDER["reputation"]).limit(COMPLETION_SIZE)
    matches = ids.cte("matches")
    rows = select(User.username, User.display_name).join(matches, matches.c.id == User.id)
    return list(db.session.execute(rows.order_by(*_ORDER["reputation"])).all())


def _matching_people(people: Select, query: str) -> Select:
    people = people.where(User.is_account())
    if not query:
        return people
    names = (User.username_lower, User.display_name_lower)
    return people.where(or_(*(name.contains(query.lower(), autoescape=True) for name in names)))
