"""What moderators do with posts, for programs: restore, close, lock, pin, move."""

from typing import Any

from sqlalchemy import Row

from madang.boards.queries import get_board
from madang.core.clock import now
from madang.core.rest.blueprint import ApiBlueprint
from madang.core.rest.parsing import named
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
from ..queries.posts import find_post, get_post, get_whole_row
from ..schemas.posts import ClosingSchema, PlaceSchema, PostSchema

bp = ApiBlueprint("moderating", description="What moderators do with posts.")


def _unchanged(post_id: int) -> Post:
    """The post, if it is still as the caller read it."""
    require_unchanged(PostSchema, _shown(post_id))
    return get_post(post_id, current_actor())


def _shown(post_id: int) -> Row:
    return get_whole_row(post_id, current_actor())


@bp.put("/posts/<int:post_id>/restore", if_match=True)
@bp.response(PostSchema)
def restore_one_post(post_id: int) -> Row:
    """Bring a deleted post back."""
    restore_post(_unchanged(post_id), actor=current_actor(), now=now())
    return _shown(post_id)


@bp.put("/posts/<int:post_id>/close", if_match=True)
@bp.body(ClosingSchema)
@bp.response(PostSchema)
def close_one_question(wanted: dict[str, Any], post_id: int) -> Row:
    """Close a question: it takes no more answers."""
    actor, original = current_actor(), wanted["duplicate_of"]
    duplicate_of = find_post(original, actor) if original else None
    question = _unchanged(post_id)
    close_question(question, reason=wanted["reason"], duplicate_of=duplicate_of, actor=actor, now=now())
    return _shown(post_id)


@bp.delete("/posts/<int:post_id>/close", if_match=True)
@bp.response(None)
def reopen_one_question(post_id: int) -> None:
    """Open a closed question again."""
    reopen_question(_unchanged(post_id), actor=current_actor())


@bp.put("/posts/<int:post_id>/lock", if_match=True)
@bp.response(PostSchema)
def lock_one_post(post_id: int) -> Row:
    """Let nobody but staff write under a post or change it; a question is locked with its answers."""
    lock_post(_unchanged(post_id), actor=current_actor(), now=now())
    return _shown(post_id)


@bp.delete("/posts/<int:post_id>/lock", if_match=True)
@bp.response(None)
def unlock_one_post(post_id: int) -> None:
    """Let people write under a post again."""
    unlock_post(_unchanged(post_id), actor=current_actor())


@bp.put("/posts/<int:post_id>/pin", if_match=True)
@bp.response(PostSchema)
def pin_one_post(post_id: int) -> Row:
    """Keep a post at the top of its board."""
    pin_post(_unchanged(post_id), actor=current_actor(), now=now())
    return _shown(post_id)


@bp.delete("/posts/<int:post_id>/pin", if_match=True)
@bp.response(None)
def unpin_one_post(post_id: int) -> None:
    """Let a post take its place among the others again."""
    unpin_post(_unchanged(post_id), actor=current_actor())


@bp.put("/posts/<int:post_id>/board", if_match=True)
@bp.body(PlaceSchema)
@bp.response(PostSchema)
def move_one_post(wanted: dict[str, str], post_id: int) -> Row:
    """Move a post, with its answers, to another board."""
    post = _unchanged(post_id)
    move_post(post, named("board", wanted["board"], get_board), actor=current_actor())
    return _shown(post_id)
