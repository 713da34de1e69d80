"""Flags of an account that was merged into another."""

from typing import Any

from sqlalchemy import delete, or_, select

from madang.comments.models import Comment
from madang.core.db import db
from madang.core.db.reassign import reassign_rows
from madang.posts.models import Post

from ..models import Flag
from ..queries import IS_OPEN


def merge_flaggers(kept_id: int, gone_id: int) -> None:
    """Let the flags be of the account that stays: one open flag on a thing, and none on what it wrote.

    Called once posts and comments belong to the account that stays.
    """
    theirs = Flag.flagger_id.in_((kept_id, gone_id)) & IS_OPEN
    own = or_(
        Flag.post_id.in_(select(Post.id).where(Post.author_id == kept_id)),
        Flag.comment_id.in_(select(Comment.id).where(Comment.author_id == kept_id)),
    )
    _forget(theirs & own)
    for column in (Flag.post_id, Flag.comment_id):
        kept = select(column).where(Flag.flagger_id == kept_id, IS_OPEN, column.is_not(None))
        _forget((Flag.flagger_id == gone_id) & IS_OPEN & column.in_(kept))
    for owner in (Flag.flagger_id, Flag.settled_by_id):
        reassign_rows(Flag, owner, gone_id=gone_id, kept_id=kept_id)


def _forget(which: Any) -> None:
    """Delete flags by number: MariaDB deletes from no table that the same statement asks."""
    ids = db.session.scalars(select(Flag.id).where(which)).all()
    db.session.execute(delete(Flag).where(Flag.id.in_(ids)).execution_options(synchronize_session=False))
