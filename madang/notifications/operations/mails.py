"""Send notifications and digests as mails, with one-click unsubscribe links (RFC 8058)."""

from datetime import datetime
from typing import NamedTuple

from itsdangerous import BadData, URLSafeSerializer
from sqlalchemy import Row, select, update

from madang.accounts.models import User
from madang.accounts.queries.actors import actor_of
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
from madang.posts.queries.visibility import on_visible_boards

from ..kinds import KINDS
from ..models.tables import PERIODS, NotificationPreferences, Payload
from ..queries import build_line, notification_lines, preferences_of, unread_between
from ..sentences import mailed_sentence

MAX_DIGEST_LINES = 20
MAX_DIGEST_POSTS = 5


def send_notification(user_id: int, name: str, payload: Payload) -> None:
    """Mail one notification if the person still wants it, has a confirmed address, and the post still exists."""
    user = _get_mailable_user(user_id)
    if user is None or not KINDS[name].is_delivered_by("email", preferences_of(user_id).choices):
        return
    with use_locale(mail_locale(user.locale), user.timezone):  # guests' names are translated too
        line = build_line(name, payload, actor_of(user))
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


class DueDigest(NamedTuple):
    """A digest of what happened after `since`, the time of the person's previous one, until `until`."""

    user_id: int
    since: datetime
    until: datetime


def take_due_digests(*, now: datetime) -> list[DueDigest]:
    """Take the digests that are due: the caller sees to each, and the person's next one is due a period from now.

    Of several callers at once one takes each, when it commits.
    """
    table = NotificationPreferences
    is_due = (table.digest_at <= now, table.digest.in_(PERIODS))
    columns = select(table.user_id, table.digest, table.digest_at).where(*is_due).order_by(table.user_id)
    taken = []
    for user_id, digest, due_at in db.rows(columns):
        is_same = (table.user_id == user_id, table.digest == digest, table.digest_at == due_at)
        if db.write(update(table).where(*is_same).values(digest_at=now + PERIODS[digest])).rowcount:
            taken.append(DueDigest(user_id, due_at - PERIODS[digest], now))
    return taken


def send_digest(digest: DueDigest) -> None:
    """Mail a person's unread notifications and the best posts of a digest's time; no mail if there are none, or if the
    person wants no digest any more.
    """
    user = _get_mailable_user(digest.user_id)
    if user is None or preferences_of(user.id).digest not in PERIODS:
        return
    actor = actor_of(user)
    unread = unread_between(digest.since, digest.until, actor=actor, limit=MAX_DIGEST_LINES)
    posts = _best_posts(digest, actor)
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


def _best_posts(digest: DueDigest, actor: Actor) -> list[Row]:
    is_new = (Post.created_at > digest.since, Post.created_at <= digest.until)
    posts = select(Post.id, Post.title).where(Post.kind != "answer", Post.state == VISIBLE, *is_new)
    best = posts.order_by(Post.score.desc(), Post.answer_count.desc(), Post.id.desc()).limit(MAX_DIGEST_POSTS)
    return list(db.rows(on_visible_boards(best, actor)))


def _absolute_url(path: str) -> str:
    return external_url("posts.home").rstrip("/") + path
