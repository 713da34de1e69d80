"""A guest who goes takes along what it wrote."""

from datetime import datetime

from sqlalchemy import case, delete, func, select, update

from madang.core.db import db, lock

from ..models import Conversation, ConversationMember, Message
from ..queries.conversations import unread_messages
from .leaving import close_inbox
from .reading import count_for


def erase_guest(user_id: int, *, now: datetime) -> None:
    """Take a guest out of every conversation, and what it wrote; the others are told of numbers that change."""
    close_inbox(user_id, now=now)
    written = select(Message.conversation_id).where(Message.author_id == user_id).distinct()
    for conversation_id in db.session.scalars(written.order_by(Message.conversation_id)).all():
        _erase(db.session.get_one(Conversation, conversation_id), user_id)


def _erase(conversation: Conversation, user_id: int) -> None:
    """Delete what a person wrote in a conversation, and count anew. Whoever writes meanwhile waits for this."""
    lock(conversation)
    before = _counted(conversation.id)
    db.session.execute(delete(Message).where(Message.conversation_id == conversation.id, Message.author_id == user_id))
    there = select(func.count(Message.id), func.max(Message.id), func.max(Message.created_at))
    count, last_id, last_at = db.session.execute(there.where(Message.conversation_id == conversation.id)).one()
    conversation.message_count, conversation.last_message_id = count, last_id or 0
    conversation.last_message_at = last_at or conversation.created_at
    db.session.flush()
    _set_back_marks(conversation)
    for other_id, counted in _counted(conversation.id).items():
        count_for(other_id, counted - before[other_id], conversation_id=conversation.id)


def _set_back_marks(conversation: Conversation) -> None:
    """No mark stands after the last message: on SQLite, the next one may have a number that was used before."""
    part, last = ConversationMember, conversation.last_message_id
    parts = update(part).where(part.conversation_id == conversation.id)
    marks = {mark: case((mark > last, last), else_=mark) for mark in (part.last_read_message_id, part.starts_after_id)}
    for change in (
        parts.values({**marks, part.last_message_at: conversation.last_message_at}),
        parts.values(unread_count=unread_messages()),
    ):
        db.session.execute(change.execution_options(synchronize_session=False))


def _counted(conversation_id: int) -> dict[int, int]:
    """What a conversation adds to each person's top bar; the parts are held."""
    part = ConversationMember
    rows = select(part.user_id, part.unread_count, part.is_muted).where(part.conversation_id == conversation_id)
    held = db.session.execute(rows.order_by(part.id).with_for_update())
    return {row.user_id: 0 if row.is_muted else row.unread_count for row in held}
