"""Conversations of an account that was merged into another."""

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import delete, func, or_, select, update
from sqlalchemy.orm import aliased

from madang.accounts.models import User
from madang.core.db import db
from madang.core.db.reassign import reassign_rows
from madang.core.events import emit

from ..events import UnreadMessagesChanged
from ..models import Block, Conversation, ConversationMember, Message, MessageReport
from ..queries.conversations import unread_messages

AT_ONCE = 500


def merge_inboxes(kept_id: int, gone_id: int) -> None:
    """Let conversations, messages, blocks and reports be of the account that stays, and count anew what is unread."""
    conversations = _conversations_of(kept_id, gone_id)
    _hold(conversations)
    _run(update(Message).where(Message.author_id == gone_id).values(fingerprint=None))
    reassign_rows(Message, Message.author_id, gone_id=gone_id, kept_id=kept_id)
    _merge_parts(kept_id, gone_id)
    _name_pairs(conversations, kept_id, gone_id)
    _merge_blocks(kept_id, gone_id)
    _merge_reports(kept_id, gone_id)
    _count_anew(conversations, {kept_id, gone_id})


def _run(change: Any) -> None:
    db.session.execute(change.execution_options(synchronize_session=False))


def _pieces(ids: Sequence[int]) -> Iterable[Sequence[int]]:
    return (ids[start : start + AT_ONCE] for start in range(0, len(ids), AT_ONCE))


def _conversations_of(*user_ids: int) -> list[int]:
    part = ConversationMember
    ids = select(part.conversation_id).where(part.user_id.in_(user_ids)).distinct().order_by(part.conversation_id)
    return list(db.session.scalars(ids))


def _hold(ids: list[int]) -> None:
    """Whoever writes there meanwhile waits: conversations first, then their parts, as everywhere."""
    part = ConversationMember
    for some in _pieces(ids):
        talks = select(Conversation.id).where(Conversation.id.in_(some)).order_by(Conversation.id)
        parts = select(part.id).where(part.conversation_id.in_(some)).order_by(part.id)
        for rows in (talks, parts):
            db.session.execute(rows.with_for_update()).all()


def _merge_parts(kept_id: int, gone_id: int) -> None:
    """Where both take part, the one part has seen what either has, and is there if either is."""
    theirs = aliased(ConversationMember)
    both = (
        select(ConversationMember, theirs)
        .join(theirs, theirs.conversation_id == ConversationMember.conversation_id)
        .where(ConversationMember.user_id == kept_id, theirs.user_id == gone_id)
    )
    for mine, other in db.session.execute(both).all():
        if not other.has_left:
            is_back = mine.has_left
            mine.left_at = None
            mine.starts_after_id = (
                other.starts_after_id if is_back else min(mine.starts_after_id, other.starts_after_id)
            )
            mine.is_muted = other.is_muted if is_back else mine.is_muted and other.is_muted
        mine.last_read_message_id = max(mine.last_read_message_id, other.last_read_message_id)
        mine.joined_at = min(mine.joined_at, other.joined_at)
        db.session.delete(other)
    db.session.flush()
    reassign_rows(ConversationMember, ConversationMember.user_id, gone_id=gone_id, kept_id=kept_id)


def _name_pairs(conversations: list[int], kept_id: int, gone_id: int) -> None:
    """The keys by which the conversation of two people, or of one with the site, is found.

    Where both accounts had one with the same person, both stay, and the older account's goes on.
    """
    keyed = or_(
        Conversation.people_key == f"system:{gone_id}",
        Conversation.people_key.startswith(f"pair:{gone_id}:"),
        Conversation.people_key.endswith(f":{gone_id}") & Conversation.people_key.startswith("pair:"),
    )
    for some in _pieces(conversations):
        for one in db.session.scalars(select(Conversation).where(Conversation.id.in_(some), keyed)).all():
            key = _key_after(one.people_key, kept_id, gone_id)
            is_taken = db.session.scalar(select(Conversation.id).where(Conversation.people_key == key)) is not None
            one.is_group = one.is_group or key == ""
            one.people_key = f"merged:{one.id}" if is_taken or not key else key
            db.session.flush()


def _key_after(key: str, kept_id: int, gone_id: int) -> str:
    """The key after the merge; none for the conversation that the two had with each other."""
    kind, *ids = key.split(":")
    numbers = sorted(kept_id if int(number) == gone_id else int(number) for number in ids)
    return "" if len(set(numbers)) < len(numbers) else ":".join([kind, *map(str, numbers)])


def _merge_blocks(kept_id: int, gone_id: int) -> None:
    """Nobody blocks themselves; who blocked either has blocked the one that stays."""
    pair = (kept_id, gone_id)
    _run(delete(Block).where(Block.blocker_id.in_(pair), Block.blocked_id.in_(pair)))
    for owner, other in ((Block.blocker_id, Block.blocked_id), (Block.blocked_id, Block.blocker_id)):
        reassign_rows(Block, owner, gone_id=gone_id, kept_id=kept_id, once_for=other)


def _merge_reports(kept_id: int, gone_id: int) -> None:
    report = MessageReport
    reassign_rows(report, report.author_id, gone_id=gone_id, kept_id=kept_id)
    reassign_rows(report, report.reporter_id, gone_id=gone_id, kept_id=kept_id, once_for=report.message_id)


def _count_anew(conversations: list[int], people: set[int]) -> None:
    """What is unread in these conversations, and in the top bars of those who take part in them."""
    part = ConversationMember
    for some in _pieces(conversations):
        _run(update(part).where(part.conversation_id.in_(some)).values(unread_count=unread_messages()))
        people |= set(db.session.scalars(select(part.user_id).where(part.conversation_id.in_(some)).distinct()))
    for ids in _pieces(sorted(people)):
        unread = select(func.coalesce(func.sum(part.unread_count), 0)).where(
            part.user_id == User.id, part.is_muted.is_(False)
        )
        before = dict(db.session.execute(select(User.id, User.unread_message_count).where(User.id.in_(ids))).all())
        _run(update(User).where(User.id.in_(ids)).values(unread_message_count=unread.scalar_subquery()))
        after = dict(db.session.execute(select(User.id, User.unread_message_count).where(User.id.in_(ids))).all())
        for user_id in ids:
            if before[user_id] != after[user_id]:
                emit(UnreadMessagesChanged(user_id, None))
