"""What belongs to a person in groups: memberships, requests, and the invitations that they sent."""

from sqlalchemy import Select, select

from madang.accounts.models import Membership
from madang.core.ownership import DELETE_ROWS, NOTHING_MORE, Move, NoRowsOfGuests, Owned, Query

from .models import Group, MembershipRequest
from .operations.merging import delete_memberships, forget_inviter, merge_memberships

GUESTS_JOIN_NO_GROUPS = NoRowsOfGuests("Guests can neither join groups nor be invited, and own none.")


def _memberships_of(user_id: int) -> Select:
    columns = (Group.slug.label("group"), Membership.is_owner, Membership.origin, Membership.created_at)
    rows = select(*columns).join(Membership, Membership.group_id == Group.id)
    return rows.where(Membership.user_id == user_id).order_by(Membership.id)


def _requests_of(user_id: int) -> Select:
    """What the person asked; an invitation is somebody else's."""
    asked = MembershipRequest
    columns = (Group.slug.label("group"), asked.is_invitation, asked.note, asked.created_at)
    rows = select(*columns).join(asked, asked.group_id == Group.id)
    return rows.where(asked.user_id == user_id, asked.is_invitation.is_(False)).order_by(asked.id)


def _invitations_by(user_id: int) -> Select:
    asked = MembershipRequest
    columns = (Group.slug.label("group"), asked.note, asked.created_at)
    rows = select(*columns).join(asked, asked.group_id == Group.id)
    return rows.where(asked.inviter_id == user_id).order_by(asked.id)


OWNED = (
    Owned(
        column=Membership.user_id,
        export=Query("groups.json", _memberships_of),
        on_merge=merge_memberships,
        on_delete=delete_memberships,
        on_removal=NOTHING_MORE,
        on_guest_delete=GUESTS_JOIN_NO_GROUPS,
    ),
    Owned(
        column=MembershipRequest.user_id,
        export=Query("group_requests.json", _requests_of),
        on_merge=merge_memberships,
        on_delete=DELETE_ROWS,
        on_removal=NOTHING_MORE,
        on_guest_delete=GUESTS_JOIN_NO_GROUPS,
    ),
    Owned(
        column=MembershipRequest.inviter_id,
        export=Query("group_invitations.json", _invitations_by),
        on_merge=Move(),
        on_delete=forget_inviter,
        on_removal=NOTHING_MORE,
        on_guest_delete=GUESTS_JOIN_NO_GROUPS,
    ),
)
