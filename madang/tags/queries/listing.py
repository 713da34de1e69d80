"""Lists of tags, filtered by name, for pages, the API and administration."""

from sqlalchemy import ColumnElement, Row, and_, func, select
from sqlalchemy.orm import InstrumentedAttribute

from madang.core.db import db
from madang.core.db.ordering import select_rows_after, starts_with
from madang.core.db.pagination import Page
from madang.core.text import clean_line, normalize_tag

from ..models import Tag, TagSynonym

MANAGED_PER_PAGE = 50
# The column of each order, and whether it is descending.
ORDERS: dict[str, tuple[InstrumentedAttribute, bool]] = {"used": (Tag.post_count, True), "name": (Tag.name, False)}

MAX_FILTER_LENGTH = 100


def count_tags(text: str) -> int:
    """The number of tags in use with `text` in their names."""
    return db.session.scalar(select(func.count()).select_from(Tag).where(_name_contains(text))) or 0


def tag_rows(text: str, page: Page) -> list[Row]:
    """One page of the tags in use with `text` in their names, the most used first."""
    order = (Tag.post_count.desc(), Tag.id.desc())
    ids = select(Tag.id).where(_name_contains(text)).order_by(*order).limit(page.size).offset(page.offset).cte("page")
    rows = select(Tag.name, Tag.excerpt, Tag.post_count).join(ids, ids.c.id == Tag.id)
    return list(db.session.execute(rows.order_by(*order)).all())


def tags_after(text: str, after: tuple[int, int] | None, limit: int) -> list[Row]:
    """The next of those tags after the key (number of posts, id), the most used first."""
    rows = select(Tag.id, Tag.name, Tag.excerpt, Tag.post_count).where(
        _name_contains(clean_line(text)[:MAX_FILTER_LENGTH])
    )
    if after is not None:
        count, last = after
        rows = rows.where(Tag.post_count <= count, (Tag.post_count < count) | (Tag.id < last))
    return list(db.rows(rows.order_by(Tag.post_count.desc(), Tag.id.desc()).limit(limit)))


def _name_contains(text: str) -> ColumnElement[bool]:
    in_use = Tag.post_count > 0
    part = normalize_tag(text) or text.lower()
    return and_(in_use, Tag.name.contains(part, autoescape=True)) if text else in_use


def managed_tag_rows(start: str, sort: str, after: int | None) -> list[Row]:
    """Tags whose names begin with `start`, unused ones too, after the tag with the id `after`: one more than a page."""
    last = after and db.session.scalar(select(ORDERS[sort][0]).where(Tag.id == after))
    key = None if after is None or last is None else (last, after)
    return managed_tags_after(start, sort, key, MANAGED_PER_PAGE + 1)


def managed_tags_after(start: str, sort: str, key: tuple[int | str, int] | None, limit: int) -> list[Row]:
    """The next `limit` of those tags after a sort key (from `tag_sort_key`), or the first ones."""
    column, is_descending = ORDERS[sort]
    rows = select(Tag.id, Tag.name, Tag.excerpt, Tag.post_count, Tag.follower_count, Tag.created_at)
    if start := clean_line(start)[:MAX_FILTER_LENGTH]:
        rows = rows.where(starts_with(Tag.name, normalize_tag(start) or start.lower()))
    return select_rows_after(rows, column, Tag.id, key, limit, is_descending=is_descending)


def tag_sort_key(row: Row, sort: str) -> tuple[int | str, int]:
    """The sort key of a row: the value of its sort column, and its id."""
    return getattr(row, ORDERS[sort][0].key), row.id


def synonyms_of(tag_ids: list[int]) -> dict[int, list[str]]:
    """The synonyms of each of the tags, by tag id."""
    synonyms: dict[int, list[str]] = {tag_id: [] for tag_id in tag_ids}
    rows = select(TagSynonym.tag_id, TagSynonym.name).where(TagSynonym.tag_id.in_(tag_ids)).order_by(TagSynonym.name)
    for tag_id, name in db.session.execute(rows) if tag_ids else ():
        synonyms[tag_id].append(name)
    return synonyms
