"""Not wanting to hear from somebody."""

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
from ..queries.conversations import unread_messages
from ..queries.people import has_blocked
from .reading import count_for


def block_person(user: User, *, actor: Actor, now: datetime) -> None:
    """Let a person's messages not reach the actor: none in private, unread and folded up in groups."""
    require(can_block_person(actor, user), _("You can block neither yourself nor the moderators."))
    if has_blocked(actor, user.id):
        return
    parts = _hold_shared_parts(actor.id or 0, user.id)
    key = {"blocker_id": actor.id, "blocked_id": user.id}
    upsert(Block, key, new={"created_at": now}, changes={"created_at": now})
    _count_anew(actor.id or 0, parts)
    emit(PersonBlocked(actor.id or 0, user.id))


def unblock_person(user_id: int, *, actor: Actor) -> None:
    """Hear from a person again."""
    _lift(actor.id or 0, user_id)


def lift_blocks(user_id: int) -> None:
    """Take away every block by a person and against them."""
    db.session.execute(delete(Block).where(Block.blocker_id == user_id))
    against = select(Block.blocker_id).where(Block.blocked_id == user_id).order_by(Block.blocker_id)
    for blocker_id in db.session.scalars(against).all():
        _lift(blocker_id, user_id)


def _lift(blocker_id: int, blocked_id: int) -> None:
    parts = _hold_shared_parts(blocker_id, blocked_id)
    db.session.execute(delete(Block).where(Block.blocker_id == blocker_id, Block.blocked_id == blocked_id))
    _count_anew(blocker_id, parts)


def _hold_shared_parts(user_id: int, other_id: int) -> list[int]:
    """A person's parts in the conversations that both are in. What the other one writes meanwhile waits for this."""
    db.session.execute(select(User.id).where(User.id == other_id).with_for_update())
    other = aliased(ConversationMember)
    shared = (
        select(ConversationMember.id)
        .join(other, other.conversation_id == ConversationMember.conversation_id)
        .where(ConversationMember.user_id == user_id, other.user_id == other_id)
    )
    ids = list(db.session.scalars(shared))
    held = select(ConversationMember.id).where(ConversationMember.id.in_(ids)).order_by(ConversationMember.id)
    return list(db.session.scalars(held.with_for_update()))


def _count_anew(user_id: int, parts: list[int]) -> None:
    before = _counted(parts)
    change = update(ConversationMember).where(ConversationMember.id.in_(parts)).values(unread_count=unread_messages())
    db.session.execute(change.execution_options(synchronize_session=False))
    count_for(user_id, _counted(parts) - before, conversation_id=None)


def _counted(parts: list[int]) -> int:
    """What these parts add to the top bar."""
    part = ConversationMember
    counts = select(part.unread_count).where(part.id.in_(parts), part.is_muted.is_(False))
    return sum(db.session.scalars(counts))
