"""Send notifications and digests as mails, with one-click unsubscribe links (RFC 8058)."""

from datetime import datetime
from typing import NamedTuple

from itsdangerous import BadData, URLSafeSerializer
from sqlalchemy import Row, select

from madang.accounts.models import User
from madang.core.actor import Actor
from madang.core.db import db
from madang.core.errors import NotFound
from madang.core.i18n import _, use_locale
from madang.core.mail import mail_domain, mail_locale, send_template, thread_headers
from madang.core.settings import setting
from madang.core.site import site
from madang.core.web.urls import external_url
from madang.messages.models import Conversation
from madang.posts.models import VISIBLE, Post

from ..kinds import KINDS
from ..models.tables import PERIODS, NotificationPreferences, Payload
from ..queries import activity_of, build_line, notification_lines, preferences_of
from ..sentences import mailed_sentence

MAX_DIGEST_LINES = 20
MAX_DIGEST_POSTS = 5


def send_notification(user_id: int, name: str, payload: Payload) -> None:
    """Mail one notification if the person still wants it, has a confirmed address, and the post still exists."""
    user = _get_mailable_user(user_id)
    if user is None or not KINDS[name].is_delivered_by("email", preferences_of(user_id).choices):
        return
    with use_locale(mail_locale(user.locale), user.timezone):  # guests' names are translated too
        line = build_line(name, payload)
        text = mailed_sentence(line)
        thread = _thread_of(payload) if KINDS[name].is_in_thread else None
        subject = f"[{site().name}] {thread.subject or text}" if thread else text
    if line.is_gone:
        return
    headers = thread_headers(thread.name) if thread else {}
    _send("mail/notification.txt", user, name, headers, subject=subject, text=text, link=_absolute_url(payload["url"]))


class Thread(NamedTuple):
    """What several mails are about: its name in their headers, and their subject; empty for that of the sentence."""

    name: str
    subject: str


def _thread_of(payload: Payload) -> Thread | None:
    """The post with its answers and comments, or the conversation, that a notification is about."""
    if post_id := payload.get("post_id"):
        post = db.session.get_one(Post, post_id)
        root = db.session.get_one(Post, post.parent_id) if post.parent_id else post
        return Thread(f"post-{root.id}", root.title)
    if conversation_id := payload.get("conversation_id"):
        conversation = db.session.get(Conversation, conversation_id)
        is_group = conversation is not None and conversation.is_group
        subject = _group_subject(conversation.title) if conversation and is_group else ""
        return Thread(f"conversation-{conversation_id}", subject)
    return None


def _group_subject(title: str) -> str:
    """The title of a group, marked as such: anybody can begin one, and a subject stands where senders' names stand."""
    return _("Group “%(title)s”", title=title) if title else _("Group conversation")


def send_digest(user_id: int, *, now: datetime) -> None:
    """Mail a person's unread notifications since the last digest and the best posts; no mail if there are none."""
    user = _get_mailable_user(user_id)
    preferences = preferences_of(user_id)
    if preferences.digest not in PERIODS or preferences.digest_at is None or preferences.digest_at > now:
        return
    since = preferences.digest_at - PERIODS[preferences.digest]  # the time of the previous digest
    preferences.digest_at = now + PERIODS[preferences.digest]
    if user is None:
        return
    mine = activity_of(Actor(id=user.id), before=None, limit=MAX_DIGEST_LINES, is_unread=True)
    unread = [row for row in mine if row.created_at > since]
    posts = _best_posts(since)
    if not unread and not posts:
        return
    with use_locale(mail_locale(user.locale), user.timezone):
        lines = [
            (mailed_sentence(line), _absolute_url(line.payload["url"]))
            for line in notification_lines(unread)
            if not line.is_gone
        ]
    _send(
        "mail/digest.txt",
        user,
        "digest",
        {},
        lines=lines,
        posts=[(post.title, _absolute_url(f"/posts/{post.id}")) for post in posts],
    )


def due_digests(*, now: datetime) -> list[int]:
    """Ids of the people whose digest is due."""
    due = NotificationPreferences.digest_at <= now
    return list(db.session.scalars(select(NotificationPreferences.user_id).where(due).order_by("user_id")))


def unsubscribe_token(user_id: int, kind: str) -> str:
    """Return a signed token that ends a person's mails of one kind. It never expires: old mails are kept for years."""
    return _signer().dumps([user_id, kind])


def read_unsubscribe_token(token: str) -> tuple[User, str]:
    """Return the person and the kind of an unsubscribe token. Raises `NotFound` if the signature is invalid."""
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


def _send(template: str, user: User, kind: str, headers: dict[str, str], **values: object) -> None:
    """Send a mail of a `kind`, with the headers by which mail programs sort it (RFC 2919) and end it (RFC 8058)."""
    stop = external_url("notifications.ask_unsubscribe", token=unsubscribe_token(user.id, kind))
    headers |= {
        "List-Id": f"<notifications.{mail_domain()}>",
        "List-Unsubscribe": f"<{stop}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    }
    settings = external_url("notifications.preferences")
    send_template(
        template, to=user.email or "", locale=mail_locale(user.locale), headers=headers,
        user=user, stop=stop, settings=settings, **values,
    )  # fmt: skip


def _get_mailable_user(user_id: int) -> User | None:
    """Return the person if they have a confirmed address; an unconfirmed one may be somebody else's."""
    user = db.session.get(User, user_id)
    if user is None or user.is_deleted or not user.email or user.email_confirmed_at is None:
        return None
    return user


def _best_posts(since: datetime) -> list[Row]:
    posts = select(Post.id, Post.title).where(Post.kind != "answer", Post.state == VISIBLE, Post.created_at > since)
    return list(
        db.rows(posts.order_by(Post.score.desc(), Post.answer_count.desc(), Post.id.desc()).limit(MAX_DIGEST_POSTS))
    )


def _absolute_url(path: str) -> str:
    return external_url("posts.home").rstrip("/") + path
