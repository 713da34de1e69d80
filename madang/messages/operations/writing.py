"""Start conversations and post messages, by people or by the site."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Row, case, select, update
from sqlalchemy.exc import IntegrityError

from madang.accounts.models import User
from madang.accounts.operations.checks import title_error
from madang.accounts.queries.users import existing_usernames
from madang.core.actor import Actor
from madang.core.db import db, lock_row
from madang.core.db.dedup import fingerprints, insert_deduplicated
from madang.core.errors import NotFound, raise_if_invalid, require, too_long_error
from madang.core.events import emit
from madang.core.i18n import _, number
from madang.core.markdown.renderer import render
from madang.core.markdown.sanitizer import excerpt
from madang.core.markdown.visible import shows
from madang.core.text import clean_body, clean_line
from madang.posts.operations.pictures import send_pictures

from ..events import MessagePosted, UnreadMessagesChanged
from ..models import BODY_MAX, EXCERPT_LENGTH, TITLE_MAX, Block, Conversation, ConversationMember, Message
from ..policies import can_post_message, can_start_conversation
from ..queries.people import blocks_among
from .recipients import Recipients, read_recipients, unreachable_error

Members = list[ConversationMember]


def start_conversation(*, actor: Actor, to: str, body: str, now: datetime, title: str = "") -> Message:
    """Write to the people named in `to`: continues the one conversation of two people, creates one for a group.

    Emits `MessagePosted`. Raises `InvalidInput` (to, title, body) and `Forbidden`.
    """
    require_can_start(actor)
    body, title = clean_body(body), clean_line(title)
    people, recipients_error = read_recipients(to, actor, now)
    html, body_error = _render(body)
    problem = too_long_error(title, TITLE_MAX) or (title_error(title, role=actor.role) if title else None)
    raise_if_invalid(to=recipients_error, title=problem, body=body_error)
    conversation = _get_conversation_with(people, actor, title=title, body=body, now=now)
    if title and title != conversation.title:
        conversation.title = title
    send_pictures(html, actor=actor)
    return _insert_message(conversation, author_id=actor.id, body=body, html=html, now=now)


def require_can_start(actor: Actor) -> None:
    """Raise `Forbidden` if the actor cannot start a conversation."""
    message = _("You cannot start a conversation right now.")
    if actor.is_guest:
        message = _("Guests can answer messages they get. To start a conversation, please sign up or log in.")
    require(can_start_conversation(actor), message)


def _get_conversation_with(people: Recipients, actor: Actor, *, title: str, body: str, now: datetime) -> Conversation:
    ids = sorted({actor.id or 0, *(person.id for person in people)})
    is_group = len(ids) > 2
    keys = fingerprints("group", actor.id, *ids, title, body, now=now) if is_group else [f"pair:{ids[0]}:{ids[1]}"]
    conversation = _get_or_create_conversation(keys, is_group=is_group, now=now)
    _add_members(conversation, ids, returning_id=actor.id, now=now)
    return conversation


def _get_or_create_conversation(keys: list[str], *, now: datetime, **values: bool) -> Conversation:
    """Find the conversation with one of these keys or create it; concurrent calls get the same one."""
    matching = select(Conversation).where(Conversation.people_key.in_(keys))
    if existing := db.session.scalar(matching):
        return existing
    conversation = Conversation(people_key=keys[0], last_message_at=now, created_at=now, **values)
    try:
        with db.session.begin_nested():
            db.session.add(conversation)
            db.session.flush()
    except IntegrityError:
        if existing := db.session.scalar(matching):
            return existing
        raise
    return conversation


def _add_members(conversation: Conversation, user_ids: list[int], *, returning_id: int | None, now: datetime) -> None:
    """Add these people as members; let the member `returning_id` rejoin if they have left."""
    lock_row(conversation)
    members = {member.user_id: member for member in _lock_members(conversation)}
    for user_id in user_ids:
        if user_id not in members:
            member = ConversationMember(conversation_id=conversation.id, user_id=user_id, last_message_at=now)
            _reset_membership(member, conversation, now)
            db.session.add(member)
    if (returning := members.get(returning_id or 0)) and returning.has_left:
        _reset_membership(returning, conversation, now)
    db.session.flush()


def _reset_membership(member: ConversationMember, conversation: Conversation, now: datetime) -> None:
    """Let the person join now: earlier messages stay hidden from them."""
    member.left_at, member.joined_at = None, now
    member.starts_after_id = conversation.last_message_id
    member.last_read_message_id = min(member.last_read_message_id or 0, conversation.last_message_id)


def post_message(conversation: Conversation, *, actor: Actor, body: str, now: datetime) -> Message:
    """Post a message in a conversation. Emits `MessagePosted`.

    Raises `InvalidInput` (body), `Forbidden`, and `NotFound` for people who are not members.
    """
    body = clean_body(body)
    html, body_error = _render(body)
    raise_if_invalid(body=body_error)
    lock_row(conversation)
    require(can_post_message(actor, conversation), _("You cannot write here right now."))
    raise_if_invalid(body=closed_error(conversation, actor, now))
    send_pictures(html, actor=actor)
    return _insert_message(conversation, author_id=actor.id, body=body, html=html, now=now)


def closed_error(
    conversation: Conversation, actor: Actor, now: datetime, members: Sequence[Row] | None = None
) -> str | None:
    """Return why nobody would read a message of the actor here, or None.

    `members` are the rows of `members_of`; without them they are queried.
    """
    if conversation.is_system:
        return _("You cannot reply to messages from the site.")
    if members is None:
        members = _member_rows(conversation)
    others = [row for row in members if row.user_id != actor.id]
    if conversation.is_group:
        is_empty = all(row.left_at or row.author_is_deleted for row in others)
        return _("Everyone else has left this conversation.") if is_empty else None
    if not others or others[0].author_is_deleted:
        return _("This account has been deleted and cannot get messages.")
    other = others[0]
    blocked, blockers = blocks_among(actor.id or 0, [other.user_id])
    return unreachable_error(
        other.author_username,
        has_blocked_actor=bool(blockers),
        is_blocked=bool(blocked),
        is_suspended=bool(other.suspended_until and other.suspended_until > now),
        actor=actor,
    )


def _member_rows(conversation: Conversation) -> Sequence[Row]:
    rows = select(
        ConversationMember.user_id,
        ConversationMember.left_at,
        User.suspended_until,
        User.username.label("author_username"),
        User.deleted_at.is_not(None).label("author_is_deleted"),
    ).join(User, User.id == ConversationMember.user_id)
    return db.session.execute(rows.where(ConversationMember.conversation_id == conversation.id)).all()


def _render(body: str) -> tuple[str, str | None]:
    """The HTML of a message and the error of its text, or None."""
    if len(body) > BODY_MAX:
        return "", _("Messages have at most %(count)s characters. Please shorten it.", count=number(BODY_MAX))
    html = render(body, mentions=existing_usernames, field="body")
    return html, None if shows(html) else _("Please write a message.")


def write_system_message(user_id: int, *, body: str, now: datetime) -> Message | None:
    """Post a message of the site to a person, in their conversation with it.

    `body` is Markdown in the person's language. Returns None if the account was deleted.
    """
    user = db.session.get(User, user_id)
    if user is None or user.is_deleted:
        return None
    body = clean_body(body)[:BODY_MAX]
    html = render(body, mentions=existing_usernames)
    conversation = _get_or_create_conversation([f"system:{user_id}"], is_system=True, now=now)
    _add_members(conversation, [user_id], returning_id=None, now=now)
    return _insert_message(conversation, author_id=None, body=body, html=html, now=now)


def _insert_message(
    conversation: Conversation, *, author_id: int | None, body: str, html: str, now: datetime
) -> Message:
    """Insert a message and update the counts. The lock keeps message ids in the order of the commits."""
    db.session.flush()
    lock_row(conversation)
    members = _lock_members(conversation)
    if author_id and not any(member.user_id == author_id and not member.has_left for member in members):
        raise NotFound(_("You have left this conversation."))
    message = Message(
        conversation_id=conversation.id,
        author_id=author_id,
        body=body,
        body_html=html,
        excerpt=excerpt(html, EXCERPT_LENGTH),
        created_at=now,
    )
    if author_id is None:
        db.session.add(message)
        db.session.flush()
    else:
        message, is_new = insert_deduplicated(message, _message_fingerprints(conversation, author_id, body, now))
        if not is_new:
            return message
    _update_unread_counts(conversation, message, members, now)
    return message


def _lock_members(conversation: Conversation) -> Members:
    members = select(ConversationMember).where(ConversationMember.conversation_id == conversation.id)
    locked = members.order_by(ConversationMember.id).with_for_update().execution_options(populate_existing=True)
    return list(db.session.scalars(locked))


def _message_fingerprints(conversation: Conversation, author_id: int, body: str, now: datetime) -> list[str]:
    """Fingerprints that make a double click one message; the same text after another person's message is new."""
    others = select(Message.id).where(Message.conversation_id == conversation.id, Message.author_id != author_id)
    answered_id = db.session.scalar(others.order_by(Message.id.desc()).limit(1))
    return fingerprints("message", conversation.id, answered_id, body, now=now)


