"""Read marks, and which conversations count in the top bar."""

from datetime import datetime

from sqlalchemy import select, update

from madang.accounts.models import User
from madang.core.db import add_to, db, lock
from madang.core.events import emit

from ..events import UnreadMessagesChanged
from ..models import Conversation, ConversationMember

READ_AT_ONCE = 5_000


def mark_read(me: ConversationMember, *, now: datetime) -> int:
    """Mark all of a conversation as read; returns how many fewer the top bar counts. Tells the person's other tabs."""
    if not me.unread_count:
        return 0
    lock(me)
    counted = 0 if me.is_muted else me.unread_count
    last = select(Conversation.last_message_id).where(Conversation.id == me.conversation_id)
    me.last_read_message_id = db.session.scalar(last) or 0
    me.unread_count, me.last_message_read_at = 0, now
    db.session.flush()
    count_for(me.user_id, -counted, conversation_id=me.conversation_id)
    return counted


def mark_all_read(user_id: int, *, now: datetime) -> int:
    """Mark all of a person's conversations as read; returns how many fewer the top bar counts."""
    part = ConversationMember
    unread = select(part.id, part.unread_count, part.is_muted).where(part.user_id == user_id, part.unread_count > 0)
    held = db.session.execute(unread.order_by(part.id).limit(READ_AT_ONCE).with_for_update()).all()
    if not held:
        return 0
    last = select(Conversation.last_message_id).where(Conversation.id == part.conversation_id).scalar_subquery()
    change = update(part).where(part.id.in_([row.id for row in held]))
    change = change.values(unread_count=0, last_message_read_at=now, last_read_message_id=last)
    db.session.execute(change.execution_options(synchronize_session=False))
    counted = sum(row.unread_count for row in held if not row.is_muted)
    count_for(user_id, -counted, conversation_id=None)
    return counted


def mute_conversation(me: ConversationMember) -> None:
    """Let a conversation count no more in the top bar, and tell nobody of its messages."""
    _set_muted(me, is_muted=True)


def unmute_conversation(me: ConversationMember) -> None:
    _set_muted(me, is_muted=False)


def _set_muted(me: ConversationMember, *, is_muted: bool) -> None:
    lock(me)
    if me.is_muted == is_muted:
        return
    me.is_muted = is_muted
    db.session.flush()
    count_for(me.user_id, -me.unread_count if is_muted else me.unread_count, conversation_id=me.conversation_id)


def count_for(user_id: int, by: int, *, conversation_id: int | None) -> None:
    """Add to what a person's top bar counts, and tell of it."""
    if by:
        add_to(User, user_id, unread_message_count=by)
        emit(UnreadMessagesChanged(user_id, conversation_id))
