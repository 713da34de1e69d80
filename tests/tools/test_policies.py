"""Permissions for the tools; actors that a rule does not name are refused."""

import pytest

from madang.core.actor import Actor
from madang.tools.policies import can_send_mail, can_use_tools
from tests.actors import COLUMNS, GUESTS, NOBODY, WRITERS, rule, who_may

TABLE = [
    rule(can_use_tools, "any tool", WRITERS | GUESTS),
    rule(can_send_mail, "in development", WRITERS | GUESTS, is_production=False),
    rule(can_send_mail, "in production, address not confirmed", NOBODY, is_production=True),
]


@pytest.mark.parametrize(COLUMNS, TABLE)
def test_the_table_says_who_may(policy, subject, circumstances, allowed):
    assert who_may(policy, *subject, **circumstances) == allowed


@pytest.mark.parametrize(
    ("role", "is_suspended", "may"),
    [
        ("guest", False, False),
        ("member", False, True),
        ("moderator", False, True),
        ("admin", False, True),
        ("member", True, False),
        ("moderator", True, False),
        ("admin", True, False),
    ],
)
def test_in_production_members_with_a_confirmed_address_send_mail(role, is_suspended, may):
    actor = Actor(id=1, role=role, is_suspended=is_suspended, is_email_confirmed=True)
    assert can_send_mail(actor, is_production=True) is may
