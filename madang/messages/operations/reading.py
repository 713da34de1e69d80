"""Mark conversations as read, mute them, and keep the unread count of the top bar."""

from datetime import datetime

from sqlalchemy import select, update

from madang.accounts.models import User
from madang.core.db import add_to, db, lock_row
from madang.core.events import emit

from ..events import UnreadMessagesChanged
from ..models import Conversation, ConversationMember

MARK_READ_BATCH_SIZE = 5_000


def mark_read(me: ConversationMember, *, now: datetime) -> int:
    """Mark a conversation as read; return by how much the top bar's unread count drops.

    Emits `UnreadMessagesChanged`.
    """
    if not me.unread_count:
        return 0
    lock_row(me)
    unread_count = 0 if me.is_muted else me.unread_count
    last = select(Conversation.last_message_id).where(Conversation.id == me.conversation_id)
    me.last_read_message_id = db.session.scalar(last) or 0
    me.unread_count, me.last_message_read_at = 0, now
    db.session.flush()
    add_to_unread_count(me.user_id, -unread_count, conversation_id=me.conversation_id)
    return unread_count


def mark_all_read(user_id: int, *, now: datetime) -> int:
    """Mark all of a person's conversations as read; return by how much the top bar's unread count drops.

    Emits `UnreadMessagesChanged`.
    """
    member = ConversationMember
    unread = select(member.id, member.unread_count, member.is_muted).where(
        member.user_id == user_id, member.unread_count > 0
    )
    locked = db.session.execute(unread.order_by(member.id).limit(MARK_READ_BATCH_SIZE).with_for_update()).all()
    if not locked:
        return 0
    last = select(Conversation.last_message_id).where(Conversation.id == member.conversation_id).scalar_subquery()
    change = update(member).where(member.id.in_([row.id for row in locked]))
    change = change.values(unread_count=0, last_message_read_at=now, last_read_message_id=last)
    db.session.execute(change.execution_options(synchronize_session=False))
    unread_count = sum(row.unread_count for row in locked if not row.is_muted)
    add_to_unread_count(user_id, -unread_count, conversation_id=None)
    return unread_count


def mute_conversation(me: ConversationMember) -> None:
    """Mute a conversation: no notifications, and not counted in the top bar."""
    _set_muted(me, is_muted=True)


def unmute_conversation(me: ConversationMember) -> None:
    _set_muted(me, is_muted=False)


def _set_muted(me: ConversationMember, *, is_muted: bool) -> None:
    lock_row(me)
    if me.is_muted == is_muted:
        return
    me.is_muted = is_muted
    db.session.flush()
    add_to_unread_count(
        me.user_id, -me.unread_count if is_muted else me.unread_count, conversation_id=me.conversation_id
    )


def add_to_unread_count(user_id: int, amount: int, *, conversation_id: int | None) -> None:
    """Add to a person's unread count in the top bar. Emits `UnreadMessagesChanged` if it changes."""
    if amount:
        add_to(User, user_id, unread_message_count=amount)
        emit(UnreadMessagesChanged(user_id, conversation_id))
