"""Notifications of the browser tests' site: read, unread, grouped, and about deleted posts."""

from collections.abc import Callable
from datetime import datetime, timedelta

from sqlalchemy import update

from madang.core.actor import Actor
from madang.core.db import db
from madang.notifications.kinds import Notice
from madang.notifications.models.tables import Notification
from madang.notifications.operations.delivering import deliver_notices
from madang.notifications.operations.mails import unsubscribe_token
from madang.notifications.operations.notifying import mark_post_read, mark_read
from madang.notifications.queries import activity_of
from tests.browser.content import MEMBER

GetActor = Callable[[str], Actor]
READER = "gaon"


def add_notifications(actor: GetActor, places: dict[str, int], moment: datetime) -> str:
    """Add notifications that jobs have not written. Returns the token of a mail's unsubscribe link."""
    member = actor(MEMBER)
    mine = member.id or 0
    mark_post_read([places["edited"], places["answer"]], user_id=mine, now=moment)
    deleted = {"actor_id": actor("june").id, "post_id": places["deleted"], "url": f"/posts/{places['deleted']}"}
    finished = {"job_name": "tools.count_words", "state": "done", "url": f"/jobs/{places['job_done']}"}
    for name, payload in (
        ("mentioned", deleted),
        ("todo_due", {"title": "이삿짐센터에 전화하기", "url": "/todos"}),
        ("todo_due", {"title": "w" * 70, "url": "/todos"}),
        ("job_finished", finished),
    ):
        group = f"{name}:{payload.get('title', '')[:9]}"
        notice = Notice(kind=name, recipients=[mine], dedupe_key=group, group_key=group, payload=payload)
        deliver_notices([notice], now=moment)
    mark_read(None, actor=actor(READER), now=moment)
    return unsubscribe_token(mine, "comment_posted")


def backdate_notifications(member: Actor, moment: datetime) -> None:
    """Set different times for the notifications of a member."""
    for number, row in enumerate(activity_of(member, before=None, limit=100)):
        created_at = moment - timedelta(minutes=4 + 37 * number * number)
        db.session.execute(update(Notification).where(Notification.id == row.id).values(created_at=created_at))
