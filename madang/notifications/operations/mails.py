"""Notifications and digests as mails, with the link that ends them without a log-in (RFC 8058)."""

from datetime import datetime
from typing import Any

from itsdangerous import BadData, URLSafeSerializer
from sqlalchemy import select

from madang.accounts.models import User
from madang.core.actor import Actor
from madang.core.db import db
from madang.core.errors import NotFound
from madang.core.i18n import use_locale
from madang.core.mail import readers_locale, send_template
from madang.core.settings import setting
from madang.core.web.urls import external_url
from madang.posts.models import VISIBLE, Post

from ..models.kinds import KINDS, is_told_by
from ..models.tables import PERIODS, NotificationPreferences
from ..queries import activity_of, lines, notice_of, preferences_of
from ..sentences import sentence

DIGEST_LINES = 20
DIGEST_POSTS = 5


def send_notification(user_id: int, name: str, payload: dict[str, Any]) -> None:
    """Mail one notification, if its reader still wants it, can be reached and what it tells of is still there."""
    user = _reachable(user_id)
    if user is None or not is_told_by(name, "email", preferences_of(user_id).choices):
        return
    with use_locale(readers_locale(user.locale), user.timezone):  # a guest's name is said in the reader's language too
        line = notice_of(name, payload)
        text = sentence(line)
    if line.is_gone:
        return
    link = _absolute(payload["url"])
    _send("mail/notification.txt", user, name, text=text, link=link)


def send_digest(user_id: int, *, now: datetime) -> None:
    """Mail what somebody has not read since the last digest, and what was well received; nothing sends nothing."""
    user = _reachable(user_id)
    preferences = preferences_of(user_id)
    if preferences.digest not in PERIODS or preferences.digest_at is None or preferences.digest_at > now:
        return
    since = preferences.digest_at - PERIODS[preferences.digest]  # where the one before ended
    preferences.digest_at = now + PERIODS[preferences.digest]
    if user is None:
        return
    mine = activity_of(Actor(id=user.id), before=None, limit=DIGEST_LINES, is_unread=True)
    unread = [row for row in mine if row.created_at > since]
    posts = _best_posts(since)
    if not unread and not posts:
        return
    with use_locale(readers_locale(user.locale), user.timezone):
        told = [(sentence(line), _absolute(line.payload["url"])) for line in lines(unread) if not line.is_gone]
    _send("mail/digest.txt", user, "digest", told=told, posts=[(p.title, _absolute(f"/posts/{p.id}")) for p in posts])


def due_digests(*, now: datetime) -> list[int]:
    """Whose digest is due."""
    due = NotificationPreferences.digest_at <= now
    return list(db.session.scalars(select(NotificationPreferences.user_id).where(due).order_by("user_id")))


def unsubscribe_token(user_id: int, kind: str) -> str:
    """Lets its bearer end the mails of one kind, without end: old mails lie about for years."""
    return _signer().dumps([user_id, kind])


def read_unsubscribe_token(token: str) -> tuple[User, str]:
    """Whose mails of which kind the link ends. Raises `NotFound` for what we did not sign."""
    try:
        user_id, kind = _signer().loads(token)
    except (BadData, ValueError):
        raise NotFound from None
    user = db.session.get(User, user_id)
    if user is None or user.is_deleted or (kind not in KINDS and kind != "digest"):
        raise NotFound
    return user, kind


def _signer() -> URLSafeSerializer:
    return URLSafeSerializer(setting("SECRET_KEY"), salt="madang unsubscribe")


def _send(template: str, user: User, kind: str, **values: Any) -> None:
    stop = external_url("notifications.ask_unsubscribe", token=unsubscribe_token(user.id, kind))
    headers = {"List-Unsubscribe": f"<{stop}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}
    settings = external_url("notifications.preferences")
    send_template(
        template, to=user.email or "", locale=readers_locale(user.locale), headers=headers,
        user=user, stop=stop, settings=settings, **values,
    )  # fmt: skip


def _reachable(user_id: int) -> User | None:
    """Who can be reached by mail: an address nobody has confirmed may be a stranger's."""
    user = db.session.get(User, user_id)
    if user is None or user.is_deleted or not user.email or user.email_confirmed_at is None:
        return None
    return user


def _best_posts(since: datetime) -> list[Any]:
    best = select(Post.id, Post.title).where(Post.kind != "answer", Post.state == VISIBLE, Post.created_at > since)
    return list(db.rows(best.order_by(Post.score.desc(), Post.answer_count.desc(), Post.id.desc()).limit(DIGEST_POSTS)))


def _absolute(path: str) -> str:
    return external_url("posts.home").rstrip("/") + path
