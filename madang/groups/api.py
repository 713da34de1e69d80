"""Groups in the JSON API."""

from typing import TypedDict

from flask import Response

from madang.accounts.models import User
from madang.accounts.queries.users import get_user
from madang.core.clock import now
from madang.core.rest.blueprint import ApiBlueprint
from madang.core.rest.pagination import Page, PageResult
from madang.core.rest.serialisation import require_unchanged
from madang.core.web.actor import current_actor
from madang.core.web.request_limits import limited_rate
from madang.jobs.fragments import accepted
from madang.jobs.schemas import JobSchema

from .jobs import enqueue_addition
from .models import Group
from .operations.membership import add_people, join_group, leave_group, remove_member, require_leader, set_owner
from .operations.people import MAX_AT_ONCE, get_people, parse_names
from .operations.requests import accept_request, ask_to_join, decline_request, invite_people, withdraw_request
from .policies import require_can_see_members
from .queries import (
    GroupRow,
    built_in_rows,
    get_group,
    get_group_row,
    group_rows,
    groups_of_person,
    member_row,
    member_rows,
    request_rows,
)
from .schemas import (
    GroupMemberSchema,
    GroupOfPersonSchema,
    GroupSchema,
    MembershipRequestSchema,
    NewInvitationsSchema,
    NewMembersSchema,
    NewRequestSchema,
    OwnershipSchema,
    PeopleSchema,
)

bp = ApiBlueprint("groups", description="Groups of people: who is in them, and how people come and go.")


class PeoplePayload(TypedDict):
    usernames: list[str]
    note: str


def _group(slug: str) -> Group:
    return get_group(slug, current_actor())


def _row(slug: str) -> GroupRow:
    return get_group_row(slug, current_actor())


def _person(username: str) -> User:
    return get_user(username, current_actor())


@bp.get("/groups", public=True)
@bp.paginated(GroupSchema)
def list_groups(page: Page) -> PageResult:
    """List the groups that the caller may see, the built-in ones first."""
    return page.whole([*built_in_rows(), *group_rows(current_actor())])


@bp.get("/groups/<slug>", public=True)
@bp.response(GroupSchema)
def get_one_group(slug: str) -> GroupRow:
    """Read a group."""
    return _row(slug)


@bp.get("/users/<username>/groups", public=True)
@bp.paginated(GroupOfPersonSchema)
def list_groups_of_person(page: Page, username: str) -> PageResult:
    """List the groups of a person, as far as the caller may see that they are in them."""
    return page.whole(groups_of_person(_person(username).id, current_actor()))


@bp.get("/groups/<slug>/members", public=True)
@bp.paginated(GroupMemberSchema)
def list_members(page: Page, slug: str) -> PageResult:
    """List the members of a group, the first to come first. Some groups show them to members only."""
    group = _group(slug)
    require_can_see_members(current_actor(), group, _row(slug).standing)
    rows = member_rows(group.id, after=page.after_id, limit=page.more)
    return page.of(rows, lambda row: (row.id,))


@bp.post("/groups/<slug>/members")
@bp.alt_response(202, schema=JobSchema, description="The job adds them.")
@bp.body(NewMembersSchema)
@bp.response(PeopleSchema)
@limited_rate("group")
def add_members(payload: PeoplePayload, slug: str) -> dict[str, list[str]] | Response:
    """Add people to a group; more than 20 by a job (202). For its owners and administrators."""
    group, actor, names = _group(slug), current_actor(), parse_names(" ".join(payload["usernames"]))
    require_leader(group, actor)
    if len(names) > MAX_AT_ONCE:
        return accepted(enqueue_addition(group, names, actor=actor))
    added = add_people(group, get_people(names), actor=actor, now=now())
    return {"usernames": [person.username for person in added]}


@bp.patch("/groups/<slug>/members/<username>", if_match=True)
@bp.body(OwnershipSchema)
@bp.response(GroupMemberSchema)
def edit_member(payload: dict[str, bool], slug: str, username: str) -> object:
    """Make a member an owner of the group, or take that back. For its owners and administrators."""
    group, person = _group(slug), _person(username)
    require_leader(group, current_actor())
    member = member_row(group.id, person.id)
    require_unchanged(GroupMemberSchema, member)
    set_owner(group, person, payload.get("is_owner", member.is_owner), actor=current_actor())
    return member_row(group.id, person.id)


@bp.delete("/groups/<slug>/members/<username>")
@bp.response(None)
def remove_one_member(slug: str, username: str) -> None:
    """Remove somebody from a group. For its owners and administrators."""
    remove_member(_group(slug), _person(username), actor=current_actor())


@bp.put("/groups/<slug>/membership")
@bp.response(GroupSchema)
@limited_rate("group")
def join_one_group(slug: str) -> GroupRow:
    """Join an open group, or accept an invitation."""
    join_group(_group(slug), actor=current_actor(), now=now())
    return _row(slug)


@bp.delete("/groups/<slug>/membership")
@bp.response(None)
def leave_one_group(slug: str) -> None:
    """Leave a group."""
    leave_group(_group(slug), actor=current_actor())


@bp.put("/groups/<slug>/request")
@bp.body(NewRequestSchema, optional=True)
@bp.response(GroupSchema)
@limited_rate("group")
def ask_one_group(payload: dict[str, str], slug: str) -> GroupRow:
    """Ask the owners of a group to be let in."""
    ask_to_join(_group(slug), actor=current_actor(), note=payload["note"], now=now())
    return _row(slug)


@bp.delete("/groups/<slug>/request")
@bp.response(None)
def withdraw_one_request(slug: str) -> None:
    """Withdraw your request to join a group, or decline an invitation."""
    withdraw_request(_group(slug), actor=current_actor())


@bp.get("/groups/<slug>/requests")
@bp.paginated(MembershipRequestSchema)
def list_requests(page: Page, slug: str) -> PageResult:
    """List who has asked to join a group and who is invited, the oldest first. For its owners and administrators."""
    group = _group(slug)
    require_leader(group, current_actor())
    rows = request_rows(group.id, after=page.after_id, limit=page.more)
    return page.of(rows, lambda row: (row.id,))


@bp.put("/groups/<slug>/requests/<username>/accept")
@bp.response(GroupMemberSchema)
def accept_one_request(slug: str, username: str) -> object:
    """Let somebody in who has asked. For owners of the group and administrators."""
    group, person = _group(slug), _person(username)
    accept_request(group, person, actor=current_actor(), now=now())
    return member_row(group.id, person.id)


@bp.delete("/groups/<slug>/requests/<username>")
@bp.response(None)
def decline_one_request(slug: str, username: str) -> None:
    """Decline a request, or withdraw an invitation. For owners of the group and administrators."""
    decline_request(_group(slug), _person(username), actor=current_actor())


@bp.post("/groups/<slug>/invitations")
@bp.body(NewInvitationsSchema)
@bp.response(PeopleSchema)
@limited_rate("group")
def invite_members(payload: PeoplePayload, slug: str) -> dict[str, list[str]]:
    """Invite people to a group; those who have asked are let in. For its owners and administrators."""
    group, actor = _group(slug), current_actor()
    require_leader(group, actor)
    people = get_people(parse_names(" ".join(payload["usernames"])))
    invited = invite_people(group, people, actor=actor, note=payload["note"], now=now())
    return {"usernames": [person.username for person in invited]}
