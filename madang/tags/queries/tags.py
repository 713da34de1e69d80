"""Find tags by name, by prefix and by use."""

from sqlalchemy import Row, or_, select

from madang.core.db import db
from madang.core.errors import NotFound
from madang.core.text import clean_line, normalize_tag
from madang.core.ttl_cache import ttl_cache

from ..models import Tag, TagSynonym

NAV_TAG_COUNT = 12


@ttl_cache(seconds=5)
def nav_tags() -> list[Row]:
    """The most used tags, for the sidebar of every page."""
    popular = select(Tag.id, Tag.name, Tag.post_count).where(Tag.post_count > 0)
    return list(db.session.execute(popular.order_by(Tag.post_count.desc(), Tag.id.desc()).limit(NAV_TAG_COUNT)).all())


def get_tag(name: str) -> Tag:
    """The tag with a name, a name as earlier versions stored it, or a synonym. Raises `NotFound`."""
    word, former = normalize_tag(name) or "", clean_line(name).lower()
    tags = select(Tag).outerjoin(TagSynonym, TagSynonym.tag_id == Tag.id)
    found = db.session.scalars(tags.where(or_(Tag.name.in_({word, former}), TagSynonym.name == word))).unique().all()
    if not found:
        raise NotFound
    return next((tag for tag in found if tag.name == former), found[0])


def complete_tag(beginning: str, limit: int = 8) -> list[Row]:
    """Tags that begin with the typed text, the most used first."""
    word = normalize_tag(beginning)
    if not word:
        return []
    matching = select(Tag.name, Tag.post_count).where(Tag.name.startswith(word, autoescape=True))
    return list(db.session.execute(matching.order_by(Tag.post_count.desc(), Tag.name).limit(limit)).all())
