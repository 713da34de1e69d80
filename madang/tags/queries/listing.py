"""The list of tags, whole or filtered by what stands in their names."""

from typing import Any

from sqlalchemy import ColumnElement, Row, and_, func, select

from madang.core.db import db
from madang.core.db.ordering import begins, rows_behind
from madang.core.db.pagination import Page
from madang.core.text import clean_line, normalize_tag

from ..models import Tag, TagSynonym

MANAGED_PER_PAGE = 50
# The column of each order, and whether it falls.
ORDERS: dict[str, tuple[Any, bool]] = {"used": (Tag.post_count, True), "name": (Tag.name, False)}

MAX_FILTER_LENGTH = 100


def count_tags(words: str) -> int:
    """How many tags in use have `words` in their names."""
    return db.session.scalar(select(func.count()).select_from(Tag).where(_name_contains(words))) or 0


def tag_rows(words: str, page: Page) -> list[Row]:
    """One page of those tags, the most used first."""
    order = (Tag.post_count.desc(), Tag.id.desc())
    ids = select(Tag.id).where(_name_contains(words)).order_by(*order).limit(page.size).offset(page.offset).cte("page")
    rows = select(Tag.name, Tag.excerpt, Tag.post_count).join(ids, ids.c.id == Tag.id)
    return list(db.session.execute(rows.order_by(*order)).all())


def tags_after(words: str, after: tuple[int, int] | None, limit: int) -> list[Row]:
    """The next of those tags behind one that so many posts have, the most used first."""
    rows = select(Tag.id, Tag.name, Tag.excerpt, Tag.post_count).where(
        _name_contains(clean_line(words)[:MAX_FILTER_LENGTH])
    )
    if after is not None:
        count, last = after
        rows = rows.where(Tag.post_count <= count, (Tag.post_count < count) | (Tag.id < last))
    return list(db.rows(rows.order_by(Tag.post_count.desc(), Tag.id.desc()).limit(limit)))


def _name_contains(words: str) -> ColumnElement[bool]:
    in_use = Tag.post_count > 0
    part = normalize_tag(words) or words.lower()
    return and_(in_use, Tag.name.contains(part, autoescape=True)) if words else in_use


def managed_tag_rows(start: str, sort: str, after: int | None) -> list[Row]:
    """The tags whose names begin so, also unused ones, behind that of number `after`: a page and one row more."""
    last = after and db.session.scalar(select(ORDERS[sort][0]).where(Tag.id == after))
    key = None if after is None or last is None else (last, after)
    return managed_tags_behind(start, sort, key, MANAGED_PER_PAGE + 1)


def managed_tags_behind(start: str, sort: str, key: tuple[Any, int] | None, limit: int) -> list[Row]:
    """The next of those tags behind the one with that `key_of`."""
    column, is_descending = ORDERS[sort]
    rows = select(Tag.id, Tag.name, Tag.excerpt, Tag.post_count, Tag.follower_count, Tag.created_at)
    if start := clean_line(start)[:MAX_FILTER_LENGTH]:
        rows = rows.where(begins(Tag.name, normalize_tag(start) or start.lower()))
    return rows_behind(rows, column, Tag.id, key, limit, is_descending=is_descending)


def key_of(row: Any, sort: str) -> tuple[Any, int]:
    """What a row is sorted by."""
    return getattr(row, ORDERS[sort][0].key), row.id


def synonyms_of(tag_ids: list[int]) -> dict[int, list[str]]:
    """The other words that mean each of these tags."""
    synonyms: dict[int, list[str]] = {tag_id: [] for tag_id in tag_ids}
    rows = select(TagSynonym.tag_id, TagSynonym.name).where(TagSynonym.tag_id.in_(tag_ids)).order_by(TagSynonym.name)
    for tag_id, name in db.session.execute(rows) if tag_ids else ():
        synonyms[tag_id].append(name)
    return synonyms
