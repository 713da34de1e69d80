"""Lists of people: all of them, those that a word finds, those whose name begins so."""

from typing import Any

from sqlalchemy import Row, Select, func, or_, select

from madang.core.actor import GUEST
from madang.core.db import db
from madang.core.db.pagination import Page
from madang.core.text import clean_line
from madang.core.ttl_cache import ttl_cache

from ..models import User

SORTS = ("reputation", "newest", "name")
COUNTED_UP_TO = 1_000
COMPLETED = 8
QUERY_MAX = 50
_ORDER: dict[str, tuple[Any, ...]] = {
    "reputation": (User.reputation.desc(), User.id.desc()),
    "newest": (User.created_at.desc(), User.id.desc()),
    "name": (User.username_lower, User.id),
}
_SORTED_BY: dict[str, Any] = {"reputation": User.reputation, "newest": User.created_at, "name": User.username_lower}
_ROW = (
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
    """How many people there are."""
    present, guests = (
        select(func.count()).select_from(User).where(whose).scalar_subquery()
        for whose in (User.deleted_at.is_(None), User.role == GUEST)
    )
    return db.session.scalar(select(present - guests)) or 0  # both are counted in an index alone


def found_count(query: str) -> int:
    """How many people a word finds; counting stops at a thousand."""
    found = _found(select(User.id), query).limit(COUNTED_UP_TO).subquery()
    return db.session.scalar(select(func.count()).select_from(found)) or 0


def people_rows(query: str, sort: str, page: Page) -> list[Row]:
    """One page of people; all of them where the query is empty."""
    ids = _found(select(User.id), query).order_by(*_ORDER[sort]).limit(page.size).offset(page.offset).cte("page")
    rows = select(*_ROW).join(ids, ids.c.id == User.id).order_by(*_ORDER[sort])
    return list(db.session.execute(rows).all())


def people_after(query: str, sort: str, after: tuple[Any, int] | None, limit: int) -> list[Row]:
    """The next people after a key."""
    ids = _found(select(User.id), clean_line(query)[:QUERY_MAX])
    if after is not None:
        ids = ids.where(_is_behind(sort, *after))
    page = ids.order_by(*_ORDER[sort]).limit(limit).cte("page")
    rows = select(*_ROW, User.username_lower).join(page, page.c.id == User.id).order_by(*_ORDER[sort])
    return list(db.rows(rows))


def _is_behind(sort: str, value: Any, last_id: int) -> Any:
    by = _SORTED_BY[sort]
    if sort == "name":
        return (by >= value) & ((by > value) | (User.id > last_id))
    return (by <= value) & ((by < value) | (User.id < last_id))


def key_of(row: Row, sort: str) -> tuple[Any, int]:
    """What a row is sorted by."""
    return getattr(row, _SORTED_BY[sort].key), row.id


def completed_people(start: str) -> list[Row]:
    """The people of most reputation whose username or display name begins with `start`."""
    start = clean_line(start)[:QUERY_MAX].lower()
    if not start:
        return []
    names = (User.username_lower, User.display_name_lower)
    begins = or_(*(name.startswith(start, autoescape=True) for name in names))
    ids = select(User.id).where(User.is_account(), begins).order_by(*_ORDER["reputation"]).limit(COMPLETED)
    found = ids.cte("found")
    rows = select(User.username, User.display_name).join(found, found.c.id == User.id)
    return list(db.session.execute(rows.order_by(*_ORDER["reputation"])).all())


def _found(people: Select, query: str) -> Select:
    people = people.where(User.is_account())
    if not query:
        return people
    names = (User.username_lower, User.display_name_lower)
    return people.where(or_(*(name.contains(query.lower(), autoescape=True) for name in names)))
