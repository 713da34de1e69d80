"""Reassign the posts of an account that was merged into another."""

from sqlalchemy import update

from madang.core.db import db
from madang.core.db.reassign import reassign_rows

from ..models import Attachment, Draft, Post, Revision

ACCOUNT_COLUMNS = (
    (Post, Post.author_id),
    (Post, Post.editor_id),
    (Post, Post.deleted_by_id),
    (Revision, Revision.author_id),
)


def merge_authors(target_id: int, source_id: int) -> None:
    """Reassign posts, revisions, drafts and pictures to `target_id`, whose own draft wins where both have one."""
    cleared = update(Post).where(Post.author_id == source_id).values(fingerprint=None)  # unique: both may have the same
    db.session.execute(cleared.execution_options(synchronize_session=False))
    for table, owner in (*ACCOUNT_COLUMNS, (Attachment, Attachment.owner_id)):
        reassign_rows(table, owner, source_id=source_id, target_id=target_id)
    reassign_rows(Draft, Draft.user_id, source_id=source_id, target_id=target_id, once_for=Draft.place)
