"""Query messages that a member of their conversation can read."""

from collections.abc import Iterable

from sqlalchemy import Row, Select, func, select

from madang.accounts.models import User
from madang.core.actor import Actor
from madang.core.db import db
from madang.core.errors import NotFound

from ..models import Block, ConversationMember, Message
from .conversations import PER_PAGE, WRITER_COLUMNS, get_conversation

MAX_NEWER_MESSAGES = 100


def get_message(conversation_id: int, message_id: int, actor: Actor) -> Message:
    """Return a message that the actor can read. Raises `NotFound`."""
    _conversation, me = get_conversation(conversation_id, actor)
    message = db.session.get(Message, message_id)
    if message is None or message.conversation_id != conversation_id or message.id <= me.starts_after_id:
        raise NotFound
    return message


def message_rows(me: ConversationMember, *, before: int | None = None, limit: int = PER_PAGE + 1) -> list[Row]:
    """A page of a member's readable messages, newest first, and one more row if there are more."""
    rows = _messages_for(me)
    if before is not None:
        rows = rows.where(Message.id < before)
    return list(db.session.execute(rows.order_by(Message.id.desc()).limit(limit)).all())


def newer_rows(me: ConversationMember, after: int) -> list[Row]:
    """The messages after `after`, newest first; at most the next `MAX_NEWER_MESSAGES`."""
    return list(reversed(rows_after(me, after, MAX_NEWER_MESSAGES)))


def rows_after(me: ConversationMember, after: int, limit: int) -> list[Row]:
    """The next messages after `after`, oldest first."""
    rows = _messages_for(me).where(Message.id > after).order_by(Message.id).limit(limit)
    return list(db.session.execute(rows).all())


def get_message_row(me: ConversationMember, message_id: int) -> Row:
    """Return the row of one message that the member can read. Raises `NotFound`."""
    row = db.session.execute(_messages_for(me).where(Message.id == message_id)).first()
    if row is None:
        raise NotFound
    return row


def _messages_for(me: ConversationMember) -> Select:
    rows = select(
        Message.id,
        Message.conversation_id,
        Message.author_id,
        Message.body,
        Message.body_html,
        Message.created_at,
        Block.blocked_id.is_not(None).label("is_blocked"),
        *WRITER_COLUMNS,
    ).outerjoin(User, User.id == Message.author_id)
    rows = rows.outerjoin(Block, (Block.blocker_id == me.user_id) & (Block.blocked_id == Message.author_id))
    return rows.where(Message.conversation_id == me.conversation_id, Message.id > me.starts_after_id)


def readable_conversation_ids(actor: Actor, message_ids: Iterable[int]) -> dict[int, int]:
    """Conversation ids by message id, for those of the messages that the actor can read."""
    ids, member = list(message_ids), ConversationMember
    if not actor.has_identity or not ids:
        return {}
    rows = select(Message.id, Message.conversation_id).join(member, member.conversation_id == Message.conversation_id)
    mine = rows.where(member.user_id == actor.id, member.left_at.is_(None), Message.id > member.starts_after_id)
    return {row.id: row.conversation_id for row in db.session.execute(mine.where(Message.id.in_(ids)))}


def newer_count(me: ConversationMember, message_id: int) -> int:
    """How many messages of the conversation are newer than this one."""
    newer = (Message.conversation_id == me.conversation_id) & (Message.id > message_id)
    return db.session.scalar(select(func.count()).select_from(Message).where(newer)) or 0


def unread_member_ids(message: Message) -> list[int]:
    """Ids of members who have not read a message of another person and have not muted or left."""
    member = ConversationMember
    unread = select(member.user_id).where(
        member.conversation_id == message.conversation_id,
        member.left_at.is_(None),
        member.is_muted.is_(False),
        member.last_read_message_id < message.id,
        member.user_id != message.author_id,
    )
    return list(db.session.scalars(unread.order_by(member.user_id)))
