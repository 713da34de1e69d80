"""React to deletions, and notify moderators of flags and flaggers of verdicts."""

from madang.comments.events import CommentDeleted
from madang.comments.models import Comment
from madang.core.clock import now
from madang.core.db import db
from madang.posts.events import PostDeleted
from madang.posts.models import Post

from . import jobs
from .events import ContentFlagged, FlagsResolved, FlagWithdrawn
from .operations.resolving import resolve_by_deletion


def on_post_deleted(event: PostDeleted) -> None:
    resolve_by_deletion(db.session.get_one(Post, event.post_id), deleter_id=event.actor_id, now=now())


def on_comment_deleted(event: CommentDeleted) -> None:
    resolve_by_deletion(db.session.get_one(Comment, event.comment_id), deleter_id=event.actor_id, now=now())


def on_content_flagged(event: ContentFlagged) -> None:
    jobs.notify_of_flag.enqueue(flag_id=event.flag_id)


def on_flag_withdrawn(event: FlagWithdrawn) -> None:
    jobs.retract_flag.enqueue(flagger_id=event.flagger_id, post_id=event.post_id, comment_id=event.comment_id)


def on_flags_resolved(event: FlagsResolved) -> None:
    jobs.notify_of_verdict.enqueue(flag_ids=list(event.flag_ids))
