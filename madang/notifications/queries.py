"""What somebody was told, as rows; who did it and what it is about."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, select

from madang.accounts.models import User
from madang.accounts.queries.users import avatar_url, shown_name
from madang.comments.models import VISIBLE as COMMENT_VISIBLE
from madang.comments.models import Comment
from madang.core.actor import Actor
from madang.core.db import db
from madang.core.errors import NotFound
from madang.posts.models import VISIBLE, Post

from .models.kinds import KINDS
from .models.tables import Notification, NotificationPreferences

_LISTED = (
    Notification.id,
    Notification.name,
    Notification.payload,
    Notification.post_id,
    Notification.created_at,
    Notification.read_at,
)


@dataclass(frozen=True, slots=True)
class Doer:
    """Somebody who did what one is told of."""

    username: str
    display_name: str
    avatar_url: str | None


@dataclass(frozen=True, slots=True)
class Line:
    """A notification with what it takes to say it: the people by name, the title of the post, if one may see it."""

    id: int
    name: str
    payload: dict[str, Any]
    created_at: datetime | None
    is_read: bool
    people: tuple[Doer, ...]
    title: str
    is_gone: bool


def activity_of(actor: Actor, *, before: int | None, limit: int, is_unread: bool = False) -> Sequence[Row]:
    """A person's activity, the newest first; `before` is the id that the page before ended with."""
    mine = select(*_LISTED).where(Notification.user_id == actor.id, Notification.is_activity)
    if before is not None:
        mine = mine.where(Notification.id < before)
    if is_unread:
        mine = mine.where(Notification.read_at.is_(None))
    return db.rows(mine.order_by(Notification.id.desc()).limit(limit))


def told_since(actor: Actor, *, since: datetime | None, after: int | None, limit: int) -> Sequence[Row]:
    """Everything that a person was told after a moment or an id, the oldest first: activity and states alike."""
    columns = (*_LISTED, Notification.is_activity)
    mine = select(*columns).where(Notification.user_id == actor.id, Notification.name != "session_ended")
    if since is not None:
        mine = mine.where(Notification.created_at > since)
    if after is not None:
        mine = mine.where(Notification.id > after)
    return db.rows(mine.order_by(Notification.id).limit(limit))


def get_notification(notification_id: int, actor: Actor) -> Notification:
    """One's own notification. Raises `NotFound`."""
    found = db.session.get(Notification, notification_id)
    if found is None or actor.id is None or found.user_id != actor.id or not found.is_activity:
        raise NotFound
    return found


def lines(rows: Iterable[Row]) -> list[Line]:
    """Rows with names and titles; what has been taken away since says so, and no more."""
    rows = list(rows)
    people = _people({actor for row in rows for actor in row.payload.get("actor_ids", ())})
    titles = _titles({row.post_id for row in rows if row.post_id})
    gone = _gone_comments({row.payload["comment_id"] for row in rows if row.payload.get("comment_id")})
    return [
        Line(
            row.id,
            row.name,
            row.payload,
            row.created_at,
            row.read_at is not None,
            tuple(people[actor] for actor in row.payload.get("actor_ids", ()) if actor in people),
            titles.get(row.post_id, row.payload.get("title", "")),
            (row.post_id is not None and row.post_id not in titles) or row.payload.get("comment_id") in gone,
        )
        for row in rows
    ]


def notice_of(name: str, payload: dict[str, Any]) -> Line:
    """A single thing to tell, before or beside its row: for a mail."""
    doers = [payload["actor_id"]] if payload.get("actor_id") else []
    people = _people(set(doers))
    titles = _titles({payload["post_id"]}) if payload.get("post_id") else {}
    is_gone = payload.get("post_id") is not None and payload["post_id"] not in titles
    if payload.get("comment_id"):
        is_gone = is_gone or bool(_gone_comments({payload["comment_id"]}))
    title = titles.get(payload.get("post_id", 0), payload.get("title", ""))
    named = tuple(people[doer] for doer in doers if doer in people)
    return Line(0, name, payload, None, False, named, title, is_gone)


def _people(ids: set[int]) -> dict[int, Doer]:
    columns = select(User.id, User.username, User.display_name, User.role, User.avatar_file)
    rows = db.rows(columns.where(User.id.in_(ids), User.deleted_at.is_(None))) if ids else []
    return {
        row.id: Doer(row.username, shown_name(row.username, row.display_name, row.role), avatar_url(row.avatar_file))
        for row in rows
    }


def _titles(post_ids: set[int]) -> dict[int, str]:
    """The titles of those posts that anybody may see; an answer has its question's."""
    if not post_ids:
        return {}
    question = Post.__table__.alias("question")
    columns = select(Post.id, Post.title, Post.parent_id, question.c.title, question.c.state)
    found = columns.outerjoin(question, question.c.id == Post.parent_id)
    return {
        post_id: parent_title if parent_id else title
        for post_id, title, parent_id, parent_title, parent_state in db.rows(
            found.where(Post.id.in_(post_ids), Post.state == VISIBLE)
        )
        if parent_id is None or parent_state == VISIBLE
    }


def _gone_comments(ids: set[int]) -> set[int]:
    if not ids:
        return set()
    return ids - set(
        db.session.scalars(select(Comment.id).where(Comment.id.in_(ids), Comment.state == COMMENT_VISIBLE))
    )


def preferences_of(user_id: int) -> NotificationPreferences:
    """What somebody chose; a new row, not yet in the database, where they chose nothing."""
    kept = db.session.get(NotificationPreferences, user_id)
    return kept or NotificationPreferences(user_id=user_id, choices={}, digest="none")


def chosen_of(user_id: int) -> dict[str, str]:
    """What holds for somebody: each kind with where they are told of it, and `digest`."""
    kept = preferences_of(user_id)
    chosen = {kind.name: kept.choices.get(kind.name, kind.default) for kind in KINDS.values()}
    return {**chosen, "digest": kept.digest}
