"""What the pages of groups print."""

from dataclasses import dataclass

from sqlalchemy import Row

from madang.core.actor import Actor

from .forms import AskForm, PeopleForm
from .policies import can_ask_to_join, can_join_group, can_lead_group, can_leave_group, can_see_members
from .queries import (
    MEMBERS_PER_PAGE,
    GroupRow,
    member_rows,
    owner_rows,
    request_rows,
)

REQUESTS_SHOWN = 50


@dataclass(frozen=True, slots=True)
class GroupPage:
    """A group's page as its template reads it; `next_member` is the id after which the next page begins."""

    group: GroupRow
    can_join: bool
    can_ask: bool
    can_leave: bool
    can_lead: bool
    can_see_members: bool
    members: list[Row]
    owners: list[Row]
    requests: list[Row]
    has_more_requests: bool
    next_member: int | None
    is_first: bool


def group_page(group: GroupRow, actor: Actor, after: int | None) -> GroupPage:
    """The page of a group with its members after the membership `after`."""
    standing = group.standing
    leads = not group.is_built_in and can_lead_group(actor, standing)
    sees = not group.is_built_in and can_see_members(actor, group, standing)
    members = member_rows(group.id, after=after, limit=MEMBERS_PER_PAGE + 1) if sees else []
    requests = request_rows(group.id, after=None, limit=REQUESTS_SHOWN + 1) if leads else []
    return GroupPage(
        group=group,
        can_join=can_join_group(actor, group, standing),
        can_ask=can_ask_to_join(actor, group, standing),
        can_leave=can_leave_group(actor, standing),
        can_lead=leads,
        can_see_members=sees,
        members=members[:MEMBERS_PER_PAGE],
        owners=owner_rows(group.id) if sees and after is None else [],
        requests=requests[:REQUESTS_SHOWN],
        has_more_requests=len(requests) > REQUESTS_SHOWN,
        next_member=members[MEMBERS_PER_PAGE - 1].id if len(members) > MEMBERS_PER_PAGE else None,
        is_first=after is None,
    )


def ask_form() -> AskForm:
    """An empty form for a request."""
    return AskForm(formdata=None).set_labels()


def people_form() -> PeopleForm:
    """An empty form for people to add or invite."""
    return PeopleForm(formdata=None).set_labels()
