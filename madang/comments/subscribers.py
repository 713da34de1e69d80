"""Reactions of comments to events of accounts."""

from sqlalchemy import select

from madang.accounts.events import AccountsMerged, PersonalDataRequested

from .models import Comment
from .operations.merging import merge_commenters

EXPORTED_COLUMNS = (
    Comment.id,
    Comment.post_id,
    Comment.parent_id,
    Comment.body,
    Comment.score,
    Comment.created_at,
    Comment.edited_at,
    Comment.deleted_at,
)


def on_personal_data_requested(event: PersonalDataRequested) -> None:
    """Add the person's comments to the archive of their data."""
    comments = select(*EXPORTED_COLUMNS).where(Comment.author_id == event.user_id)
    event.archive.add_rows("comments.json", comments.order_by(Comment.id))


def on_accounts_merged(event: AccountsMerged) -> None:
    merge_commenters(event.target_id, event.source_id)
