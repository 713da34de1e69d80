"""React to account events: deletion, merging, and the export of personal data."""

from sqlalchemy import and_, or_, select

from madang.accounts.events import AccountsMerged, GuestDeleted, PersonalDataRequested, UserDeleted
from madang.accounts.models import User
from madang.core.clock import now

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
REPORT_COLUMNS = (MessageReport.message_id, MessageReport.reason, MessageReport.created_at)


def on_user_deleted(event: UserDeleted) -> None:
    leave_all_conversations(event.user_id, now=now())


def on_accounts_merged(event: AccountsMerged) -> None:
    merge_inboxes(event.target_id, event.source_id)


def on_guest_deleted(event: GuestDeleted) -> None:
    """Delete a guest's messages; an account's messages stay with their receivers (`on_user_deleted`)."""
    delete_guest_messages(event.user_id, now=now())


def on_personal_data_requested(event: PersonalDataRequested) -> None:
    """Export the person's messages, the messages they can read, their conversations, blocks and reports."""
    member = ConversationMember
    mine = and_(member.conversation_id == Message.conversation_id, member.user_id == event.user_id)
    messages = (
        select(
            Message.id,
            Message.conversation_id,
            User.username.label("author"),
            Message.body,
            Message.created_at,
        )
        .join(member, mine)
        .outerjoin(User, and_(User.id == Message.author_id, User.deleted_at.is_(None)))
        .where(
            or_(
                Message.author_id == event.user_id,
                and_(member.left_at.is_(None), Message.id > member.starts_after_id),
            )
        )
    )
    conversations = select(*CONVERSATION_COLUMNS).join(member, member.conversation_id == Conversation.id)
    conversations = conversations.where(member.user_id == event.user_id)
    blocks = select(User.username, Block.created_at).join(User, User.id == Block.blocked_id)
    reports = select(*REPORT_COLUMNS).where(MessageReport.reporter_id == event.user_id)
    event.archive.add_rows("conversations.json", conversations.order_by(Conversation.id))
    event.archive.add_rows("messages.json", messages.order_by(Message.id))
    event.archive.add_rows("blocks.json", blocks.where(Block.blocker_id == event.user_id).order_by(Block.created_at))
    event.archive.add_rows("message_reports.json", reports.order_by(MessageReport.id))
