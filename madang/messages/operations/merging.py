"""Move conversations, messages, blocks and reports when one account is merged into another."""

from collections.abc import Iterable, Sequence

from sqlalchemy import Delete, Update, delete, func, or_, select, update
from sqlalchemy.orm import aliased

from madang.accounts.models import User
from madang.core.db import db
from madang.core.db.reassign import reassign_rows
from madang.core.events import emit

from ..events import UnreadMessagesChanged
from ..models import Block, Conversation, ConversationMember, Message, MessageReport
from ..queries.conversations import unread_count_subquery

BATCH_SIZE = 500


def merge_inboxes(target_id: int, source_id: int) -> None:
    """Move conversations, messages, blocks and reports to the account `target_id` and recount unread messages."""
    conversation_ids = _conversations_of(target_id, source_id)
    _lock(conversation_ids)
    _execute(update(Message).where(Message.author_id == source_id).values(fingerprint=None))
    reassign_rows(Message.author_id, source_id=source_id, target_id=target_id)
    _merge_memberships(target_id, source_id)
    _rewrite_people_keys(conversation_ids, target_id, source_id)
    _merge_blocks(target_id, source_id)
    _merge_reports(target_id, source_id)
    _recount_unread(conversation_ids, {target_id, source_id})


def _execute(change: Update | Delete) -> None:
    db.session.execute(change.execution_options(synchronize_session=False))


def _batches(ids: Sequence[int]) -> Iterable[Sequence[int]]:
    return (ids[start : start + BATCH_SIZE] for start in range(0, len(ids), BATCH_SIZE))


def _conversations_of(*user_ids: int) -> list[int]:
    member = ConversationMember
    ids = select(member.conversation_id).where(member.user_id.in_(user_ids)).distinct().order_by(member.conversation_id)
    return list(db.session.scalars(ids))


def _lock(ids: list[int]) -> None:
    """Lock conversations, then their memberships: the order in which every operation locks them."""
    member = ConversationMember
    for batch in _batches(ids):
        conversations = select(Conversation.id).where(Conversation.id.in_(batch)).order_by(Conversation.id)
        members = select(member.id).where(member.conversation_id.in_(batch)).order_by(member.id)
        for rows in (conversations, members):
            db.session.execute(rows.with_for_update()).all()


def _merge_memberships(target_id: int, source_id: int) -> None:
    """Where both are members, combine them: read up to the later mark, and present if either is."""
    theirs = aliased(ConversationMember)
    both = (
        select(ConversationMember, theirs)
        .join(theirs, theirs.conversation_id == ConversationMember.conversation_id)
        .where(ConversationMember.user_id == target_id, theirs.user_id == source_id)
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
    reassign_rows(ConversationMember.user_id, source_id=source_id, target_id=target_id)


def _rewrite_people_keys(conversation_ids: list[int], target_id: int, source_id: int) -> None:
    """Rewrite the `people_key` of pairs and of conversations with the site.

    If both accounts had a conversation with the same person, both stay, and new messages go to that of `target_id`.
    """
    keyed = or_(
        Conversation.people_key == f"system:{source_id}",
        Conversation.people_key.startswith(f"pair:{source_id}:"),
        Conversation.people_key.endswith(f":{source_id}") & Conversation.people_key.startswith("pair:"),
    )
    for batch in _batches(conversation_ids):
        for conversation in db.session.scalars(select(Conversation).where(Conversation.id.in_(batch), keyed)).all():
            key = _merged_people_key(conversation.people_key, target_id, source_id)
            is_taken = db.session.scalar(select(Conversation.id).where(Conversation.people_key == key)) is not None
            conversation.is_group = conversation.is_group or key == ""
            conversation.people_key = f"merged:{conversation.id}" if is_taken or not key else key
            db.session.flush()


def _merged_people_key(key: str, target_id: int, source_id: int) -> str:
    """Return the key after the merge; empty for the conversation of the two accounts with each other."""
    kind, *ids = key.split(":")
    numbers = sorted(target_id if int(number) == source_id else int(number) for number in ids)
    return "" if len(set(numbers)) < len(numbers) else ":".join([kind, *map(str, numbers)])


def _merge_blocks(target_id: int, source_id: int) -> None:
    """Move blocks by and of the account; delete those between the two accounts."""
    accounts = (target_id, source_id)
    _execute(delete(Block).where(Block.blocker_id.in_(accounts), Block.blocked_id.in_(accounts)))
    for owner, other in ((Block.blocker_id, Block.blocked_id), (Block.blocked_id, Block.blocker_id)):
        reassign_rows(owner, source_id=source_id, target_id=target_id, once_for=other)


def _merge_reports(target_id: int, source_id: int) -> None:
    report = MessageReport
    reassign_rows(report.author_id, source_id=source_id, target_id=target_id)
    reassign_rows(report.reporter_id, source_id=source_id, target_id=target_id, once_for=report.message_id)


def _recount_unread(conversation_ids: list[int], user_ids: set[int]) -> None:
    """Recount unread messages per membership and per person in these conversations."""
    member = ConversationMember
    for batch in _batches(conversation_ids):
        _execute(update(member).where(member.conversation_id.in_(batch)).values(unread_count=unread_count_subquery()))
        user_ids |= set(db.session.scalars(select(member.user_id).where(member.conversation_id.in_(batch)).distinct()))
    for ids in _batches(sorted(user_ids)):
        unread = select(func.coalesce(func.sum(member.unread_count), 0)).where(
            member.user_id == User.id, member.is_muted.is_(False)
        )
        before = dict(db.session.execute(select(User.id, User.unread_message_count).where(User.id.in_(ids))).all())
        _execute(update(User).where(User.id.in_(ids)).values(unread_message_count=unread.scalar_subquery()))
        after = dict(db.session.execute(select(User.id, User.unread_message_count).where(User.id.in_(ids))).all())
        for user_id in ids:
            if before[user_id] != after[user_id]:
                emit(UnreadMessagesChanged(user_id, None))
