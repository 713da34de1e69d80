"""Block and unblock people, and recount the unread messages that a block hides."""

from datetime import datetime

from sqlalchemy import delete, select, update
from sqlalchemy.orm import aliased

from madang.accounts.models import User
from madang.core.actor import Actor
from madang.core.db import db, upsert
from madang.core.errors import require
from madang.core.events import emit
from madang.core.i18n import _

from ..events import PersonBlocked
from ..models import Block, ConversationMember
from ..policies import can_block_person
from ..queries.conversations import unread_count_subquery
from ..queries.people import has_blocked
from .reading import add_to_unread_count


def block_person(user: User, *, actor: Actor, now: datetime) -> None:
    """Block a person: they cannot write to the actor; in groups their messages are collapsed and never unread.

    Raises `Forbidden` for oneself and for staff.
    """
    membership_ids = _lock_shared_memberships(actor.id or 0, user.id)
    require(can_block_person(actor, user), _("You cannot block yourself or moderators."))
    if has_blocked(actor, user.id):
        return
    key = {"blocker_id": actor.id, "blocked_id": user.id}
    upsert(Block, key, new={"created_at": now}, changes={"created_at": now})
    _recount_unread(actor.id or 0, membership_ids)
    emit(PersonBlocked(actor.id or 0, user.id))


def unblock_person(user_id: int, *, actor: Actor) -> None:
    """Remove the actor's block of a person."""
    _remove_block(actor.id or 0, user_id)


def remove_all_blocks(user_id: int) -> None:
    """Delete every block by a person or of a person."""
    db.session.execute(delete(Block).where(Block.blocker_id == user_id))
    blockers = select(Block.blocker_id).where(Block.blocked_id == user_id).order_by(Block.blocker_id)
    for blocker_id in db.session.scalars(blockers).all():
        _remove_block(blocker_id, user_id)


def _remove_block(blocker_id: int, blocked_id: int) -> None:
    membership_ids = _lock_shared_memberships(blocker_id, blocked_id)
    db.session.execute(delete(Block).where(Block.blocker_id == blocker_id, Block.blocked_id == blocked_id))
    _recount_unread(blocker_id, membership_ids)


def _lock_shared_memberships(user_id: int, other_id: int) -> list[int]:
    """Lock a person's memberships in the conversations that both share and return their ids.

    Locks the other person's row too, so that their concurrent messages wait.
    """
    db.session.execute(select(User.id).where(User.id == other_id).with_for_update())
    other = aliased(ConversationMember)
    shared = (
        select(ConversationMember.id)
        .join(other, other.conversation_id == ConversationMember.conversation_id)
        .where(ConversationMember.user_id == user_id, other.user_id == other_id)
    )
    ids = list(db.session.scalars(shared))
    locked = select(ConversationMember.id).where(ConversationMember.id.in_(ids)).order_by(ConversationMember.id)
    return list(db.session.scalars(locked.with_for_update()))


def _recount_unread(user_id: int, membership_ids: list[int]) -> None:
    before = _badge_count(membership_ids)
    change = (
        update(ConversationMember)
        .where(ConversationMember.id.in_(membership_ids))
        .values(unread_count=unread_count_subquery())
    )
    db.session.execute(change.execution_options(synchronize_session=False))
    add_to_unread_count(user_id, _badge_count(membership_ids) - before, conversation_id=None)


def _badge_count(membership_ids: list[int]) -> int:
    """Sum what these memberships add to the unread count in the top bar."""
    member = ConversationMember
    counts = select(member.unread_count).where(member.id.in_(membership_ids), member.is_muted.is_(False))
    return sum(db.session.scalars(counts))
