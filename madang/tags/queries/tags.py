"""Find tags by name, by prefix and by use."""

from sqlalchemy import ColumnElement, Integer, Row, cast, func, or_, select

from madang.boards.queries import hidden_board_ids
from madang.core.actor import Actor
from madang.core.db import db
from madang.core.errors import NotFound
from madang.core.text import clean_line, normalize_tag
from madang.core.ttl_cache import ttl_cache

from ..models import Tag, TagBoard, TagSynonym

NAV_TAG_COUNT = 12


def post_count_for(actor: Actor) -> ColumnElement[int]:
    """The number of posts with a tag that the actor may see, as a column of a select from `Tag`."""
    hidden = hidden_board_ids(actor)
    if not hidden:
        return Tag.post_count.expression
    theirs = (TagBoard.tag_id == Tag.id, TagBoard.board_id.in_(hidden))
    on_hidden = select(func.sum(TagBoard.post_count)).where(*theirs).scalar_subquery()
    return (Tag.post_count - func.coalesce(cast(on_hidden, Integer), 0)).label("post_count")


def post_count_of(tag: Tag, actor: Actor) -> int:
    """The number of posts with a tag that the actor may see."""
    if not hidden_board_ids(actor):
        return tag.post_count
    return db.session.scalar(select(post_count_for(actor)).where(Tag.id == tag.id)) or 0


def nav_tags(actor: Actor) -> list[Row]:
    """The tags with the most posts that the actor may see, for the sidebar of every page."""
    cache, hidden = nav_tags_cache(), hidden_board_ids(actor)
    if hidden not in cache:
        cache[hidden] = _nav_tags(actor)
    return cache[hidden]


@ttl_cache(seconds=5)
def nav_tags_cache() -> dict[tuple[int, ...], list[Row]]:
    """The rows of `nav_tags` by the boards that the readers may not see."""
    return {}


def _nav_tags(actor: Actor) -> list[Row]:
    count = post_count_for(actor)
    popular = select(Tag.id, Tag.name, count).where(count > 0)
    return list(db.rows(popular.order_by(count.desc(), Tag.id.desc()).limit(NAV_TAG_COUNT)))


def get_tag(name: str, actor: Actor) -> Tag:
    """The tag with a name, a name as earlier versions stored it, or a synonym.

    Raises `NotFound`, also if it has only posts that the actor may not see.
    """
    word, former = normalize_tag(name) or "", clean_line(name).lower()
    tags = select(Tag).outerjoin(TagSynonym, TagSynonym.tag_id == Tag.id)
    found = db.session.scalars(tags.where(or_(Tag.name.in_({word, former}), TagSynonym.name == word))).unique().all()
    if not found:
        raise NotFound
    tag = next((tag for tag in found if tag.name == former), found[0])
    if tag.post_count and not post_count_of(tag, actor):
        raise NotFound
    return tag


def complete_tag(beginning: str, actor: Actor, limit: int = 8) -> list[Row]:
    """Tags that begin with the typed text, the most used first; none that has only posts which the actor cannot see."""
    word = normalize_tag(beginning)
    if not word:
        return []
    count = post_count_for(actor)
    matching = select(Tag.name, count).where(Tag.name.startswith(word, autoescape=True))
    if hidden_board_ids(actor):
        matching = matching.where((Tag.post_count == 0) | (count > 0))
    return list(db.rows(matching.order_by(count.desc(), Tag.name).limit(limit)))
