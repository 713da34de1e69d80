"""Find conversations, who takes part, and the rows of the inbox."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Row, func, null, or_, select

from madang.accounts.models import User
from madang.accounts.queries.users import AUTHOR
from madang.core.actor import Actor
from madang.core.db import db
from madang.core.db.pagination import Place, write_place
from madang.core.errors import NotFound
from madang.core.i18n import _

from ..models import Block, Conversation, ConversationMember, Message

PER_PAGE = 30
WRITER = (
    null().label("author_name"),
    User.role.label("author_role"),
    *AUTHOR,
)  # read by `author_of`


def unread_messages() -> Any:
    """How many messages a `ConversationMember` has not read: the subquery that `unread_count` must agree with."""
    hidden = select(Block.blocked_id).where(
        Block.blocker_id == ConversationMember.user_id, Block.blocked_id == Message.author_id
    )
    by_others = or_(Message.author_id.is_(None), Message.author_id != ConversationMember.user_id)
    counted = select(func.count(Message.id)).where(
        Message.conversation_id == ConversationMember.conversation_id,
        Message.id > ConversationMember.last_read_message_id,
        Message.id > ConversationMember.starts_after_id,
        ConversationMember.left_at.is_(None),
        by_others,
        ~hidden.correlate(ConversationMember, Message).exists(),
    )
    return counted.correlate(ConversationMember).scalar_subquery()


def get_conversation(
    conversation_id: int, actor: Actor, *, also_left: bool = False
) -> tuple[Conversation, ConversationMember]:
    """A conversation and the actor's part in it. Raises `NotFound`; `also_left` finds it for those who left as well."""
    both = select(Conversation, ConversationMember).join(
        ConversationMember, ConversationMember.conversation_id == Conversation.id
    )
    mine = both.where(Conversation.id == conversation_id, ConversationMember.user_id == actor.id)
    row = db.session.execute(mine).first()
    if row is None:
        raise NotFound
    if row[1].has_left and not also_left:
        raise NotFound(_("You have left this conversation."))
    return row[0], row[1]


def inbox_rows(user_id: int, before: Place | None, limit: int = PER_PAGE + 1) -> list[Row]:
    """A person's conversations, the latest first: one page and one row more if there are more."""
    me = ConversationMember
    rows = (
        select(
            Conversation.id,
            Conversation.title,
            Conversation.is_group,
            Conversation.is_system,
            me.unread_count,
            me.is_muted,
            me.last_message_at,
            Message.excerpt,
            Message.author_id,
            Block.blocked_id.is_not(None).label("is_blocked"),
        )
        .join(Conversation, Conversation.id == me.conversation_id)
        .outerjoin(Message, (Message.id == Conversation.last_message_id) & (Message.id > me.starts_after_id))
        .outerjoin(Block, (Block.blocker_id == user_id) & (Block.blocked_id == Message.author_id))
        .where(me.user_id == user_id, me.left_at.is_(None))
    )
    if before:
        moment, last = before
        rows = rows.where(me.last_message_at <= moment, or_(me.last_message_at < moment, me.conversation_id < last))
    latest = rows.order_by(me.last_message_at.desc(), me.conversation_id.desc())
    return list(db.session.execute(latest.limit(limit)).all())


def place_after(row: Row) -> str:
    """Where the page of an inbox begins that follows `row`, for an address."""
    return write_place(row.last_message_at, row.id)


def members_of(conversation_ids: Iterable[int]) -> dict[int, list[Row]]:
    """Who takes, or has taken, part in these conversations, in the order in which they came."""
    people: dict[int, list[Row]] = {conversation_id: [] for conversation_id in conversation_ids}
    if not people:
        return people
    part = ConversationMember
    rows = (
        select(
            part.conversation_id,
            part.user_id,
            part.left_at,
            part.last_read_message_id,
            part.last_message_read_at,
            User.id,
            User.role,
            User.suspended_until,
            *WRITER,
        )
        .join(User, User.id == part.user_id)
        .where(part.conversation_id.in_(people))
    )
    for row in db.session.execute(rows.order_by(part.id)):
        people[row.conversation_id].append(row)
    return people


def has_read_all(conversation_id: int, user_id: int) -> bool:
    """Whether nothing in a conversation is unread to a person."""
    part = ConversationMember
    unread = select(part.unread_count).where(part.conversation_id == conversation_id, part.user_id == user_id)
    return not db.session.scalar(unread)
