"""What accounts cause in conversations."""

from sqlalchemy import and_, or_, select

from madang.accounts.events import AccountsMerged, GuestDeleted, PersonalDataAsked, UserDeleted
from madang.accounts.models import User
from madang.core.clock import now

from .models import Block, Conversation, ConversationMember, Message, MessageReport
from .operations.erasing import erase_guest
from .operations.leaving import close_inbox
from .operations.merging import merge_inboxes

CONVERSATION = (
    Conversation.id,
    Conversation.title,
    Conversation.is_group,
    Conversation.is_system,
    ConversationMember.is_muted,
    ConversationMember.last_message_read_at,
    ConversationMember.joined_at,
    ConversationMember.left_at,
)
REPORT = (MessageReport.message_id, MessageReport.reason, MessageReport.created_at)


def on_user_deleted(event: UserDeleted) -> None:
    close_inbox(event.user_id, now=now())


def on_accounts_merged(event: AccountsMerged) -> None:
    merge_inboxes(event.kept_id, event.gone_id)


def on_guest_deleted(event: GuestDeleted) -> None:
    """What a guest wrote goes with it; what an account wrote stays with those who received it."""
    erase_guest(event.user_id, now=now())


def on_personal_data_asked(event: PersonalDataAsked) -> None:
    """What a person wrote, and what they can read of the others."""
    part = ConversationMember
    mine = and_(part.conversation_id == Message.conversation_id, part.user_id == event.user_id)
    messages = (
        select(
            Message.id,
            Message.conversation_id,
            User.username.label("author"),
            Message.body,
            Message.created_at,
        )
        .join(part, mine)
        .outerjoin(User, and_(User.id == Message.author_id, User.deleted_at.is_(None)))
        .where(
            or_(
                Message.author_id == event.user_id,
                and_(part.left_at.is_(None), Message.id > part.starts_after_id),
            )
        )
    )
    conversations = select(*CONVERSATION).join(part, part.conversation_id == Conversation.id)
    conversations = conversations.where(part.user_id == event.user_id)
    blocks = select(User.username, Block.created_at).join(User, User.id == Block.blocked_id)
    reports = select(*REPORT).where(MessageReport.reporter_id == event.user_id)
    event.archive.add_rows("conversations.json", conversations.order_by(Conversation.id))
    event.archive.add_rows("messages.json", messages.order_by(Message.id))
    event.archive.add_rows("blocks.json", blocks.where(Block.blocker_id == event.user_id).order_by(Block.created_at))
    event.archive.add_rows("message_reports.json", reports.order_by(MessageReport.id))
