"""Permissions for groups, and the audiences that are computed from the role."""

from typing import NamedTuple, Protocol

from madang.accounts.policies.accounts import can_administer, can_write
from madang.core.actor import Actor
from madang.core.errors import require
from madang.core.i18n import _

from .models import EVERYONE, INVITATION, MEMBERS, OPEN, REQUEST, STAFF_GROUP


class GroupLike(Protocol):
    """Attributes of a group that policies read; the entity and the rows of pages have them."""

    @property
    def joining(self) -> str: ...
    @property
    def shows_members(self) -> bool: ...


class Standing(NamedTuple):
    """What a person is in a group; of a membership, a request and an invitation there is one at most."""

    is_member: bool = False
    is_owner: bool = False
    is_by_domain: bool = False
    has_asked: bool = False
    is_invited: bool = False


def audiences_of(actor: Actor) -> frozenset[str]:
    """The built-in groups that an actor belongs to: `everyone`, with an account `members`, and `staff`."""
    audiences = {EVERYONE}
    if actor.is_authenticated:
        audiences.add(MEMBERS)
    if actor.is_staff:
        audiences.add(STAFF_GROUP)
    return frozenset(audiences)


def can_see_group(actor: Actor, group: GroupLike, standing: Standing) -> bool:
    """Everybody, except a group that hides its members and takes them by invitation only."""
    is_public = group.shows_members or group.joining != INVITATION
    return is_public or standing.is_member or standing.is_invited or actor.role == "admin"


def can_see_members(actor: Actor, group: GroupLike, standing: Standing) -> bool:
    """Members and administrators; everybody if the group shows its members."""
    return group.shows_members or standing.is_member or actor.role == "admin"


def require_can_see_members(actor: Actor, group: GroupLike, standing: Standing) -> None:
    """Raise `Forbidden` unless the actor may see who is in a group."""
    require(can_see_members(actor, group, standing), _("Only members see who is in this group."))


def can_lead_group(actor: Actor, standing: Standing) -> bool:
    """Whether the actor decides who is in a group: its owners, and administrators in every group."""
    return can_administer(actor) or (can_write(actor) and standing.is_owner)


def can_join_group(actor: Actor, group: GroupLike, standing: Standing) -> bool:
    """Whether the actor becomes a member without being let in: the group is open, or they are invited."""
    return can_write(actor) and not standing.is_member and (group.joining == OPEN or standing.is_invited)


def can_ask_to_join(actor: Actor, group: GroupLike, standing: Standing) -> bool:
    is_new = not (standing.is_member or standing.has_asked or standing.is_invited)
    return can_write(actor) and is_new and group.joining == REQUEST


def can_leave_group(actor: Actor, standing: Standing) -> bool:
    """Every member, but not one by the domain of their address: that would make them a member again."""
    return can_write(actor) and standing.is_member and not standing.is_by_domain
