"""Posts that a post links to or that link to it."""

from sqlalchemy import Integer, Row, bindparam, cast, func, literal, select

from madang.boards.queries import hidden_board_ids
from madang.core.actor import Actor
from madang.core.db import db
from madang.core.ttl_cache import ttl_cache

from ..models import VISIBLE, Post, PostLink
from .visibility import on_visible_boards

_OUTGOING = select(
    PostLink.related_post_id.label("id"), cast(PostLink.kind == "duplicate", Integer).label("is_original")
).where(PostLink.post_id == bindparam("id"))
_INCOMING = select(PostLink.post_id, literal(0)).where(PostLink.related_post_id == bindparam("id"))
_LINKS = _OUTGOING.union_all(_INCOMING).subquery()
_IS_ORIGINAL = func.max(_LINKS.c.is_original)
_LINKED_POSTS = (
    # Joined from the few links; filtered by kind, since a filter on a missing parent would scan every question.
    select(Post.id, Post.title, Post.score, Post.board_id, _IS_ORIGINAL.label("is_original"))
    .join(_LINKS, _LINKS.c.id == Post.id)
    .where(Post.state == VISIBLE, Post.kind != "answer")
    .group_by(Post.id, Post.title, Post.score, Post.board_id)
    .order_by(_IS_ORIGINAL.desc(), Post.score.desc(), Post.id)
    .limit(10)
)


def linked_posts(post_id: int, actor: Actor) -> list[Row]:
    """At most ten posts linked with this one: first those that it duplicates (`is_original`), then by score.

    Of those that the actor may see.
    """
    cache, key = linked_posts_cache(), (post_id, hidden_board_ids(actor))
    if key not in cache:
        cache[key] = list(db.rows(on_visible_boards(_LINKED_POSTS, actor), {"id": post_id}))
    return cache[key]


@ttl_cache(seconds=2)
def linked_posts_cache() -> dict[tuple[int, tuple[int, ...]], list[Row]]:
    """Linked posts of the last two seconds, by the id of the post and the boards that the reader may not see."""
    return {}
