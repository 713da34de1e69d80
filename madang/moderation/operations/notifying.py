"""Notify moderators of flags, and flaggers of the moderators' verdicts."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import select, true

from madang.accounts.models import User
from madang.accounts.queries.actors import group_ids_of
from madang.comments.models import Comment
from madang.comments.queries import get_comment
from madang.core.actor import STAFF, Actor
from madang.core.db import db
from madang.core.errors import Gone, NotFound
from madang.notifications.jobs import send_notices
from madang.notifications.kinds import Notice
from madang.notifications.kinds.content_flagged import ContentFlagged
from madang.notifications.kinds.deletion_decided import DeletionDecided
from madang.notifications.kinds.flag_settled import FlagSettled
from madang.notifications.operations.retracting import retract_flag
from madang.posts.models import Post
from madang.posts.queries.posts import get_post

from ..models import DELETION, Flag


def notify_flaggers(flag_ids: Iterable[int], *, now: datetime) -> None:
    """Notify each flagger of the verdict on their flag, except of a verdict of their own.

    The flags leave the unread notifications of the moderators.
    """
    flags = db.session.scalars(select(Flag).where(Flag.id.in_(list(flag_ids))).order_by(Flag.flagger_id))
    for flag in flags.all():
        if flag.flagger_id != flag.settled_by_id:
            send_notices([_notice(flag)], now=now)
        retract_flags(flag.flagger_id, post_id=flag.post_id, comment_id=flag.comment_id, now=now)


def notify_moderators(flag_id: int, *, now: datetime) -> None:
    """Notify all moderators of an open flag."""
    flag = db.session.get(Flag, flag_id)
    if flag is None or not flag.is_open:
        return
    ids = {"post_id": flag.post_id or db.session.get_one(Comment, flag.comment_id).post_id}
    if flag.comment_id is not None:
        ids["comment_id"] = flag.comment_id
    staff = select(User.id).where(User.role.in_(STAFF), User.deleted_at.is_(None)).order_by(User.id)
    is_active = User.suspended_until.is_(None) | (User.suspended_until <= now)
    moderator_ids, is_request = db.session.scalars(staff.where(is_active)).all(), flag.reason == DELETION
    notice = ContentFlagged().notice(moderator_ids, flag.flagger_id, _flag_key(flag), ids, is_request=is_request)
    send_notices([notice], now=now)


def retract_flags(flagger_id: int, *, post_id: int | None, comment_id: int | None, now: datetime) -> None:
    """Take a person's flag on a post or comment out of the moderators' unread notifications, unless it is open."""
    subject = Flag.post_id == post_id if post_id is not None else Flag.comment_id == comment_id
    is_open = select(Flag.id).where(subject, Flag.flagger_id == flagger_id, Flag.is_open == true())
    if db.session.scalar(is_open) is None:
        retract_flag(flagger_id, post_id=post_id, comment_id=comment_id, now=now)


def _flag_key(flag: Flag) -> str:
    return f"{flag.id}:{flag.created_at:%Y%m%d%H%M%S%f}"  # with the time: SQLite reuses ids


def _notice(flag: Flag) -> Notice:
    if flag.reason == DELETION:
        return _request_notice(flag)
    return FlagSettled().notice(
        flag.flagger_id,
        _flag_key(flag),
        verdict=flag.verdict,
        url=f"/comments/{flag.comment_id}" if flag.comment_id else f"/posts/{flag.post_id}",
        public_ids=_public_ids(flag),
    )


def _request_notice(flag: Flag) -> Notice:
    """The notice of the decision on a request; it names the question, which its author wrote, also when it is gone."""
    title = db.session.get_one(Post, flag.post_id).title
    words = {"verdict": flag.verdict or "", "reply": flag.reply, "title": title}
    return DeletionDecided().notice(flag.flagger_id, _flag_key(flag), flag.post_id or 0, words, _public_ids(flag))


def _public_ids(flag: Flag) -> dict[str, int]:
    """Ids of the flagged post and comment; empty if the flagger cannot see them any more."""
    flagger = Actor(
        id=flag.flagger_id, role="member", group_ids=group_ids_of(flag.flagger_id or 0)
    )  # staff see what is deleted too
    try:
        if flag.comment_id is None:
            return {"post_id": get_post(flag.post_id or 0, flagger).id}
        comment = get_comment(flag.comment_id, flagger)
    except (NotFound, Gone):
        return {}
    return {"post_id": comment.post_id, "comment_id": comment.id}
