"""Reassign the comments of an account that was merged into another."""

from sqlalchemy import update

from madang.core.db import db
from madang.core.db.reassign import reassign_rows

from ..models import Comment


def merge_commenters(target_id: int, source_id: int) -> None:
    """Reassign the comments of `source_id` to `target_id`."""
    cleared = update(Comment).where(Comment.author_id == source_id).values(fingerprint=None)
    db.session.execute(cleared.execution_options(synchronize_session=False))
    for owner in (Comment.author_id, Comment.deleted_by_id):
        reassign_rows(Comment, owner, source_id=source_id, target_id=target_id)
