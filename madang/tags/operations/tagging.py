"""Parse tags, create them, and set the tags of posts."""

import re
from datetime import datetime

from sqlalchemy import delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from madang.core.db import add_to, after_commit, db, increase
from madang.core.errors import InvalidInput
from madang.core.i18n import _
from madang.core.text import MAX_TAG, TAG_SIGNS, normalize_tag

from ..models import PostTag, Tag, TagBoard, TagSynonym
from ..queries.tags import nav_tags_cache

MAX_WORDS = 100
SEPARATORS = re.compile("[\\s,，、､﹐﹑]+")


def parse_tags(text: str, *, max_count: int) -> list[str]:
    """The normalised tag names in a text, separated by spaces or commas, in order and without repetitions.

    Raises `InvalidInput` (tags).
    """
    names: list[str] = []
    for word in _words(text):
        name = normalize_tag(word)
        if name is None:
            raise InvalidInput(
                _(
                    "“%(tag)s” cannot be a tag. Tags have up to %(count)s letters, digits and + # . -",
                    tag=word[:40],
                    count=MAX_TAG,
                ),
                field="tags",
            )
        names.append(name)
    names = list(dict.fromkeys(names))
    if len(names) > max_count:
        raise InvalidInput(
            _("A post can have up to %(count)s tags. Please remove some.", count=max_count), field="tags"
        )
    return names


def _words(text: str) -> list[str]:
    """The words of a text, at most `MAX_WORDS`, which is more than a post can have."""
    return [word for word in SEPARATORS.split(text, maxsplit=MAX_WORDS)[:MAX_WORDS] if word.strip(TAG_SIGNS)]


def get_or_create_tags(names: list[str], now: datetime) -> list[Tag]:
    """The tags with these names or synonyms; missing tags are created."""
    if not names:
        return []
    synonyms = dict(
        db.session.execute(
            select(TagSynonym.name, Tag.name).join(Tag, Tag.id == TagSynonym.tag_id).where(TagSynonym.name.in_(names))
        ).all()
    )
    resolved = list(dict.fromkeys(synonyms.get(name, name) for name in names))
    existing = {tag.name: tag for tag in db.session.scalars(select(Tag).where(Tag.name.in_(resolved)))}
    return [existing.get(name) or _create_tag(name, now) for name in resolved]


def _create_tag(name: str, now: datetime) -> Tag:
    tag = Tag(name=name, created_at=now, post_count=0)
    try:
        with db.session.begin_nested():
            db.session.add(tag)
            db.session.flush()
    except IntegrityError:
        return db.session.scalars(select(Tag).where(Tag.name == name)).one()
    return tag


def set_post_tags(post_id: int, tags: list[Tag], *, board_id: int, post_created_at: datetime) -> None:
    """Replace the tags of a visible post."""
    wanted_ids = {tag.id for tag in tags}
    current = set(db.session.scalars(select(PostTag.tag_id).where(PostTag.post_id == post_id)))
    if removed := current - wanted_ids:
        db.session.execute(delete(PostTag).where(PostTag.post_id == post_id, PostTag.tag_id.in_(removed)))
        _adjust_post_counts(removed, board_id, -1)
    if added := wanted_ids - current:
        place = {"post_id": post_id, "post_created_at": post_created_at, "board_id": board_id}
        rows = [{"tag_id": tag_id, **place} for tag_id in sorted(added)]
        db.session.execute(insert(PostTag), rows)
        _adjust_post_counts(added, board_id, 1)


def move_post_tags(post_id: int, board_id: int) -> None:
    """Record that a post with tags is on another board now."""
    tags = select(PostTag.tag_id, PostTag.board_id).where(PostTag.post_id == post_id).order_by(PostTag.tag_id)
    for tag_id, former_id in db.session.execute(tags).all():
        _count_on_board(tag_id, former_id, -1)
        _count_on_board(tag_id, board_id, 1)
    db.session.execute(update(PostTag).where(PostTag.post_id == post_id).values(board_id=board_id))
    after_commit(nav_tags_cache.clear)


def _adjust_post_counts(tag_ids: set[int], board_id: int, by: int) -> None:
    for tag_id in sorted(tag_ids):  # always in this order, to avoid deadlocks
        add_to(Tag, tag_id, post_count=by)
        _count_on_board(tag_id, board_id, by)
    after_commit(nav_tags_cache.clear)


def _count_on_board(tag_id: int, board_id: int, by: int) -> None:
    increase(TagBoard, {"tag_id": tag_id, "board_id": board_id}, "post_count", by)