def _update_unread_counts(conversation: Conversation, message: Message, members: Members, now: datetime) -> None:
    """Make the message the last one and unread for its receivers; emit the events."""
    for member in members:
        if member.has_left and not conversation.is_group:
            _reset_membership(member, conversation, now)
    blocker_ids = _blockers_of(message.author_id, members)
    receivers = [
        member for member in members if not member.has_left and member.user_id not in {message.author_id, *blocker_ids}
    ]
    conversation.message_count += 1
    conversation.last_message_id, conversation.last_message_at = message.id, now
    db.session.flush()
    memberships = update(ConversationMember).where(ConversationMember.conversation_id == conversation.id)
    one_more = case((ConversationMember.id.in_([member.id for member in receivers]), 1), else_=0)
    memberships = memberships.values(last_message_at=now, unread_count=ConversationMember.unread_count + one_more)
    db.session.execute(memberships.execution_options(synchronize_session=False))
    notified_ids = tuple(member.user_id for member in receivers if not member.is_muted)
    people = update(User).where(User.id.in_(notified_ids)).values(unread_message_count=User.unread_message_count + 1)
    db.session.execute(people.execution_options(synchronize_session=False))
    emit(MessagePosted(message.id, conversation.id, message.author_id, notified_ids))
    for user_id in notified_ids:
        emit(UnreadMessagesChanged(user_id, conversation.id))


def _blockers_of(author_id: int | None, members: Members) -> set[int]:
    """Ids of members who blocked the author. Call with the members locked: blocking locks the same rows."""
    ids = [member.user_id for member in members]
    blockers = select(Block.blocker_id).where(Block.blocked_id == author_id, Block.blocker_id.in_(ids))
    return set(db.session.scalars(blockers))
