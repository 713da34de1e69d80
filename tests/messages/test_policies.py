"""Permissions for messages: each rule lists who is allowed; everybody else is refused."""

from dataclasses import dataclass

import pytest

from madang.core.actor import Actor
from madang.messages.policies import (
    can_block_person,
    can_post_message,
    can_report_message,
    can_see_reports,
    can_start_conversation,
)
from tests.actors import (
    ACTORS,
    AUTHOR_ID,
    AUTHORS,
    COLUMNS,
    COMMAND_LINE,
    GUEST_ID,
    GUESTS,
    NOBODY,
    STAFF,
    SUSPENDED_AUTHORS,
    VISITORS,
    WRITERS,
    rule,
    who_may,
)


@dataclass(frozen=True)
class Conversation:
    is_system: bool


@dataclass(frozen=True)
class Message:
    author_id: int | None


IDENTIFIED = ACTORS.keys() - VISITORS
GUEST_ACTORS = {"guest", "suspended guest"}
TABLE = [
    rule(can_start_conversation, "with anybody", WRITERS),
    rule(can_post_message, "conversation between people", WRITERS | GUESTS, Conversation(is_system=False)),
    rule(can_post_message, "conversation with the site", NOBODY, Conversation(is_system=True)),
    rule(can_report_message, "of the author", IDENTIFIED - AUTHORS - SUSPENDED_AUTHORS, Message(AUTHOR_ID)),
    rule(can_report_message, "of a guest", IDENTIFIED - GUEST_ACTORS, Message(GUEST_ID)),
    rule(can_report_message, "of the site or a deleted account", NOBODY, Message(None)),
    rule(can_block_person, "member", IDENTIFIED - AUTHORS - SUSPENDED_AUTHORS, Actor(id=AUTHOR_ID, role="member")),
    rule(can_block_person, "guest", IDENTIFIED - GUEST_ACTORS, Actor(id=GUEST_ID, role="guest")),
    rule(can_block_person, "moderator", NOBODY, Actor(id=99, role="moderator")),
    rule(can_block_person, "admin", NOBODY, Actor(id=99, role="admin")),
    rule(can_see_reports, "all of them", STAFF | COMMAND_LINE),
]


@pytest.mark.parametrize(COLUMNS, TABLE)
def test_permission_table(policy, subject, circumstances, allowed):
    assert who_may(policy, *subject, **circumstances) == allowed
