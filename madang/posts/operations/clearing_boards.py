"""Change the kind of a board, delete it, or move its posts to another board."""

from datetime import datetime

from sqlalchemy import select

from madang.accounts.operations.staff_actions import record_staff_action
from madang.accounts.policies.accounts import require_administrator
from madang.boards.events import BoardDeleted
from madang.boards.models import BOARD_KINDS, Board
from madang.boards.queries import clear_board_caches
from madang.boards.sentences import logged_names
from madang.core.actor import Actor
from madang.core.db import after_commit, db, lock_row
from madang.core.errors import Conflict, InvalidInput, raise_if_invalid
from madang.core.events import emit
from madang.core.i18n import _

from ..models import Post
from .moderating import relocate_post


def has_posts(board: Board) -> bool:
    """Whether a board has any post, deleted ones included, since those can be restored."""
    return db.session.scalar(select(Post.id).where(Post.board_id == board.id).limit(1)) is not None


def change_board_kind(board: Board, kind: str, *, actor: Actor) -> None:
    """Change the kind of a board without posts. Raises `Forbidden` and `InvalidInput` (kind)."""
    lock_row(board)
    require_administrator(actor)
    if kind == board.kind:
        return
    raise_if_invalid(kind=None if kind in BOARD_KINDS else _("Please choose one of the four kinds of board."))
    if has_posts(board):
        raise InvalidInput(
            _("This board has posts, so its kind cannot change. Create a new board instead."), field="kind"
        )
    record_staff_action(
        "change_board_kind", "board", board.id, actor=actor, **logged_names(board), kinds=[board.kind, kind]
    )
    board.kind = kind
    db.session.flush()
    after_commit(clear_board_caches)


def check_board_deletion(board: Board, target: Board | None, *, actor: Actor) -> None:
    """Check that a board can be deleted and its posts moved to `target`.

    Raises `Forbidden` and `InvalidInput` (move_to).
    """
    require_administrator(actor)
    if target is None:
        if has_posts(board):
            raise InvalidInput(_("This board has posts. Please choose where to move them."), field="move_to")
    elif target.id == board.id or target.kind != board.kind or target.is_archived:
        raise InvalidInput(_("Please choose another board of the same kind."), field="move_to")


def archive_for_clearing(board: Board, target: Board, *, actor: Actor, now: datetime) -> None:
    """Archive a board, so that a job can move its posts to `target` and delete it.

    Raises `Forbidden` and `InvalidInput` (move_to).
    """
    lock_row(board)
    check_board_deletion(board, target, actor=actor)
    board.archived_at = now
    db.session.flush()
    after_commit(clear_board_caches)
    record_staff_action("clear_board", "board", board.id, actor=actor, **logged_names(board), target_id=target.id)


def delete_board(board: Board, *, actor: Actor) -> None:
    """Delete a board without posts. Raises `Forbidden`, and `Conflict` for a board with posts."""
    lock_row(board)
    require_administrator(actor)
    if has_posts(board):
        raise Conflict(_("This board has posts. Please choose where to move them."))
    db.session.delete(board)
    db.session.flush()
    after_commit(clear_board_caches)
    emit(BoardDeleted(board.id))
    record_staff_action("delete_board", "board", board.id, actor=actor, **logged_names(board))


def move_next_posts(board: Board, target: Board, *, actor: Actor, limit: int) -> int:
    """Move the next `limit` posts of a board to another board of its kind; return how many were moved."""
    require_administrator(actor)
    batch = select(Post).where(Post.board_id == board.id, Post.parent_id.is_(None)).order_by(Post.id).limit(limit)
    posts = db.session.scalars(batch).all()
    for post in posts:
        relocate_post(post, target, actor=actor)
    return len(posts)
