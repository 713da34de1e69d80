"""Write the rows of members, without a check of permission. The group is locked by the caller."""

from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.exc import NoResultFound

from madang.accounts.models import Membership
from madang.core.db import add_if_new, add_to, db, lock_row
from madang.core.errors import NotFound
from madang.core.events import emit

from ..events import MembershipBegan, MembershipEnded
from ..models import ADDED, BY_DOMAIN, Group, MembershipRequest


def lock_group(group: Group) -> None:
    """Lock a group before its members change. Raises `NotFound` for one that was deleted meanwhile."""
    try:
        lock_row(group)
    except NoResultFound:
        raise NotFound from None


def insert_membership(group_id: int, user_id: int, *, origin: str, now: datetime) -> bool:
    """Make a person a member and count them; what waited for an answer is answered. False for a member.

    A member by their address who is added stays when the address changes.
    """
    values = {"group_id": group_id, "user_id": user_id, "is_owner": False, "origin": origin, "created_at": now}
    _delete_request(group_id, user_id)
    if add_if_new(Membership, **values):
        add_to(Group, group_id, member_count=1)
        emit(MembershipBegan(group_id, user_id))
        return True
    if origin == ADDED:
        membership = find_membership(group_id, user_id)
        if membership is not None and membership.origin == BY_DOMAIN:
            membership.origin = ADDED
            db.session.flush()
    return False


def delete_membership(group_id: int, user_id: int) -> bool:
    """End a membership and count it. False for somebody who is no member."""
    mine = (Membership.group_id == group_id) & (Membership.user_id == user_id)
    is_deleted = db.write(delete(Membership).where(mine)).rowcount == 1
    if is_deleted:
        add_to(Group, group_id, member_count=-1)
        emit(MembershipEnded(group_id, user_id))
    return is_deleted


def find_membership(group_id: int, user_id: int) -> Membership | None:
    """The present membership of a person in a locked group."""
    mine = select(Membership).where(Membership.group_id == group_id, Membership.user_id == user_id)
    return db.session.scalar(mine.execution_options(populate_existing=True))


def _delete_request(group_id: int, user_id: int) -> None:
    asked = MembershipRequest
    db.write(delete(asked).where(asked.group_id == group_id, asked.user_id == user_id))
