"""Lists of tags, filtered by name, for pages, the API and administration."""

from sqlalchemy import ColumnElement, Row, and_, func, select

from madang.boards.queries import hidden_board_ids
from madang.core.actor import Actor
from madang.core.db import db
from madang.core.db.ordering import Key, Keyset, starts_with
from madang.core.db.pagination import Page
from madang.core.text import clean_line, normalize_tag

from ..models import Tag, TagSynonym
from .tags import post_count_for

MANAGED_PER_PAGE = 50
MOST_USED = Keyset(Tag.post_count.desc(), Tag.id.desc())
ORDERS = {"used": MOST_USED, "name": Keyset(Tag.name, Tag.id)}

MAX_FILTER_LENGTH = 100


def count_tags(text: str, actor: Actor) -> int:
    """The number of tags with `text` in their names, and with posts that the actor may see."""
    return db.session.scalar(select(func.count()).select_from(Tag).where(_name_contains(text, actor))) or 0


def tag_rows(text: str, actor: Actor, page: Page) -> list[Row]:
    """One page of the tags with `text` in their names, and with posts that the actor may see, the most used first."""
    order, matches = most_used(actor).order_by, _name_contains(text, actor)
    ids = select(Tag.id).where(matches).order_by(*order).limit(page.size).offset(page.offset).cte("page")
    rows = select(Tag.name, Tag.excerpt, post_count_for(actor)).join(ids, ids.c.id == Tag.id)
    return list(db.rows(rows.order_by(*order)))


def most_used(actor: Actor) -> Keyset:
    """The order of tags by the number of posts that the actor may see."""
    if not hidden_board_ids(actor):
        return MOST_USED
    return Keyset(post_count_for(actor).desc(), Tag.id.desc(), names=MOST_USED.names)


def tags_after(text: str, actor: Actor, after: Key | None, limit: int) -> list[Row]:
    """The next of those tags after a key of `most_used`."""
    matches = _name_contains(clean_line(text)[:MAX_FILTER_LENGTH], actor)
    rows = select(Tag.id, Tag.name, Tag.excerpt, post_count_for(actor)).where(matches)
    return list(db.rows(most_used(actor).select_after(rows, after, limit)))


def _name_contains(text: str, actor: Actor) -> ColumnElement[bool]:
    in_use = post_count_for(actor) > 0
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
