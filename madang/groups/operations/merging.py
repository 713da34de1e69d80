"""Memberships and requests of two accounts that become one, and of an account that is deleted."""

from sqlalchemy import delete, select, update

from madang.accounts.models import Membership
from madang.core.db import add_to, db

from ..models import ADDED, BY_DOMAIN, Group, MembershipRequest


def merge_memberships(target_id: int, source_id: int) -> None:
    """Move the memberships of a merged account; where both are members, the remaining one keeps the better rights."""
    _lock_groups_of(target_id, source_id)
    kept = {each.group_id: each for each in _memberships_of(target_id)}
    for source in _memberships_of(source_id):
        target = kept.get(source.group_id)
        if target is None:
            source.user_id = target_id
            continue
        target.is_owner = target.is_owner or source.is_owner
        if target.origin == BY_DOMAIN and source.origin != BY_DOMAIN:
            target.origin = ADDED
        db.session.delete(source)
        add_to(Group, source.group_id, member_count=-1)
    db.session.flush()
    _merge_requests(target_id, source_id)


def _merge_requests(target_id: int, source_id: int) -> None:
    """Move what waits for an answer, unless the remaining account waits too or is a member."""
    asked = MembershipRequest
    groups = set(db.session.scalars(select(Membership.group_id).where(Membership.user_id == target_id)))
    db.write(delete(asked).where(asked.user_id == target_id, asked.group_id.in_(groups)))
    groups |= set(db.session.scalars(select(asked.group_id).where(asked.user_id == target_id)))
    db.write(delete(asked).where(asked.user_id == source_id, asked.group_id.in_(groups)))
    db.write(update(asked).where(asked.user_id == source_id).values(user_id=target_id))


def delete_memberships(user_id: int) -> None:
    """End all memberships of an account that is deleted. A group may stay without an owner."""
    _lock_groups_of(user_id)
    ids = db.session.scalars(select(Membership.group_id).where(Membership.user_id == user_id)).all()
    db.write(delete(Membership).where(Membership.user_id == user_id))
    for group_id in sorted(ids):
        add_to(Group, group_id, member_count=-1)


def forget_inviter(user_id: int) -> None:
    """Keep the invitations of an account that is deleted, without its id."""
    db.write(update(MembershipRequest).where(MembershipRequest.inviter_id == user_id).values(inviter_id=None))


def _lock_groups_of(*user_ids: int) -> None:
    """Lock the groups that these accounts are in or wait for, in the order of their ids."""
    member_of = select(Membership.group_id).where(Membership.user_id.in_(user_ids))
    waits_for = select(MembershipRequest.group_id).where(MembershipRequest.user_id.in_(user_ids))
    ids = set(db.session.scalars(member_of)) | set(db.session.scalars(waits_for))
    groups = select(Group.id).where(Group.id.in_(ids)).order_by(Group.id)
    db.session.execute(groups.with_for_update())


def _memberships_of(user_id: int) -> list[Membership]:
    mine = select(Membership).where(Membership.user_id == user_id).order_by(Membership.group_id)
    return list(db.session.scalars(mine.execution_options(populate_existing=True)))
