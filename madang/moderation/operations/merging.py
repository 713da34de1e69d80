"""Move flags when one account is merged into another."""

from sqlalchemy import ColumnElement, delete, or_, select

from madang.comments.models import Comment
from madang.core.db import db
from madang.core.db.reassign import reassign_rows
from madang.posts.models import Post

from ..models import DELETION, Flag
from ..queries import IS_OPEN


def merge_flags(target_id: int, source_id: int) -> None:
    """Move flags and verdicts to the account `target_id`; drop open duplicates, and open flags on its own content.

    Its requests for the deletion of its questions stay.

    Call after its posts and comments were moved.
    """
    open_flags = Flag.flagger_id.in_((target_id, source_id)) & IS_OPEN & (Flag.reason != DELETION)
    on_own_content = or_(
        Flag.post_id.in_(select(Post.id).where(Post.author_id == target_id)),
        Flag.comment_id.in_(select(Comment.id).where(Comment.author_id == target_id)),
    )
    _delete_flags(open_flags & on_own_content)
    for column in (Flag.post_id, Flag.comment_id):
        already_flagged = select(column).where(Flag.flagger_id == target_id, IS_OPEN, column.is_not(None))
        _delete_flags((Flag.flagger_id == source_id) & IS_OPEN & column.in_(already_flagged))
    for owner in (Flag.flagger_id, Flag.settled_by_id):
        reassign_rows(owner, source_id=source_id, target_id=target_id)


def _delete_flags(condition: ColumnElement[bool]) -> None:
    """Delete flags by id: MariaDB cannot delete from a table that a subquery of the same statement reads."""
    ids = db.session.scalars(select(Flag.id).where(condition)).all()
    db.session.execute(delete(Flag).where(Flag.id.in_(ids)).execution_options(synchronize_session=False))
