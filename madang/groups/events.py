"""Events of groups."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class MembershipBegan:
    """Somebody has become a member, in whatever way."""

    group_id: int
    user_id: int


@dataclass(frozen=True, slots=True)
class MembershipEnded:
    """Somebody is a member no more, in whatever way but the deletion of the group or of the account."""

    group_id: int
    user_id: int


@dataclass(frozen=True, slots=True)
class GroupDeleted:
    """A group is about to be deleted with its memberships. Subscribers may raise `Conflict`."""

    group_id: int


@dataclass(frozen=True, slots=True)
class MembershipRequested:
    """Somebody asks to join a group."""

    group_id: int
    user_id: int
    request_id: int


@dataclass(frozen=True, slots=True)
class MemberInvited:
    """Somebody is invited to a group."""

    group_id: int
    user_id: int
    request_id: int


@dataclass(frozen=True, slots=True)
class MemberAdded:
    """An owner has added somebody to a group, or accepted their request (`MembershipRequested` came before)."""

    group_id: int
    user_id: int
    actor_id: int | None


@dataclass(frozen=True, slots=True)
class RequestDeclined:
    """An owner has declined the request of somebody, whose row is deleted."""

    group_id: int
    user_id: int
    request_id: int
    actor_id: int | None


@dataclass(frozen=True, slots=True)
class MemberRemoved:
    """An owner has removed somebody from a group; the row of the membership is deleted."""

    group_id: int
    user_id: int
    membership_id: int
    actor_id: int | None
