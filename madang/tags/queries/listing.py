"""Lists of tags, filtered by name, for pages, the API and administration."""

from sqlalchemy import ColumnElement, Row, and_, func, select

from madang.core.db import db
from madang.core.db.ordering import Key, Keyset, starts_with
from madang.core.db.pagination import Page
from madang.core.text import clean_line, normalize_tag

from ..models import Tag, TagSynonym

MANAGED_PER_PAGE = 50
MOST_USED = Keyset(Tag.post_count.desc(), Tag.id.desc())
ORDERS = {"used": MOST_USED, "name": Keyset(Tag.name, Tag.id)}

MAX_FILTER_LENGTH = 100


def count_tags(text: str) -> int:
    """The number of tags in use with `text` in their names."""
    return db.session.scalar(select(func.count()).select_from(Tag).where(_name_contains(text))) or 0


def tag_rows(text: str, page: Page) -> list[Row]:
    """One page of the tags in use with `text` in their names, the most used first."""
    order = MOST_USED.order_by
    ids = select(Tag.id).where(_name_contains(text)).order_by(*order).limit(page.size).offset(page.offset).cte("page")
    rows = select(Tag.name, Tag.excerpt, Tag.post_count).join(ids, ids.c.id == Tag.id)
    return list(db.session.execute(rows.order_by(*order)).all())


def tags_after(text: str, after: Key | None, limit: int) -> list[Row]:
    """The next of those tags after a key of `MOST_USED`."""
    rows = select(Tag.id, Tag.name, Tag.excerpt, Tag.post_count).where(
        _name_contains(clean_line(text)[:MAX_FILTER_LENGTH])
    )
    return list(db.rows(MOST_USED.select_after(rows, after, limit)))


def _name_contains(text: str) -> ColumnElement[bool]:
    in_use = Tag.post_count > 0
    part = normalize_tag(text) or text.lower()
    return and_(in_use, Tag.name.contains(part, autoescape=True)) if text else in_use


def managed_tag_rows(start: str, sort: str, after: int | None) -> list[Row]:
    """Tags whose names begin with `start`, unused ones too, after the tag with the id `after`: one more than a page."""
    last = after and db.session.scalar(select(ORDERS[sort].columns[0]).where(Tag.id == after))
    key = None if after is None or last is None else (last, after)
    return managed_tags_after(start, sort, key, MANAGED_PER_PAGE + 1)


def managed_tags_after(start: str, sort: str, key: Key | None, limit: int) -> list[Row]:
    """The next `limit` of those tags after a key of `ORDERS[sort]`, or the first ones."""
    rows = select(Tag.id, Tag.name, Tag.excerpt, Tag.post_count, Tag.follower_count, Tag.created_at)
    if start := clean_line(start)[:MAX_FILTER_LENGTH]:
        rows = rows.where(starts_with(Tag.name, normalize_tag(start) or start.lower()))
    return list(db.session.execute(ORDERS[sort].select_after(rows, key, limit)).all())


def synonyms_of(tag_ids: list[int]) -> dict[int, list[str]]:
    """The synonyms of each of the tags, by tag id."""
    synonyms: dict[int, list[str]] = {tag_id: [] for tag_id in tag_ids}
    rows = select(TagSynonym.tag_id, TagSynonym.name).where(TagSynonym.tag_id.in_(tag_ids)).order_by(TagSynonym.name)
    for tag_id, name in db.session.execute(rows) if tag_ids else ():
        synonyms[tag_id].append(name)
    return synonyms
