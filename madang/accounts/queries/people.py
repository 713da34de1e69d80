"""The public list of people: search, sort, page, count; completion of names."""

from sqlalchemy import Row, Select, func, or_, select

from madang.core.actor import GUEST
from madang.core.db import db
from madang.core.db.ordering import Key, Keyset
from madang.core.db.pagination import Page
from madang.core.text import clean_line
from madang.core.ttl_cache import ttl_cache

from ..models import User

COUNT_LIMIT = 1_000
COMPLETION_SIZE = 8
QUERY_MAX = 50
ORDERS = {
    "reputation": Keyset(User.reputation.desc(), User.id.desc()),
    "newest": Keyset(User.created_at.desc(), User.id.desc()),
    "name": Keyset(User.username_lower, User.id),
}
_MOST_REPUTED = ORDERS["reputation"].order_by
_COLUMNS = (
    User.id,
    User.username,
    User.display_name,
    User.role,
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
        .order_by(*ORDERS[sort].order_by)
        .limit(page.size)
        .offset(page.offset)
        .cte("page")
    )
    rows = select(*_COLUMNS).join(ids, ids.c.id == User.id).order_by(*ORDERS[sort].order_by)
    return list(db.session.execute(rows).all())


def people_after(query: str, sort: str, after: Key | None, limit: int) -> list[Row]:
    """The next `limit` people after a key of `ORDERS[sort]`."""
    ids = _matching_people(select(User.id), clean_line(query)[:QUERY_MAX])
    page = ORDERS[sort].select_after(ids, after, limit).cte("page")
    rows = select(*_COLUMNS, User.username_lower).join(page, page.c.id == User.id)
    return list(db.rows(rows.order_by(*ORDERS[sort].order_by)))


def people_to_complete(start: str) -> list[Row]:
    """The person called `start`, then those with the most reputation whose username or display name begins with it."""
    start = clean_line(start)[:QUERY_MAX].lower()
    if not start:
        return []
    names = (User.username_lower, User.display_name_lower)
    begins = or_(*(name.startswith(start, autoescape=True) for name in names))
    ids = select(User.id).where(User.is_account(), begins).order_by(*_MOST_REPUTED).limit(COMPLETION_SIZE)
    matches = ids.cte("matches")
    rows = select(User.username, User.display_name, User.role).join(matches, matches.c.id == User.id)
    people = list(db.session.execute(rows.order_by(*_MOST_REPUTED)).all())
    named = select(User.username, User.display_name, User.role).where(User.username_lower == start, User.is_account())
    exact = list(db.session.execute(named.limit(1)).all())
    others = sorted(people, key=lambda person: person.display_name.lower() != start)
    return [*exact, *(person for person in others if person not in exact)][:COMPLETION_SIZE]


def _matching_people(people: Select, query: str) -> Select:
    people = people.where(User.is_account())
    if not query:
        return people
    names = (User.username_lower, User.display_name_lower)
    return people.where(or_(*(name.contains(query.lower(), autoescape=True) for name in names)))
