"""Join and leave a group; owners add and remove people, and make other owners."""

from collections.abc import Collection
from datetime import datetime

from madang.accounts.models import User
from madang.accounts.operations.staff_actions import record_staff_action
from madang.core.actor import Actor
from madang.core.db import db
from madang.core.errors import Conflict, NotFound, require
from madang.core.events import emit
from madang.core.i18n import _

from ..events import MemberAdded, MemberRemoved
from ..models import ADDED, BY_DOMAIN, JOINED, Group
from ..policies import can_join_group, can_lead_group, can_leave_group
from ..queries import standing_in
from ..sentences import logged_names
from .domains import is_of_domains
from .rows import delete_membership, find_membership, insert_membership, lock_group


def require_leader(group: Group, actor: Actor) -> None:
    """Raise `Forbidden` unless the actor decides who is in a group."""
    message = _("Only owners of the group and administrators can do this.")
    require(can_lead_group(actor, standing_in(group.id, actor.id)), message)


def add_people(group: Group, people: Collection[User], *, actor: Actor, now: datetime) -> list[User]:
    """Make people members. Returns those who were none before. Emits `MemberAdded` for each.

    Raises `Forbidden` and `NotFound`.
    """
    lock_group(group)
    require_leader(group, actor)
    return [person for person in people if _add(group, person, actor, now)]


def _add(group: Group, person: User, actor: Actor, now: datetime) -> bool:
    is_new = insert_membership(group.id, person.id, origin=ADDED, now=now)
    if is_new:
        emit(MemberAdded(group.id, person.id, actor.id))
        record_staff_action("add_to_group", "user", person.id, actor=actor, group=logged_names(group))
    return is_new


def remove_member(group: Group, person: User, *, actor: Actor) -> None:
    """End somebody's membership. Emits `MemberRemoved`.

    Raises `Forbidden`, `NotFound` for somebody who is no member, and `Conflict` for somebody whose address would make
    them a member again.
    """
    lock_group(group)
    require_leader(group, actor)
    membership = find_membership(group.id, person.id)
    if membership is None:
        raise NotFound
    if is_of_domains(person, group):
        raise Conflict(
            _("The e-mail address makes this person a member. Administrators can change the domains of the group.")
        )
    membership_id = membership.id
    db.session.expunge(membership)
    delete_membership(group.id, person.id)
    emit(MemberRemoved(group.id, person.id, membership_id, actor.id))
    record_staff_action("remove_from_group", "user", person.id, actor=actor, group=logged_names(group))


def set_owner(group: Group, person: User, is_owner: bool, *, actor: Actor) -> None:
    """Make a member an owner of the group, or take that back. A group may have no owner: administrators lead every one.

    An owner was chosen by a person, so a member by their address stays from then on when the address changes.
    Raises `Forbidden`, and `NotFound` for somebody who is no member.
    """
    lock_group(group)
    require_leader(group, actor)
    membership = find_membership(group.id, person.id)
    if membership is None:
        raise NotFound
    if membership.is_owner == is_owner:
        return
    membership.is_owner = is_owner
    if is_owner and membership.origin == BY_DOMAIN:
        membership.origin = ADDED
    db.session.flush()
    verb = "make_group_owner" if is_owner else "unmake_group_owner"
    record_staff_action(verb, "user", person.id, actor=actor, group=logged_names(group))


def join_group(group: Group, *, actor: Actor, now: datetime) -> None:
    """Become a member of an open group, or accept an invitation. Repeated and simultaneous calls join once.

    Raises `Forbidden` and `NotFound`.
    """
    lock_group(group)
    standing = standing_in(group.id, actor.id)
    is_new = not standing.is_member
    require(not is_new or can_join_group(actor, group, standing), _("You cannot join this group on your own."))
    if is_new:
        insert_membership(group.id, actor.id or 0, origin=JOINED, now=now)


def leave_group(group: Group, *, actor: Actor) -> None:
    """End the actor's own membership, also that of the last owner; nothing for somebody who is no member.

    Raises what `require_can_leave` does, and `NotFound` for a group that was deleted.
    """
    lock_group(group)
    if standing_in(group.id, actor.id).is_member:
        require_can_leave(group, actor)
        delete_membership(group.id, actor.id or 0)


def require_can_leave(group: Group, actor: Actor) -> None:
    """Raise `Conflict` if the actor's address would make them a member again, `Forbidden` unless they may leave."""
    if actor.id is not None and is_of_domains(db.session.get_one(User, actor.id), group):
        raise Conflict(_("Your e-mail address makes you a member of this group, so you cannot leave it."))
    require(can_leave_group(actor, standing_in(group.id, actor.id)), _("You cannot leave this group right now."))
