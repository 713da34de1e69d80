"""Notify flaggers of the moderators' verdicts."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import select

from madang.comments.queries import get_comment
from madang.core.actor import VISITOR
from madang.core.db import db
from madang.core.errors import Gone, NotFound
from madang.notifications.jobs import send_notices
from madang.notifications.kinds import Notice
from madang.notifications.kinds.flag_settled import FlagSettled
from madang.posts.queries.posts import get_post

from ..models import Flag


def notify_flaggers(flag_ids: Iterable[int], *, now: datetime) -> None:
    """Notify each flagger of the verdict on their flag, except of a verdict of their own."""
    flags = db.session.scalars(select(Flag).where(Flag.id.in_(list(flag_ids))).order_by(Flag.flagger_id))
    for flag in flags.all():
        if flag.flagger_id != flag.settled_by_id:
            send_notices([_notice(flag)], now=now)


def _notice(flag: Flag) -> Notice:
    return FlagSettled().notice(
        flag.flagger_id,
        f"{flag.id}:{flag.created_at:%Y%m%d%H%M%S}",  # with the time: SQLite reuses ids
        verdict=flag.verdict,
        url=f"/comments/{flag.comment_id}" if flag.comment_id else f"/posts/{flag.post_id}",
        public_ids=_public_ids(flag),
    )


def _public_ids(flag: Flag) -> dict[str, int]:
    """Ids of the flagged post and comment; empty if they are not visible to everybody any more."""
    try:
        if flag.comment_id is None:
            return {"post_id": get_post(flag.post_id or 0, VISITOR).id}
        comment = get_comment(flag.comment_id, VISITOR)
    except (NotFound, Gone):
        return {}
    return {"post_id": comment.post_id, "comment_id": comment.id}
