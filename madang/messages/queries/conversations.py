"""Query conversations, their members, and the rows of the inbox."""

from collections.abc import Iterable

from sqlalchemy import Row, ScalarSelect, func, null, or_, select

from madang.accounts.models import User
from madang.accounts.queries.users import AUTHOR_COLUMNS
from madang.core.actor import Actor
from madang.core.db import db
from madang.core.db.ordering import Key, Keyset
from madang.core.db.pagination import format_cursor
from madang.core.errors import NotFound
from madang.core.i18n import _

from ..models import Block, Conversation, ConversationMember, Message

PER_PAGE = 30
_LATEST_FIRST = (ConversationMember.last_message_at.desc(), ConversationMember.conversation_id.desc())
INBOX_ORDER = Keyset(*_LATEST_FIRST, names=("last_message_at", "id"))
WRITER_COLUMNS = (null().label("author_name"), *AUTHOR_COLUMNS)  # read by `author_of`


def unread_count_subquery() -> ScalarSelect[int]:
    """Scalar subquery of a `ConversationMember`'s unread messages: what `unread_count` must equal."""
    hidden = select(Block.blocked_id).where(
        Block.blocker_id == ConversationMember.user_id, Block.blocked_id == Message.author_id
    )
    by_others = or_(Message.author_id.is_(None), Message.author_id != ConversationMember.user_id)
    count = select(func.count(Message.id)).where(
        Message.conversation_id == ConversationMember.conversation_id,
        Message.id > ConversationMember.last_read_message_id,
        Message.id > ConversationMember.starts_after_id,
        ConversationMember.left_at.is_(None),
        by_others,
        ~hidden.correlate(ConversationMember, Message).exists(),
    )
    return count.correlate(ConversationMember).scalar_subquery()


def get_conversation(
    conversation_id: int, actor: Actor, *, include_left: bool = False
) -> tuple[Conversation, ConversationMember]:
    """Return a conversation and the actor's membership.

    Raises `NotFound`, also for a member who has left unless `include_left`.
    """
    both = select(Conversation, ConversationMember).join(
        ConversationMember, ConversationMember.conversation_id == Conversation.id
    )
    mine = both.where(Conversation.id == conversation_id, ConversationMember.user_id == actor.id)
    row = db.session.execute(mine).first()
    if row is None:
        raise NotFound
    if row[1].has_left and not include_left:
        raise NotFound(_("You have left this conversation."))
    return row[0], row[1]


def inbox_rows(user_id: int, before: Key | None, limit: int = PER_PAGE + 1) -> list[Row]:
    """A page of a person's conversations, the latest message first, and one more row if there are more."""
    member = ConversationMember
    rows = (
        select(
            Conversation.id,
            Conversation.title,
            Conversation.is_group,
            Conversation.is_system,
            member.unread_count,
            member.is_muted,
            member.last_message_at,
            Message.excerpt,
            Message.author_id,
            Block.blocked_id.is_not(None).label("is_blocked"),
        )
        .join(Conversation, Conversation.id == member.conversation_id)
        .outerjoin(Message, (Message.id == Conversation.last_message_id) & (Message.id > member.starts_after_id))
        .outerjoin(Block, (Block.blocker_id == user_id) & (Block.blocked_id == Message.author_id))
        .where(member.user_id == user_id, member.left_at.is_(None))
    )
    return list(db.session.execute(INBOX_ORDER.select_after(rows, before, limit)).all())


def next_page_key(row: Row) -> str:
    """The `before` parameter of the inbox page that follows `row`."""
    return format_cursor(*INBOX_ORDER.key_of(row))


def members_of(conversation_ids: Iterable[int]) -> dict[int, list[Row]]:
    """Present and former members by conversation id, in the order in which they joined."""
    members: dict[int, list[Row]] = {conversation_id: [] for conversation_id in conversation_ids}
    if not members:
        return members
    member = ConversationMember
    rows = (
        select(
            member.conversation_id,
            member.user_id,
            member.left_at,
            member.last_read_message_id,
            member.last_message_read_at,
            User.id,
            User.role,
            User.suspended_until,
            *WRITER_COLUMNS,
        )
        .join(User, User.id == member.user_id)
        .where(member.conversation_id.in_(members))
    )
    for row in db.session.execute(rows.order_by(member.id)):
        members[row.conversation_id].append(row)
    return members


def has_read_all(conversation_id: int, user_id: int) -> bool:
    """Whether a person has no unread messages in a conversation."""
    member = ConversationMember
    unread = select(member.unread_count).where(member.conversation_id == conversation_id, member.user_id == user_id)
    return not db.session.scalar(unread)
