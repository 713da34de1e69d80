"""Take notifications away again when what they tell of is deleted or taken back."""

from collections.abc import Callable
from datetime import datetime

from sqlalchemy import ColumnElement, Select, delete, select, update

from madang.accounts.models import User
from madang.accounts.queries.actors import actor_of
from madang.boards.queries import hidden_board_ids, readers_among
from madang.comments.models import Comment
from madang.core.db import add_to, db
from madang.posts.models import Post
from madang.votes.models import CommentVote, PostVote

from ..kinds import KINDS
from ..models.tables import Notification, NotificationReceipt
from ..queries import on_boards, preferences_of
from .grouping import Part, parts_of, without
from .notifying import UNREAD_COUNT, publish_count

IsGone = Callable[[Part], bool]


def retract_about_post(post_id: int, *, now: datetime) -> None:
    """Delete the notifications about a post, its answers and the comments on it."""
    parent_id = db.session.scalar(select(Post.parent_id).where(Post.id == post_id))
    gone = {post_id, *db.session.scalars(select(Post.id).where(Post.parent_id == post_id))}
    # The row of a group of answers names the latest of them.
    siblings = select(Post.id).where(Post.parent_id == parent_id) if parent_id is not None else ()
    is_in_thread = Notification.post_id.in_(gone) | Notification.post_id.in_(siblings)
    _retract(is_in_thread, lambda part: part.get("post_id") in gone, now=now)


def retract_about_comment(comment_id: int, *, now: datetime) -> None:
    """Delete the notifications about a comment."""
    post_id = db.session.scalar(select(Comment.post_id).where(Comment.id == comment_id))
    _retract(Notification.post_id == post_id, lambda part: part.get("comment_id") == comment_id, now=now)


def retract_about_board(board_id: int, *, now: datetime) -> None:
    """Delete the notifications about what stands on a board of people who may not see it."""
    is_about = on_boards([board_id])
    people = db.rows(select(Notification.user_id).where(is_about, Notification.user_id.is_not(None)).distinct())
    told = {row.user_id for row in people}
    for user_id in sorted(told - readers_among(board_id, told)):
        _retract(is_about & (Notification.user_id == user_id), _is_any, now=now)


def retract_hidden_of(user_id: int, *, now: datetime) -> None:
    """Delete a person's notifications about what stands on boards that they may not see."""
    user = db.session.get(User, user_id)
    hidden = hidden_board_ids(actor_of(user)) if user is not None else ()
    if hidden:
        _retract(on_boards(hidden) & (Notification.user_id == user_id), _is_any, now=now)


def _is_any(_part: Part) -> bool:
    return True


def retract_vote(voter_id: int, *, post_id: int | None = None, comment_id: int | None = None, now: datetime) -> None:
    """Take an upvote that was taken back out of the author's unread notifications, unless it was given again."""
    vote: PostVote | CommentVote | None
    subject: Post | Comment | None
    if post_id is not None:
        subject, vote, kind = db.session.get(Post, post_id), db.session.get(PostVote, (voter_id, post_id)), "post"
    else:
        subject, vote = db.session.get(Comment, comment_id), db.session.get(CommentVote, (voter_id, comment_id))
        kind = "comment"
    is_up = vote is not None and getattr(vote, "value", 1) > 0
    if subject is not None and subject.author_id is not None and not is_up:
        key, group = f"vote:{kind}:{subject.id}:{voter_id}", f"votes:{kind}:{subject.id}"
        _retract_unread(subject.author_id, "post_voted", key, group, now=now)


def retract_acceptance(answer_id: int, *, now: datetime) -> None:
    """Take away the unread notification of an acceptance that was taken back, unless it was given again."""
    answer = db.session.get(Post, answer_id)
    question = db.session.get(Post, answer.parent_id) if answer is not None else None
    if answer is None or question is None or answer.author_id is None or question.accepted_answer_id == answer_id:
        return
    key = f"accepted:{answer_id}"
    _retract_unread(answer.author_id, "answer_accepted", key, key, now=now)


def retract_flag(flagger_id: int, *, post_id: int | None, comment_id: int | None, now: datetime) -> None:
    """Take a person's flag on a post or comment out of the unread notifications of the moderators."""
    if post_id is None:
        post_id = db.session.scalar(select(Comment.post_id).where(Comment.id == comment_id))
    is_unread = (Notification.name == "content_flagged") & Notification.read_at.is_(None)

    def is_gone(part: Part) -> bool:
        return part.get("comment_id") == comment_id and part.get("actor_id") == flagger_id

    _retract((Notification.post_id == post_id) & is_unread, is_gone, now=now)


def _retract_unread(user_id: int, kind: str, key: str, group: str, *, now: datetime) -> None:
    """Take the notification with the receipt `key` out of a person's unread ones.

    The receipt goes too, so that they are notified when it happens again; but nobody can send them mail upon mail.
    """
    is_unread = (Notification.group_key == group) & Notification.read_at.is_(None)
    is_retracted = _retract((Notification.user_id == user_id) & is_unread, lambda part: part.get("key") == key, now=now)
    if is_retracted and not KINDS[kind].is_delivered_by("email", preferences_of(user_id).choices):
        receipt = (NotificationReceipt.user_id == user_id) & (NotificationReceipt.dedupe_key == key)
        db.write(delete(NotificationReceipt).where(receipt))


def _retract(condition: ColumnElement[bool], is_gone: IsGone, *, now: datetime) -> bool:
    """Take what `is_gone` out of the activity that meets `condition`; publish the unread counts that fall.

    Returns whether there was any.
    """
    rows = select(Notification.id, Notification.user_id, Notification.payload, Notification.read_at).where(
        condition, Notification.is_activity, Notification.user_id.is_not(None)
    )
    user_ids = {row.user_id for row in db.rows(rows) if any(map(is_gone, parts_of(row.payload)))}
    for user_id in sorted(user_ids):
        _retract_of(user_id, rows.where(Notification.user_id == user_id), is_gone, now=now)
    return bool(user_ids)


def _retract_of(user_id: int, rows: Select, is_gone: IsGone, *, now: datetime) -> None:
    """As `_retract`, for one person, whose row is locked as for delivering: a new notification replaces its group's."""
    db.session.execute(select(User.id).where(User.id == user_id).with_for_update())
    deleted_unread = 0
    for row in db.rows(rows):
        if not any(map(is_gone, parts_of(row.payload))):
            continue
        is_row = Notification.id == row.id
        payload = without(row.payload, is_gone)
        if payload is None:
            db.write(delete(Notification).where(is_row))
            deleted_unread += row.read_at is None
        else:
            db.write(update(Notification).where(is_row).values(payload=payload, post_id=payload.get("post_id")))
    if deleted_unread:
        add_to(User, user_id, unread_notification_count=-deleted_unread)
        publish_count(user_id, UNREAD_COUNT, now=now)
