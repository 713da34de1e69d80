"""Notify flaggers of the moderators' verdicts."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import select

from madang.comments.queries import get_comment
from madang.core.actor import VISITOR
from madang.core.db import db
from madang.core.errors import Gone, NotFound
from madang.notifications.jobs import notify_one
from madang.posts.queries.posts import get_post

from ..models import Flag


def notify_flaggers(flag_ids: Iterable[int], *, now: datetime) -> None:
    """Notify each flagger of the verdict on their flag, except of a verdict of their own."""
    flags = db.session.scalars(select(Flag).where(Flag.id.in_(list(flag_ids))).order_by(Flag.flagger_id))
    for flag in flags.all():
        if flag.flagger_id != flag.settled_by_id:
            dedupe_key = f"flag:{flag.id}:{flag.created_at:%Y%m%d%H%M%S}"  # with the time: SQLite reuses ids
            url = f"/comments/{flag.comment_id}" if flag.comment_id else f"/posts/{flag.post_id}"
            payload = {"verdict": flag.verdict, "url": url, **_public_ids(flag)}
            notify_one(flag.flagger_id, "flag_settled", dedupe_key, payload, now=now)


def _public_ids(flag: Flag) -> dict[str, int]:
    """Ids of the flagged post and comment; empty if they are not visible to everybody any more."""
    try:
        if flag.comment_id is None:
            return {"post_id": get_post(flag.post_id or 0, VISITOR).id}
        comment = get_comment(flag.comment_id, VISITOR)
    except (NotFound, Gone):
        return {}
    return {"post_id": comment.post_id, "comment_id": comment.id}
