"""What belongs to a person in messages: memberships, messages, blocks and reports."""

from sqlalchemy import Select, and_, or_, select

from madang.accounts.models import User
from madang.core.clock import now
from madang.core.ownership import BY_FOREIGN_KEY, NOTHING_MORE, NotExported, Owned, Query, Rows, Stays

from .models import Block, Conversation, ConversationMember, Message, MessageReport
from .operations.guest_deletion import delete_guest_messages
from .operations.leaving import leave_all_conversations
from .operations.merging import merge_inboxes

CONVERSATION_COLUMNS = (
    Conversation.id,
    Conversation.title,
    Conversation.is_group,
    Conversation.is_system,
    ConversationMember.is_muted,
    ConversationMember.last_message_read_at,
    ConversationMember.joined_at,
    ConversationMember.left_at,
)
REPORT_STAYS = Stays("Moderators decide on the report, and must find other reports of the same people.")


def _conversations_of(user_id: int) -> Select:
    member = ConversationMember
    conversations = select(*CONVERSATION_COLUMNS).join(member, member.conversation_id == Conversation.id)
    return conversations.where(member.user_id == user_id).order_by(Conversation.id)


def _messages_of(user_id: int) -> Select:
    """The person's messages, and those that they can read."""
    member = ConversationMember
    membership = and_(member.conversation_id == Message.conversation_id, member.user_id == user_id)
    can_read = and_(member.left_at.is_(None), Message.id > member.starts_after_id)
    columns = (Message.id, Message.conversation_id, User.username.label("author"), Message.body, Message.created_at)
    messages = (
        select(*columns)
        .join(member, membership)
        .outerjoin(User, and_(User.id == Message.author_id, User.deleted_at.is_(None)))
    )
    return messages.where(or_(Message.author_id == user_id, can_read)).order_by(Message.id)


def _blocks_by(user_id: int) -> Select:
    blocks = select(User.username, Block.created_at).join(User, User.id == Block.blocked_id)
    return blocks.where(Block.blocker_id == user_id).order_by(Block.created_at)


def _leave(user_id: int) -> None:
    leave_all_conversations(user_id, now=now())


def _delete_messages(user_id: int) -> None:
    delete_guest_messages(user_id, now=now())


OWNED = (
    Owned(
        column=ConversationMember.user_id,
        export=Query("conversations.json", _conversations_of),
        on_merge=merge_inboxes,
        on_delete=_leave,
        on_removal=NOTHING_MORE,
        on_guest_delete=_delete_messages,
    ),
    Owned(
        column=Message.author_id,
        export=Query("messages.json", _messages_of),
        on_merge=merge_inboxes,
        on_delete=Stays("The messages belong to those who received them too; they are shown without a name."),
        on_removal=NOTHING_MORE,
        on_guest_delete=_delete_messages,
    ),
    Owned(
        column=Block.blocker_id,
        export=Query("blocks.json", _blocks_by),
        on_merge=merge_inboxes,
        on_delete=_leave,
        on_removal=NOTHING_MORE,
        on_guest_delete=_delete_messages,
    ),
    Owned(
        column=Block.blocked_id,
        export=NotExported("Others did it: nobody is told who blocks them."),
        on_merge=merge_inboxes,
        on_delete=_leave,
        on_removal=NOTHING_MORE,
        on_guest_delete=_delete_messages,
    ),
    Owned(
        column=MessageReport.reporter_id,
        export=Rows("message_reports.json", (MessageReport.message_id, MessageReport.reason, MessageReport.created_at)),
        on_merge=merge_inboxes,
        on_delete=REPORT_STAYS,
        on_removal=NOTHING_MORE,
        on_guest_delete=BY_FOREIGN_KEY,
    ),
    Owned(
        column=MessageReport.author_id,
        export=NotExported("Others wrote the report."),
        on_merge=merge_inboxes,
        on_delete=REPORT_STAYS,
        on_removal=NOTHING_MORE,
        on_guest_delete=BY_FOREIGN_KEY,
    ),
)
