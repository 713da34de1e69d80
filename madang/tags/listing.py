"""The list of tags, whole or filtered by what stands in their names."""

from sqlalchemy import ColumnElement, Row, and_, func, select

from madang.core.db import db
from madang.core.pagination import Page
from madang.core.text import normalize_tag

from .models import Tag


def count_tags(words: str) -> int:
    """How many tags in use have `words` in their names."""
    return db.session.scalar(select(func.count()).select_from(Tag).where(_named(words))) or 0


def tag_rows(words: str, page: Page) -> list[Row]:
    """One page of those tags, the most used first."""
    rows = select(Tag.name, Tag.excerpt, Tag.post_count).where(_named(words))
    ordered = rows.order_by(Tag.post_count.desc(), Tag.id.desc())
    return list(db.session.execute(ordered.limit(page.size).offset(page.offset)).all())


def _named(words: str) -> ColumnElement[bool]:
    in_use = Tag.post_count > 0
    wanted = normalize_tag(words) or words.lower()
    return and_(in_use, Tag.name.contains(wanted, autoescape=True)) if words else in_use
