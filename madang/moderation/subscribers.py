"""React to deletions, account merges and data exports, and notify flaggers of verdicts."""

from sqlalchemy import select

from madang.accounts.events import AccountsMerged, PersonalDataRequested
from madang.comments.events import CommentDeleted
from madang.comments.models import Comment
from madang.core.clock import now
from madang.core.db import db
from madang.posts.events import PostDeleted
from madang.posts.models import Post

from . import jobs
from .events import FlagsResolved
from .models import Flag
from .operations.merging import merge_flags
from .operations.resolving import resolve_by_deletion

FLAG_COLUMNS = (
    Flag.id,
    Flag.post_id,
    Flag.comment_id,
    Flag.reason,
    Flag.note,
    Flag.created_at,
    Flag.verdict,
    Flag.settled_at,
)


def on_post_deleted(event: PostDeleted) -> None:
    resolve_by_deletion(db.session.get_one(Post, event.post_id), deleter_id=event.actor_id, now=now())


def on_comment_deleted(event: CommentDeleted) -> None:
    resolve_by_deletion(db.session.get_one(Comment, event.comment_id), deleter_id=event.actor_id, now=now())


def on_flags_resolved(event: FlagsResolved) -> None:
    jobs.notify_of_verdict.enqueue(flag_ids=list(event.flag_ids))


def on_personal_data_requested(event: PersonalDataRequested) -> None:
    """Export the person's flags, without the names of the moderators who resolved them."""
    flags = select(*FLAG_COLUMNS).where(Flag.flagger_id == event.user_id)
    event.archive.add_rows("flags.json", flags.order_by(Flag.id))


def on_accounts_merged(event: AccountsMerged) -> None:
    merge_flags(event.target_id, event.source_id)
