"""Lists of people: all of them, those that a word finds, those whose name begins so."""

from typing import Any

from sqlalchemy import Row, Select, func, or_, select

from madang.core.cache import kept_for
from madang.core.db import db
from madang.core.pagination import Page
from madang.core.text import clean_line

from .models import User

SORTS = ("reputation", "newest", "name")
COUNTED_UP_TO = 1_000
COMPLETED = 8
QUERY_MAX = 50
_ORDER: dict[str, tuple[Any, ...]] = {
    "reputation": (User.reputation.desc(), User.id.desc()),
    "newest": (User.created_at.desc(), User.id.desc()),
    "name": (func.lower(User.username), User.id),
}
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


@kept_for(seconds=10)
def member_count() -> int:
    """How many people there are."""
    return db.session.scalar(select(func.count()).select_from(User).where(User.deleted_at.is_(None))) or 0


def found_count(query: str) -> int:
    """How many people a word finds; counting stops at a thousand."""
    found = _found(select(User.id), query).limit(COUNTED_UP_TO).subquery()
    return db.session.scalar(select(func.count()).select_from(found)) or 0


def people_rows(query: str, sort: str, page: Page) -> list[Row]:
    """One page of people; all of them where the query is empty."""
    ids = _found(select(User.id), query).order_by(*_ORDER[sort]).limit(page.size).offset(page.offset).cte("page")
    rows = select(*_ROW).join(ids, ids.c.id == User.id).order_by(*_ORDER[sort])
    return list(db.session.execute(rows).all())


def completed_people(start: str) -> list[Row]:
    """The people of most reputation whose username or display name begins with `start`."""
    start = clean_line(start)[:QUERY_MAX].lower()
    if not start:
        return []
    names = (func.lower(User.username), func.lower(User.display_name))
    found = select(User.username, User.display_name).where(
        User.deleted_at.is_(None), or_(*(name.startswith(start, autoescape=True) for name in names))
    )
    return list(db.session.execute(found.order_by(*_ORDER["reputation"]).limit(COMPLETED)).all())


def _found(people: Select, query: str) -> Select:
    people = people.where(User.deleted_at.is_(None))
    if not query:
        return people
    names = (func.lower(User.username), func.lower(User.display_name))
    return people.where(or_(*(name.contains(query.lower(), autoescape=True) for name in names)))
