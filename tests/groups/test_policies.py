"""Permissions for groups. Every actor that a row does not name is refused."""

from dataclasses import dataclass

import pytest

from madang.core.actor import VISITOR, Actor
from madang.groups.policies import (
    Standing,
    audiences_of,
    can_ask_to_join,
    can_join_group,
    can_lead_group,
    can_leave_group,
    can_see_group,
    can_see_members,
)
from tests.actors import ACTORS, ADMINS, COLUMNS, COMMAND_LINE, NOBODY, WRITERS, rule, who_may


@dataclass(frozen=True)
class GroupStub:
    """The attributes of a group that policies read."""

    joining: str = "invitation"
    shows_members: bool = False


ALL = set(ACTORS)
EVERY_ADMIN = {"admin", "suspended admin", "command line"}
HIDDEN, SHOWN = GroupStub(), GroupStub(shows_members=True)
BY_REQUEST, OPEN = GroupStub("request"), GroupStub("open")
NONE, MEMBER, OWNER = Standing(), Standing(is_member=True), Standing(is_member=True, is_owner=True)
BY_DOMAIN = Standing(is_member=True, is_by_domain=True)
ASKED, INVITED = Standing(has_asked=True), Standing(is_invited=True)
TABLE = [
    rule(can_see_group, "hidden", EVERY_ADMIN, HIDDEN, NONE),
    rule(can_see_group, "hidden, as a member", ALL, HIDDEN, MEMBER),
    rule(can_see_group, "hidden, when invited", ALL, HIDDEN, INVITED),
    rule(can_see_group, "that shows its members", ALL, SHOWN, NONE),
    rule(can_see_group, "by request", ALL, BY_REQUEST, NONE),
    rule(can_see_group, "open", ALL, OPEN, NONE),
    rule(can_see_members, "hidden", EVERY_ADMIN, OPEN, NONE),
    rule(can_see_members, "hidden, when invited", EVERY_ADMIN, HIDDEN, INVITED),
    rule(can_see_members, "hidden, as a member", ALL, HIDDEN, MEMBER),
    rule(can_see_members, "shown", ALL, SHOWN, NONE),
    rule(can_lead_group, "as nobody in it", ADMINS | COMMAND_LINE, NONE),
    rule(can_lead_group, "as a member", ADMINS | COMMAND_LINE, MEMBER),
    rule(can_lead_group, "as an owner", WRITERS | COMMAND_LINE, OWNER),
    rule(can_join_group, "open", WRITERS, OPEN, NONE),
    rule(can_join_group, "open, as a member", NOBODY, OPEN, MEMBER),
    rule(can_join_group, "by request", NOBODY, BY_REQUEST, NONE),
    rule(can_join_group, "by request, after asking", NOBODY, BY_REQUEST, ASKED),
    rule(can_join_group, "by invitation", NOBODY, HIDDEN, NONE),
    rule(can_join_group, "by invitation, when invited", WRITERS, HIDDEN, INVITED),
    rule(can_ask_to_join, "by request", WRITERS, BY_REQUEST, NONE),
    rule(can_ask_to_join, "by request, again", NOBODY, BY_REQUEST, ASKED),
    rule(can_ask_to_join, "by request, when invited", NOBODY, BY_REQUEST, INVITED),
    rule(can_ask_to_join, "by request, as a member", NOBODY, BY_REQUEST, MEMBER),
    rule(can_ask_to_join, "open", NOBODY, OPEN, NONE),
    rule(can_ask_to_join, "by invitation", NOBODY, SHOWN, NONE),
    rule(can_leave_group, "as a member", WRITERS, MEMBER),
    rule(can_leave_group, "as an owner", WRITERS, OWNER),
    rule(can_leave_group, "by the address", NOBODY, BY_DOMAIN),
    rule(can_leave_group, "as nobody in it", NOBODY, NONE),
]


@pytest.mark.parametrize(COLUMNS, TABLE)
def test_only_the_listed_actors_are_allowed(policy, subject, circumstances, allowed):
    assert who_may(policy, *subject, **circumstances) == allowed


@pytest.mark.parametrize(
    ("actor", "audiences"),
    [
        (VISITOR, {"everyone"}),
        (Actor(id=1, role="guest"), {"everyone"}),
        (Actor(id=1, role="member"), {"everyone", "members"}),
        (Actor(id=1, role="moderator"), {"everyone", "members", "staff"}),
        (Actor(id=1, role="admin"), {"everyone", "members", "staff"}),
    ],
)
def test_the_built_in_groups_follow_from_the_role(actor: Actor, audiences: set[str]):
    assert audiences_of(actor) == audiences
