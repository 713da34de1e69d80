"""Query notifications with the names and titles that their sentences need, and preferences."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Row, exists, select
from sqlalchemy.orm import aliased

from madang.accounts.models import User
from madang.accounts.queries.users import avatar_url, shown_name
from madang.boards.queries import hidden_board_ids
from madang.comments.models import COMMENT_VISIBLE, Comment
from madang.core.actor import Actor
from madang.core.db import db
from madang.core.errors import NotFound
from madang.posts.models import VISIBLE, Post
from madang.posts.queries.visibility import on_visible_boards

from .kinds import KINDS
from .models.tables import Notification, NotificationPreferences, Payload

_COLUMNS = (
    Notification.id,
    Notification.name,
    Notification.payload,
    Notification.post_id,
    Notification.created_at,
    Notification.read_at,
)


_About = aliased(Post)


@dataclass(frozen=True, slots=True)
class NotificationActor:
    """A person who caused a notification."""

    username: str
    display_name: str
    avatar_url: str | None
    role: str


@dataclass(frozen=True, slots=True)
class NotificationLine:
    """A notification with the people and the post's title; `is_gone` if the post or comment is not visible."""

    id: int
    name: str
    payload: Payload
    created_at: datetime | None
    is_read: bool
    people: tuple[NotificationActor, ...]
    title: str
    is_gone: bool


def activity_of(actor: Actor, *, before: int | None, limit: int, is_unread: bool = False) -> Sequence[Row]:
    """A page of a person's activity, the newest first; `before` is the last id of the previous page."""
    mine = select(*_COLUMNS).where(Notification.user_id == actor.id, Notification.is_activity, *_visible_to(actor))
    if before is not None:
        mine = mine.where(Notification.id < before)
    if is_unread:
        mine = mine.where(Notification.read_at.is_(None))
    return db.rows(mine.order_by(Notification.id.desc()).limit(limit))


def unread_between(since: datetime, until: datetime, *, actor: Actor, limit: int) -> Sequence[Row]:
    """A person's unread activity after `since` and not after `until`, the newest first."""
    is_theirs = (Notification.user_id == actor.id, Notification.is_activity, Notification.read_at.is_(None))
    is_within = (Notification.created_at > since, Notification.created_at <= until)
    mine = select(*_COLUMNS).where(*is_theirs, *is_within, *_visible_to(actor))
    return db.rows(mine.order_by(Notification.id.desc()).limit(limit))


def events_since(actor: Actor, *, since: datetime | None, after: int | None, limit: int) -> Sequence[Row]:
    """Activity and states for a person after a moment or an id, the oldest first."""
    columns = (*_COLUMNS, Notification.is_activity)
    mine = select(*columns).where(Notification.user_id == actor.id, Notification.name != "session_ended")
    mine = mine.where(*_visible_to(actor))
    if since is not None:
        mine = mine.where(Notification.created_at > since)
    if after is not None:
        mine = mine.where(Notification.id > after)
    return db.rows(mine.order_by(Notification.id).limit(limit))


def _visible_to(actor: Actor) -> Sequence[ColumnElement[bool]]:
    """Conditions: the notification is not about what stands on a board that the actor may not see, or not any more."""
    hidden = hidden_board_ids(actor)
    return [~on_boards(hidden)] if hidden else []


def on_boards(board_ids: Iterable[int]) -> ColumnElement[bool]:
    """Condition: the notification is about a post on one of these boards."""
    is_on = (_About.id == Notification.post_id, _About.board_id.in_(list(board_ids)))
    return exists().where(*is_on).correlate(Notification)


def get_notification(notification_id: int, actor: Actor) -> Notification:
    """Return one of the actor's notifications. Raises `NotFound`."""
    mine = select(Notification).where(Notification.id == notification_id, Notification.user_id == actor.id)
    notification = db.session.scalar(mine.where(Notification.is_activity, *_visible_to(actor)))
    if notification is None:
        raise NotFound
    return notification


def notification_lines(rows: Iterable[Row]) -> list[NotificationLine]:
    """Combine rows of notifications with the people's names and the posts' titles."""
    rows = list(rows)
    people = _people({actor for row in rows for actor in row.payload.get("actor_ids", ())})
    titles = _titles({row.post_id for row in rows if row.post_id})
    deleted_comments = _deleted_comments({row.payload["comment_id"] for row in rows if row.payload.get("comment_id")})
    return [
        NotificationLine(
            row.id,
            row.name,
            row.payload,
            row.created_at,
            row.read_at is not None,
            tuple(people[actor] for actor in row.payload.get("actor_ids", ()) if actor in people),
            titles.get(row.post_id, row.payload.get("title", "")),
            (row.post_id is not None and row.post_id not in titles)
            or row.payload.get("comment_id") in deleted_comments,
        )
        for row in rows
    ]


def build_line(name: str, payload: Payload, actor: Actor) -> NotificationLine:
    """Build the line of one notification without its row, for a mail to the actor."""
    actor_ids = [payload["actor_id"]] if payload.get("actor_id") else []
    people = _people(set(actor_ids))
    titles = _titles({payload["post_id"]}, actor) if payload.get("post_id") else {}
    is_gone = payload.get("post_id") is not None and payload["post_id"] not in titles
    if payload.get("comment_id"):
        is_gone = is_gone or bool(_deleted_comments({payload["comment_id"]}))
    fallback: str = payload.get("title", "")
    title = titles.get(payload.get("post_id", 0), fallback)
    named = tuple(people[actor] for actor in actor_ids if actor in people)
    return NotificationLine(0, name, payload, None, False, named, title, is_gone)


def _people(ids: set[int]) -> dict[int, NotificationActor]:
    columns = select(User.id, User.username, User.display_name, User.role, User.avatar_file)
    rows = db.rows(columns.where(User.id.in_(ids), User.deleted_at.is_(None))) if ids else []
    return {
        row.id: NotificationActor(
            row.username, shown_name(row.username, row.display_name, row.role), avatar_url(row.avatar_file), row.role
        )
        for row in rows
    }


def _titles(post_ids: set[int], actor: Actor | None = None) -> dict[int, str]:
    """Titles by post id, of the posts that are not deleted and that the actor, if given, may see.

    An answer has its question's.
    """
    if not post_ids:
        return {}
    question = Post.__table__.alias("question")
    columns = select(Post.id, Post.title, Post.parent_id, question.c.title, question.c.state)
    posts = columns.outerjoin(question, question.c.id == Post.parent_id)
    visible = posts.where(Post.id.in_(post_ids), Post.state == VISIBLE)
    return {
        post_id: parent_title if parent_id else title
        for post_id, title, parent_id, parent_title, parent_state in db.rows(
            on_visible_boards(visible, actor) if actor else visible
        )
        if parent_id is None or parent_state == VISIBLE
    }


def _deleted_comments(ids: set[int]) -> set[int]:
    if not ids:
        return set()
    return ids - set(
        db.session.scalars(select(Comment.id).where(Comment.id.in_(ids), Comment.state == COMMENT_VISIBLE))
    )


def preferences_of(user_id: int) -> NotificationPreferences:
    """Return a person's preferences; a new object outside the session if there are none."""
    stored = db.session.get(NotificationPreferences, user_id)
    return stored or NotificationPreferences(user_id=user_id, choices={}, digest="none")


def effective_preferences(user_id: int) -> dict[str, str]:
    """A person's effective preferences: the channel of each kind, and `digest`."""
    stored = preferences_of(user_id)
    choices = {kind.name: stored.choices.get(kind.name, kind.default_channel) for kind in KINDS.values()}
    return {**choices, "digest": stored.digest}
