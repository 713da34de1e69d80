"""Publish a post on a board."""

from datetime import datetime

from madang.boards.models import Board
from madang.core.actor import Actor
from madang.core.db import lock_row
from madang.core.db.dedup import fingerprints, insert_deduplicated
from madang.core.errors import require
from madang.core.events import emit
from madang.core.i18n import _
from madang.tags.operations.tagging import get_or_create_tags, set_post_tags

from ..events import PostPublished
from ..models import POST_KIND_BY_BOARD_KIND, VISIBLE, Post
from ..policies import can_post_on, refusal_message
from .counters import adjust_counters
from .pictures import use_pictures
from .rendering import cover_of, set_body, set_cover
from .validation import check_post, require_picture


def publish_post(board: Board, *, actor: Actor, title: str, body: str, tags: str, now: datetime) -> Post:
    """Publish a post of the board's kind. A repeated submission returns the first post.

    Raises `InvalidInput` (title, body, tags) and `Forbidden`.
    """
    kind = POST_KIND_BY_BOARD_KIND[board.kind]
    title, body, html, names = check_post(kind, title=title, body=body, tags=tags, uses_math=board.uses_math)
    require_picture(kind, html)
    cover = cover_of(kind, html)
    lock_row(board)  # its counters are updated below; upgrading a shared lock then would deadlock on MariaDB
    require_can_post(board, actor)
    tag_rows = get_or_create_tags(names, now)
    post = Post(
        board_id=board.id,
        kind=kind,
        state=VISIBLE,
        author_id=actor.id,
        title=title,
        tag_names=" ".join(tag.name for tag in tag_rows),
        created_at=now,
        last_activity_at=now,
    )
    set_body(post, body, html)
    set_cover(post, cover)
    post, is_new = insert_deduplicated(post, fingerprints(board.id, title, body, now=now))
    if is_new:
        use_pictures(html, post_id=post.id, actor=actor)
        adjust_counters(post, 1)
        set_post_tags(post.id, tag_rows, board_id=post.board_id, post_created_at=now)
        emit(PostPublished(post.id, actor.id))
    return post


def require_can_post(board: Board, actor: Actor) -> None:
    """Raise `Forbidden` with the reason if `actor` cannot post on `board`."""
    staff_only = _("Only moderators can write on this board.")
    message = _("This board is archived and accepts no new posts.") if board.is_archived else staff_only
    require(can_post_on(actor, board.kind, is_archived=board.is_archived), refusal_message(actor, message))
