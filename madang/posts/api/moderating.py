"""Moderation of posts in the JSON API: restore, close, lock, pin, move."""

from typing import TypedDict

from sqlalchemy import Row

from madang.boards.queries import get_board
from madang.core.clock import now
from madang.core.rest.blueprint import ApiBlueprint
from madang.core.rest.parsing import find_named
from madang.core.rest.serialisation import require_unchanged
from madang.core.web.actor import current_actor

from ..models import Post
from ..operations.deleting import restore_post
from ..operations.moderating import (
    close_question,
    lock_post,
    move_post,
    pin_post,
    reopen_question,
    unlock_post,
    unpin_post,
)
from ..queries.posts import find_full_row, find_post, get_full_row, get_post, get_restorable_post
from ..schemas.posts import ClosingSchema, PlaceSchema, PostSchema

bp = ApiBlueprint("moderating", description="Moderation of posts.")


class ClosePayload(TypedDict):
    reason: str
    duplicate_of: int | None


def _get_unchanged_post(post_id: int) -> Post:
    """Get the post if it still matches the `If-Match` header of the request."""
    require_unchanged(PostSchema, _post_row(post_id))
    return get_post(post_id, current_actor())


def _post_row(post_id: int) -> Row:
    return get_full_row(post_id, current_actor())


@bp.put("/posts/<int:post_id>/restore", if_match=True)
@bp.response(PostSchema)
def restore_one_post(post_id: int) -> Row:
    """Restore a deleted post: for moderators, and for its author within ten minutes of deleting it.

    No `If-Match` of the author's matches, since nothing is shown to them until the post is restored.
    """
    post = get_restorable_post(post_id, current_actor(), now())
    require_unchanged(PostSchema, find_full_row(post_id, current_actor()))
    restore_post(post, actor=current_actor(), now=now())
    return _post_row(post_id)


@bp.put("/posts/<int:post_id>/close", if_match=True)
@bp.body(ClosingSchema)
@bp.response(PostSchema)
def close_one_question(payload: ClosePayload, post_id: int) -> Row:
    """Close a question to new answers."""
    actor, original_id = current_actor(), payload["duplicate_of"]
    duplicate_of = find_post(original_id, actor) if original_id else None
    question = _get_unchanged_post(post_id)
    close_question(question, reason=payload["reason"], duplicate_of=duplicate_of, actor=actor, now=now())
    return _post_row(post_id)


@bp.delete("/posts/<int:post_id>/close", if_match=True)
@bp.response(None)
def reopen_one_question(post_id: int) -> None:
    """Reopen a closed question."""
    reopen_question(_get_unchanged_post(post_id), actor=current_actor())


@bp.put("/posts/<int:post_id>/lock", if_match=True)
@bp.response(PostSchema)
def lock_one_post(post_id: int) -> Row:
    """Lock a post: only staff can reply to it or change it. A question is locked with its answers."""
    lock_post(_get_unchanged_post(post_id), actor=current_actor(), now=now())
    return _post_row(post_id)


@bp.delete("/posts/<int:post_id>/lock", if_match=True)
@bp.response(None)
def unlock_one_post(post_id: int) -> None:
    """Unlock a post."""
    unlock_post(_get_unchanged_post(post_id), actor=current_actor())


@bp.put("/posts/<int:post_id>/pin", if_match=True)
@bp.response(PostSchema)
def pin_one_post(post_id: int) -> Row:
    """Pin a post to the top of its board."""
    pin_post(_get_unchanged_post(post_id), actor=current_actor(), now=now())
    return _post_row(post_id)


@bp.delete("/posts/<int:post_id>/pin", if_match=True)
@bp.response(None)
def unpin_one_post(post_id: int) -> None:
    """Unpin a post."""
    unpin_post(_get_unchanged_post(post_id), actor=current_actor())


@bp.put("/posts/<int:post_id>/board", if_match=True)
@bp.body(PlaceSchema)
@bp.response(PostSchema)
def move_one_post(payload: dict[str, str], post_id: int) -> Row:
    """Move a post, with its answers, to another board."""
    post = _get_unchanged_post(post_id)
    move_post(
        post,
        find_named("board", payload["board"], lambda slug: get_board(slug, current_actor())),
        actor=current_actor(),
    )
    return _post_row(post_id)
