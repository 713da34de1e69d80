"""Leave one conversation, or all of them when an account is deleted."""

from datetime import datetime

from sqlalchemy import delete, select

from madang.core.db import db, lock_row
from madang.core.events import emit

from ..events import ConversationLeft
from ..models import Conversation, ConversationMember, Message
from .blocking import remove_all_blocks
from .reading import add_to_unread_count


def leave_conversation(me: ConversationMember, *, now: datetime) -> None:
    """Remove a person from a conversation; delete its messages if nobody is left."""
    conversation = db.session.get_one(Conversation, me.conversation_id)
    lock_row(conversation)
    lock_row(me)
    if me.has_left:
        return
    unread_count = 0 if me.is_muted else me.unread_count
    me.left_at, me.unread_count, me.is_muted = now, 0, False
    db.session.flush()
    add_to_unread_count(me.user_id, -unread_count, conversation_id=me.conversation_id)
    emit(ConversationLeft(me.conversation_id, me.user_id))
    if _is_empty(conversation):
        db.session.execute(delete(Message).where(Message.conversation_id == conversation.id))
        conversation.message_count = conversation.last_message_id = 0
        db.session.flush()


def _is_empty(conversation: Conversation) -> bool:
    present = select(ConversationMember.id).where(
        ConversationMember.conversation_id == conversation.id, ConversationMember.left_at.is_(None)
    )
    return db.session.scalar(present.limit(1)) is None


def leave_all_conversations(user_id: int, *, now: datetime) -> None:
    """Remove a person who is deleted from every conversation, and their blocks. Their messages stay with the others."""
    remove_all_blocks(user_id)
    memberships = select(ConversationMember).where(
        ConversationMember.user_id == user_id, ConversationMember.left_at.is_(None)
    )
    for membership in db.session.scalars(memberships.order_by(ConversationMember.conversation_id)).all():
        leave_conversation(membership, now=now)
