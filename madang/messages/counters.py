"""Counters of messages: of conversations, and of what is unread for each member and person."""

from sqlalchemy import func, select

from madang.accounts.models import User
from madang.core.db.counting import Counter, count_of

from .models import Conversation, ConversationMember, Message
from .queries.conversations import unread_count_subquery

_last_message = select(func.coalesce(func.max(Message.id), 0)).where(Message.conversation_id == Conversation.id)
_unread = select(func.coalesce(func.sum(ConversationMember.unread_count), 0)).where(
    ConversationMember.user_id == User.id, ConversationMember.is_muted.is_(False)
)

COUNTERS = (
    Counter(Conversation, "message_count", count_of(Message.conversation_id == Conversation.id)),
    Counter(Conversation, "last_message_id", _last_message.scalar_subquery()),
    Counter(ConversationMember, "unread_count", unread_count_subquery()),
    Counter(User, "unread_message_count", _unread.scalar_subquery()),  # counted from the one before
)
