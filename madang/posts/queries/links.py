"""Find the posts that a post links to, and those that link to it."""

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
    # From the few links to their posts, told apart by kind: a missing parent would lead through every question.
    select(Post.id, Post.title, Post.score, _IS_ORIGINAL.label("is_original"))
    .join(_LINKS, _LINKS.c.id == Post.id)
    .where(Post.state == VISIBLE, Post.kind != "answer")
    .group_by(Post.id, Post.title, Post.score)
    .order_by(_IS_ORIGINAL.desc(), Post.score.desc(), Post.id)
    .limit(10)
)


def linked_posts(post_id: int) -> list[Row]:
    """Posts that link here or that this one links to: those that it repeats first (`is_original`), then the best."""
    cache = linked_posts_cache()
    if post_id not in cache:
        cache[post_id] = list(db.rows(_LINKED_POSTS, {"id": post_id}))
    return cache[post_id]


@ttl_cache(seconds=2)
def linked_posts_cache() -> dict[int, list[Row]]:
    """The linked posts of the pages that were shown lately."""
    return {}
