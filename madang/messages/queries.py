"""Finding conversations and messages. Whoever takes no part finds nothing."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Row, Select, func, null, or_, select
from sqlalchemy.orm import aliased

from madang.accounts.models import User
from madang.accounts.queries import AUTHOR, keys_of
from madang.core.actor import GUEST, Actor
from madang.core.db import db
from madang.core.errors import NotFound
from madang.core.i18n import _
from madang.core.pagination import Place, write_place
from madang.core.text import clean_line

from .models import Block, Conversation, ConversationMember, Message, MessageReport
from .policies import can_see_reports

PER_PAGE = 30
NEWER_AT_MOST = 100
_WRITER = (null().label("author_name"), User.role.label("author_role"), *AUTHOR)  # what `posts.pages.author_of` reads


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


def get_message(conversation_id: int, message_id: int, actor: Actor) -> Message:
    """A message that the actor can read. Raises `NotFound`."""
    _conversation, me = get_conversation(conversation_id, actor)
    message = db.session.get(Message, message_id)
    if message is None or message.conversation_id != conversation_id or message.id <= me.starts_after_id:
        raise NotFound
    return message


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
            *_WRITER,
        )
        .join(User, User.id == part.user_id)
        .where(part.conversation_id.in_(people))
    )
    for row in db.session.execute(rows.order_by(part.id)):
        people[row.conversation_id].append(row)
    return people


def message_rows(me: ConversationMember, *, before: int | None = None, limit: int = PER_PAGE + 1) -> list[Row]:
    """A page of what one can read, newest first, and one row more if there is more."""
    rows = _messages_for(me)
    if before is not None:
        rows = rows.where(Message.id < before)
    return list(db.session.execute(rows.order_by(Message.id.desc()).limit(limit)).all())


def newer_rows(me: ConversationMember, after: int) -> list[Row]:
    """What came after a message, newest first; where that is very much, what came next."""
    return list(reversed(rows_after(me, after, NEWER_AT_MOST)))


def rows_after(me: ConversationMember, after: int, limit: int) -> list[Row]:
    """The messages that came next after one, oldest first."""
    rows = _messages_for(me).where(Message.id > after).order_by(Message.id).limit(limit)
    return list(db.session.execute(rows).all())


def get_message_row(me: ConversationMember, message_id: int) -> Row:
    """One message that the person can read, as a row. Raises `NotFound`."""
    row = db.session.execute(_messages_for(me).where(Message.id == message_id)).first()
    if row is None:
        raise NotFound
    return row


def _messages_for(me: ConversationMember) -> Select:
    rows = select(
        Message.id,
        Message.conversation_id,
        Message.author_id,
        Message.body,
        Message.body_html,
        Message.created_at,
        Block.blocked_id.is_not(None).label("is_blocked"),
        *_WRITER,
    ).outerjoin(User, User.id == Message.author_id)
    rows = rows.outerjoin(Block, (Block.blocker_id == me.user_id) & (Block.blocked_id == Message.author_id))
    return rows.where(Message.conversation_id == me.conversation_id, Message.id > me.starts_after_id)


def people_named(names: list[str]) -> dict[str, Row]:
    """Those of `names`, written in any case, that are somebody's: an account's, or else a guest's."""
    keys = [key for name in names for key in keys_of(name)]
    columns = select(User.id, User.username, User.role, User.suspended_until)
    found = columns.where(User.deleted_at.is_(None), User.username_key.in_(keys))
    guests_first = sorted(db.session.execute(found), key=lambda row: row.role != GUEST) if names else []
    rows = {row.username.casefold(): row for row in guests_first}  # an account takes a guest's place
    return {name: rows[name.casefold()] for name in names if name.casefold() in rows}


def get_person(name: str) -> User:
    """The account or the guest of that name, written in any case. Raises `NotFound`."""
    found = people_named([clean_line(name)])
    if not found:
        raise NotFound
    return db.session.get_one(User, next(iter(found.values())).id)


