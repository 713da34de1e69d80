"""Beginning conversations and writing in them."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Row, case, select, update
from sqlalchemy.exc import IntegrityError

from madang.accounts.models import User
from madang.accounts.queries.users import existing_usernames
from madang.core.actor import Actor
from madang.core.db import db, lock
from madang.core.db.dedup import fingerprints, insert_deduplicated
from madang.core.errors import NotFound, invalid, require, too_long
from madang.core.events import emit
from madang.core.i18n import _, number
from madang.core.markdown.renderer import render
from madang.core.markdown.sanitizer import excerpt
from madang.core.text import clean_body, clean_line
from madang.posts.operations.attaching import note_pictures

from ..events import MessagePosted, UnreadMessagesChanged
from ..models import BODY_MAX, EXCERPT_LENGTH, TITLE_MAX, Block, Conversation, ConversationMember, Message
from ..policies import can_post_message, can_start_conversation
from ..queries.people import blocks_among
from .recipients import Recipients, read_recipients, unreachable_sentence

Members = list[ConversationMember]


def start_conversation(*, actor: Actor, to: str, body: str, now: datetime, title: str = "") -> Message:
    """Write to the people named in `to`. Two people have one conversation, which goes on; a group is a new one.

    Raises `InvalidInput` (to, title, body) and `Forbidden`. Tells the receivers.
    """
    require_start(actor)
    body, title = clean_body(body), clean_line(title)
    people, problem = read_recipients(to, actor, now)
    invalid(to=problem, title=too_long(title, TITLE_MAX), body=_body_sentence(body))
    conversation = _conversation_with(people, actor, title=title, body=body, now=now)
    if title and title != conversation.title:
        conversation.title = title
    return _write(conversation, author_id=actor.id, body=body, now=now)


def require_start(actor: Actor) -> None:
    """Raise `Forbidden` for whoever cannot begin a conversation."""
    sentence = _("You cannot begin a conversation at present.")
    if actor.is_guest:
        sentence = _("Guests answer what others write to them. To begin a conversation, please sign up or log in.")
    require(can_start_conversation(actor), sentence)


def _conversation_with(people: Recipients, actor: Actor, *, title: str, body: str, now: datetime) -> Conversation:
    ids = sorted({actor.id or 0, *(person.id for person in people)})
    is_group = len(ids) > 2
    keys = fingerprints("group", actor.id, *ids, title, body, now=now) if is_group else [f"pair:{ids[0]}:{ids[1]}"]
    conversation = _find_or_make(keys, is_group=is_group, now=now)
    _let_in(conversation, ids, coming_back=actor.id, now=now)
    return conversation


def _find_or_make(keys: list[str], *, now: datetime, **values: bool) -> Conversation:
    """The conversation under one of these keys, made where there is none; two at the same instant get the same."""
    same = select(Conversation).where(Conversation.people_key.in_(keys))
    if found := db.session.scalar(same):
        return found
    made = Conversation(people_key=keys[0], last_message_at=now, created_at=now, **values)
    try:
        with db.session.begin_nested():
            db.session.add(made)
            db.session.flush()
    except IntegrityError:
        if found := db.session.scalar(same):
            return found
        raise
    return made


def _let_in(conversation: Conversation, user_ids: list[int], *, coming_back: int | None, now: datetime) -> None:
    """Give these people a part in the conversation, and their part back to the one who comes back."""
    lock(conversation)
    members = {one.user_id: one for one in _hold_members(conversation)}
    for user_id in user_ids:
        if user_id not in members:
            part = ConversationMember(conversation_id=conversation.id, user_id=user_id, last_message_at=now)
            _begin_anew(part, conversation, now)
            db.session.add(part)
    if (mine := members.get(coming_back or 0)) and mine.has_left:
        _begin_anew(mine, conversation, now)
    db.session.flush()


def _begin_anew(part: ConversationMember, conversation: Conversation, now: datetime) -> None:
    """Nothing of what came before is theirs to read."""
    part.left_at, part.joined_at = None, now
    part.starts_after_id = conversation.last_message_id
    part.last_read_message_id = min(part.last_read_message_id or 0, conversation.last_message_id)


def post_message(conversation: Conversation, *, actor: Actor, body: str, now: datetime) -> Message:
    """Write in a conversation. Raises `InvalidInput` (body), `Forbidden`, and `NotFound` for those outside.

    Tells the receivers.
    """
    require(can_post_message(actor, conversation), _("You cannot write here at present."))
    body = clean_body(body)
    invalid(body=_body_sentence(body) or closed_sentence(conversation, actor, now))
    return _write(conversation, author_id=actor.id, body=body, now=now)


def closed_sentence(
    conversation: Conversation, actor: Actor, now: datetime, members: Sequence[Row] | None = None
) -> str | None:
    """Why nobody would read a message of the actor here; None where somebody does. `members` saves asking for them."""
    if conversation.is_system:
        return _("Nobody reads what is written here.")
    if members is None:
        members = _people_in(conversation)
    others = [row for row in members if row.user_id != actor.id]
    if conversation.is_group:
        is_empty = all(row.left_at or row.author_is_deleted for row in others)
        return _("Everybody else has left this conversation.") if is_empty else None
    if not others or others[0].author_is_deleted:
        return _("This account was deleted: nobody would read your message.")
    other = others[0]
    mine, against_me = blocks_among(actor.id or 0, [other.user_id])
    return unreachable_sentence(
        other.author_username,
        has_blocked_actor=bool(against_me),
        is_blocked=bool(mine),
        is_suspended=bool(other.suspended_until and other.suspended_until > now),
        actor=actor,
    )


def _people_in(conversation: Conversation) -> Sequence[Row]:
    rows = select(
        ConversationMember.user_id,
        ConversationMember.left_at,
        User.suspended_until,
        User.username.label("author_username"),
        User.deleted_at.is_not(None).label("author_is_deleted"),
    ).join(User, User.id == ConversationMember.user_id)
    return db.session.execute(rows.where(ConversationMember.conversation_id == conversation.id)).all()


def _body_sentence(body: str) -> str | None:
    if not body.strip():
        return _("A message needs some words.")
    if len(body) > BODY_MAX:
        return _("A message has at most %(count)s characters. Please shorten it.", count=number(BODY_MAX))
    return None


def write_system_message(user_id: int, *, body: str, now: datetime) -> Message | None:
    """Let the site write to a person, in their own conversation with it; None where the account was deleted.

    `body` is Markdown in the person's language.
    """
    user = db.session.get(User, user_id)
    if user is None or user.is_deleted:
        return None
    conversation = _find_or_make([f"system:{user_id}"], is_system=True, now=now)
    _let_in(conversation, [user_id], coming_back=None, now=now)
    return _write(conversation, author_id=None, body=clean_body(body)[:BODY_MAX], now=now)


def _write(conversation: Conversation, *, author_id: int | None, body: str, now: datetime) -> Message:
    """Write and count. Whoever writes holds the conversation, so that ids stand in the order of the commits."""
    html = render(body, mentions=existing_usernames)
    db.session.flush()
    note_pictures(html)
    lock(conversation)
    members = _hold_members(conversation)
    if author_id and not any(one.user_id == author_id and not one.has_left for one in members):
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
        message, is_new = insert_deduplicated(message, _prints(conversation, author_id, body, now))
        if not is_new:
            return message
    _count(conversation, message, members, now)
    return message


def _hold_members(conversation: Conversation) -> Members:
    mine = select(ConversationMember).where(ConversationMember.conversation_id == conversation.id)
    held = mine.order_by(ConversationMember.id).with_for_update().execution_options(populate_existing=True)
    return list(db.session.scalars(held))


def _prints(conversation: Conversation, author_id: int, body: str, now: datetime) -> list[str]:
    """A double click is one message; the same word as an answer to something else is another one."""
    others = select(Message.id).where(Message.conversation_id == conversation.id, Message.author_id != author_id)
    answered = db.session.scalar(others.order_by(Message.id.desc()).limit(1))
    return fingerprints("message", conversation.id, answered, body, now=now)


def _count(conversation: Conversation, message: Message, members: Members, now: datetime) -> None:
    """Make the message the last one, and unread for everybody who hears of it."""
    for one in members:
        if one.has_left and not conversation.is_group:
            _begin_anew(one, conversation, now)
    deaf = _blockers_of(message.author_id, members)
    receivers = [one for one in members if not one.has_left and one.user_id not in {message.author_id, *deaf}]
    conversation.message_count += 1
    conversation.last_message_id, conversation.last_message_at = message.id, now
    db.session.flush()
    parts = update(ConversationMember).where(ConversationMember.conversation_id == conversation.id)
    one_more = case((ConversationMember.id.in_([one.id for one in receivers]), 1), else_=0)
    parts = parts.values(last_message_at=now, unread_count=ConversationMember.unread_count + one_more)
    db.session.execute(parts.execution_options(synchronize_session=False))
    told = tuple(one.user_id for one in receivers if not one.is_muted)
    people = update(User).where(User.id.in_(told)).values(unread_message_count=User.unread_message_count + 1)
    db.session.execute(people.execution_options(synchronize_session=False))
    emit(MessagePosted(message.id, conversation.id, message.author_id, told))
    for user_id in told:
        emit(UnreadMessagesChanged(user_id, conversation.id))


def _blockers_of(author_id: int | None, members: Members) -> set[int]:
    """Who of the members has blocked the author. Asked while their rows are held: a block waits for them too."""
    ids = [one.user_id for one in members]
    blockers = select(Block.blocker_id).where(Block.blocked_id == author_id, Block.blocker_id.in_(ids))
    return set(db.session.scalars(blockers))
