"""Leaving a conversation, or all of them with the account."""

from datetime import datetime

from sqlalchemy import delete, select

from madang.core.db import db, lock
from madang.core.events import emit

from ..events import ConversationLeft
from ..models import Conversation, ConversationMember, Message
from .blocking import lift_blocks
from .reading import count_for


def leave_conversation(me: ConversationMember, *, now: datetime) -> None:
    """Take a person out of a conversation. What nobody is left to read is deleted."""
    conversation = db.session.get_one(Conversation, me.conversation_id)
    lock(conversation)
    lock(me)
    if me.has_left:
        return
    counted = 0 if me.is_muted else me.unread_count
    me.left_at, me.unread_count, me.is_muted = now, 0, False
    db.session.flush()
    count_for(me.user_id, -counted, conversation_id=me.conversation_id)
    emit(ConversationLeft(me.conversation_id, me.user_id))
    if _is_empty(conversation):
        db.session.execute(delete(Message).where(Message.conversation_id == conversation.id))
        conversation.message_count = conversation.last_message_id = 0
        db.session.flush()


def _is_empty(conversation: Conversation) -> bool:
    there = select(ConversationMember.id).where(
        ConversationMember.conversation_id == conversation.id, ConversationMember.left_at.is_(None)
    )
    return db.session.scalar(there.limit(1)) is None


def close_inbox(user_id: int, *, now: datetime) -> None:
    """Take somebody who goes for good out of every conversation. What they wrote stays with the others."""
    lift_blocks(user_id)
    parts = select(ConversationMember).where(
        ConversationMember.user_id == user_id, ConversationMember.left_at.is_(None)
    )
    for part in db.session.scalars(parts.order_by(ConversationMember.conversation_id)).all():
        leave_conversation(part, now=now)