def readable_messages(actor: Actor, message_ids: Iterable[int]) -> dict[int, int]:
    """Those of the messages that the actor can read, each with its conversation."""
    ids, part = list(message_ids), ConversationMember
    if not actor.has_identity or not ids:
        return {}
    rows = select(Message.id, Message.conversation_id).join(part, part.conversation_id == Message.conversation_id)
    mine = rows.where(part.user_id == actor.id, part.left_at.is_(None), Message.id > part.starts_after_id)
    return {row.id: row.conversation_id for row in db.session.execute(mine.where(Message.id.in_(ids)))}


def newer_count(me: ConversationMember, message_id: int) -> int:
    """How many messages of a conversation stand before this one on its pages."""
    newer = (Message.conversation_id == me.conversation_id) & (Message.id > message_id)
    return db.session.scalar(select(func.count()).select_from(Message).where(newer)) or 0


def blocks_among(user_id: int, others: list[int]) -> tuple[set[int], set[int]]:
    """Those of `others` whom a person has blocked, and those who have blocked that person."""
    either = or_(
        (Block.blocker_id == user_id) & Block.blocked_id.in_(others),
        (Block.blocked_id == user_id) & Block.blocker_id.in_(others),
    )
    pairs = db.session.execute(select(Block.blocker_id, Block.blocked_id).where(either)).all() if others else []
    return (
        {blocked for blocker, blocked in pairs if blocker == user_id},
        {blocker for blocker, _blocked in pairs if blocker != user_id},
    )


def unread_by(message: Message) -> list[int]:
    """Who takes part, listens, and has not read a message by somebody else."""
    part = ConversationMember
    waiting = select(part.user_id).where(
        part.conversation_id == message.conversation_id,
        part.left_at.is_(None),
        part.is_muted.is_(False),
        part.last_read_message_id < message.id,
        part.user_id != message.author_id,
    )
    return list(db.session.scalars(waiting.order_by(part.user_id)))


def has_read_all(conversation_id: int, user_id: int) -> bool:
    """Whether nothing in a conversation is unread to a person."""
    part = ConversationMember
    unread = select(part.unread_count).where(part.conversation_id == conversation_id, part.user_id == user_id)
    return not db.session.scalar(unread)


def has_blocked(actor: Actor, user_id: int) -> bool:
    return db.session.get(Block, (actor.id, user_id)) is not None


def blocked_people(user_id: int) -> list[Row]:
    """Whom a person has blocked, the last one first."""
    rows = select(User.username, Block.created_at, *_WRITER).join(User, User.id == Block.blocked_id)
    mine = rows.where(Block.blocker_id == user_id, User.deleted_at.is_(None))
    return list(db.session.execute(mine.order_by(Block.created_at.desc(), User.id.desc())).all())


def report_count(actor: Actor) -> int:
    """How many messages have been shown to the moderators. Raises `NotFound` for everybody else."""
    if not can_see_reports(actor):
        raise NotFound
    return db.session.scalar(select(func.count()).select_from(MessageReport)) or 0


def report_rows(*, limit: int, offset: int) -> list[Row]:
    """The messages that were reported, the last one first."""
    return list(db.session.execute(_reports().limit(limit).offset(offset)).all())


def reports_before(actor: Actor, last_id: int | None, limit: int) -> list[Row]:
    """The next reports after one of them. Raises `NotFound` for whoever moderates nothing."""
    if not can_see_reports(actor):
        raise NotFound
    reports = _reports() if last_id is None else _reports().where(MessageReport.id < last_id)
    return list(db.session.execute(reports.limit(limit)).all())


def _reports() -> Select:
    reporter = aliased(User)
    rows = (
        select(
            MessageReport.id,
            MessageReport.reason,
            MessageReport.body_html,
            MessageReport.written_at,
            MessageReport.created_at,
            reporter.username.label("reporter_username"),
            reporter.role.label("reporter_role"),
            reporter.display_name.label("reporter_display_name"),
            reporter.deleted_at.is_not(None).label("reporter_is_deleted"),
            *_WRITER,
        )
        .outerjoin(User, User.id == MessageReport.author_id)
        .outerjoin(reporter, reporter.id == MessageReport.reporter_id)
    )
    return rows.order_by(MessageReport.id.desc())
