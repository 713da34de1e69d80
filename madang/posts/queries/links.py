"""Posts that a post links to or that link to it."""

from sqlalchemy import Integer, Row, bindparam, cast, func, literal, select

from madang.core.db import db
from madang.core.ttl_cache import ttl_cache

from ..models import VISIBLE, Post, PostLink

_OUTGOING = select(
    PostLink.related_post_id.label("id"), cast(PostLink.kind == "duplicate", Integer).label("is_original")
).where(PostLink.post_id == bindparam("id"))
_INCOMING = select(PostLink.post_id, literal(0)).where(PostLink.related_post_id == bindparam("id"))
_LINKS = _OUTGOING.union_all(_INCOMING).subquery()
_IS_ORIGINAL = func.max(_LINKS.c.is_original)
_LINKED_POSTS = (
    # Joined from the few links; filtered by kind, since a filter on a missing parent would scan every question.
    select(Post.id, Post.title, Post.score, _IS_ORIGINAL.label("is_original"))
    .join(_LINKS, _LINKS.c.id == Post.id)
    .where(Post.state == VISIBLE, Post.kind != "answer")
    .group_by(Post.id, Post.title, Post.score)
    .order_by(_IS_ORIGINAL.desc(), Post.score.desc(), Post.id)
    .limit(10)
)


def linked_posts(post_id: int) -> list[Row]:
    """At most ten posts linked with this one: first those that it duplicates (`is_original`), then by score."""
    cache = linked_posts_cache()
    if post_id not in cache:
        cache[post_id] = list(db.rows(_LINKED_POSTS, {"id": post_id}))
    return cache[post_id]


@ttl_cache(seconds=2)
def linked_posts_cache() -> dict[int, list[Row]]:
    """Linked posts by post id, for the pages shown in the last two seconds."""
    return {}
