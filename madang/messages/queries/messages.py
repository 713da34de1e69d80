"""Find messages. Who takes no part in a conversation finds nothing."""

from collections.abc import Iterable

from sqlalchemy import Row, Select, func, select

from madang.accounts.models import User
from madang.core.actor import Actor
from madang.core.db import db
from madang.core.errors import NotFound

from ..models import Block, ConversationMember, Message
from .conversations import PER_PAGE, WRITER, get_conversation

NEWER_AT_MOST = 100


def get_message(conversation_id: int, message_id: int, actor: Actor) -> Message:
    """A message that the actor can read. Raises `NotFound`."""
    _conversation, me = get_conversation(conversation_id, actor)
    message = db.session.get(Message, message_id)
    if message is None or message.conversation_id != conversation_id or message.id <= me.starts_after_id:
        raise NotFound
    return message


def message_rows(me: ConversationMember, *, before: int | None = None, limit: int = PER_PAGE + 1) -> list[Row]:
    """A page of what one can read, newest first, and one row more if there is more."""
    rows = _messages_for(me)
    if before is not None:
        rows = rows.where(Message.id < before)
    return list(db.session.execute(rows.order_by(Message.id.desc()).limit(limit)).all())


def newer_rows(me: ConversationMember, after: int) -> list[Row]:
    """What came after a message, newest first; where that is very much, what came next."""
    return list(reversed(rows_after(me, after, NEWER_AT_MOST)))


def rows_after(me: ConversationMember, after: int, limit: int) -> list[Row]:
    """The messages that came next after one, oldest first."""
    rows = _messages_for(me).where(Message.id > after).order_by(Message.id).limit(limit)
    return list(db.session.execute(rows).all())


def get_message_row(me: ConversationMember, message_id: int) -> Row:
    """One message that the person can read, as a row. Raises `NotFound`."""
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
        *WRITER,
    ).outerjoin(User, User.id == Message.author_id)
    rows = rows.outerjoin(Block, (Block.blocker_id == me.user_id) & (Block.blocked_id == Message.author_id))
    return rows.where(Message.conversation_id == me.conversation_id, Message.id > me.starts_after_id)


def readable_messages(actor: Actor, message_ids: Iterable[int]) -> dict[int, int]:
    """Those of the messages that the actor can read, each with its conversation."""
    ids, part = list(message_ids), ConversationMember
    if not actor.has_identity or not ids:
        return {}
    rows = select(Message.id, Message.conversation_id).join(part, part.conversation_id == Message.conversation_id)
    mine = rows.where(part.user_id == actor.id, part.left_at.is_(None), Message.id > part.starts_after_id)
    return {row.id: row.conversation_id for row in db.session.execute(mine.where(Message.id.in_(ids)))}


def newer_count(me: ConversationMember, message_id: int) -> int:
    """How many messages of a conversation stand before this one on its pages."""
    newer = (Message.conversation_id == me.conversation_id) & (Message.id > message_id)
    return db.session.scalar(select(func.count()).select_from(Message).where(newer)) or 0


def unread_by(message: Message) -> list[int]:
    """Who takes part, listens, and has not read a message by somebody else."""
    part = ConversationMember
    waiting = select(part.user_id).where(
        part.conversation_id == message.conversation_id,
        part.left_at.is_(None),
        part.is_muted.is_(False),
        part.last_read_message_id < message.id,
        part.user_id != message.author_id,
    )
    return list(db.session.scalars(waiting.order_by(part.user_id)))
