"""Delete all messages of a guest who is deleted."""

from datetime import datetime

from sqlalchemy import case, delete, func, select, update

from madang.core.db import db, lock_row

from ..models import Conversation, ConversationMember, Message
from ..queries.conversations import unread_count_subquery
from .leaving import leave_all_conversations
from .reading import add_to_unread_count


def delete_guest_messages(user_id: int, *, now: datetime) -> None:
    """Remove a guest from every conversation and delete its messages.

    Emits `UnreadMessagesChanged` for everybody whose unread count changes.
    """
    leave_all_conversations(user_id, now=now)
    conversation_ids = select(Message.conversation_id).where(Message.author_id == user_id).distinct()
    for conversation_id in db.session.scalars(conversation_ids.order_by(Message.conversation_id)).all():
        _delete_messages(db.session.get_one(Conversation, conversation_id), user_id)


def _delete_messages(conversation: Conversation, user_id: int) -> None:
    """Delete a person's messages in a conversation and recount it. The lock makes concurrent messages wait."""
    lock_row(conversation)
    counts_before = _lock_and_count(conversation.id)
    db.session.execute(delete(Message).where(Message.conversation_id == conversation.id, Message.author_id == user_id))
    remaining = select(func.count(Message.id), func.max(Message.id), func.max(Message.created_at))
    count, last_id, last_at = db.session.execute(remaining.where(Message.conversation_id == conversation.id)).one()
    conversation.message_count, conversation.last_message_id = count, last_id or 0
    conversation.last_message_at = last_at or conversation.created_at
    db.session.flush()
    _clamp_read_marks(conversation)
    for other_id, count_after in _lock_and_count(conversation.id).items():
        add_to_unread_count(other_id, count_after - counts_before[other_id], conversation_id=conversation.id)


def _clamp_read_marks(conversation: Conversation) -> None:
    """Move read marks back to the last message: SQLite may reuse the ids of deleted messages for new ones."""
    member, last = ConversationMember, conversation.last_message_id
    members = update(member).where(member.conversation_id == conversation.id)
    marks = {
        mark: case((mark > last, last), else_=mark) for mark in (member.last_read_message_id, member.starts_after_id)
    }
    for change in (
        members.values({**marks, member.last_message_at: conversation.last_message_at}),
        members.values(unread_count=unread_count_subquery()),
    ):
        db.session.execute(change.execution_options(synchronize_session=False))


def _lock_and_count(conversation_id: int) -> dict[int, int]:
    """Lock the memberships; return what the conversation adds to the top bar, by person id."""
    member = ConversationMember
    rows = select(member.user_id, member.unread_count, member.is_muted).where(member.conversation_id == conversation_id)
    locked = db.session.execute(rows.order_by(member.id).with_for_update())
    return {row.user_id: 0 if row.is_muted else row.unread_count for row in locked}
