"""Permissions of accounts: each rule names all actors that it allows."""

import pytest

from madang.accounts.models import User
from madang.accounts.policies.accounts import can_administer, can_edit_profile, can_see_administration, can_write
from tests.actors import ADMINS, AUTHOR_ID, AUTHORS, COLUMNS, COMMAND_LINE, STAFF, WRITERS, rule, who_may

TABLE = [
    rule(can_write, "anywhere", WRITERS),
    rule(can_administer, "accounts and boards", ADMINS | COMMAND_LINE),
    rule(can_see_administration, "administration pages", STAFF | COMMAND_LINE),
    rule(can_edit_profile, "profile of the author", AUTHORS, User(id=AUTHOR_ID)),
]


@pytest.mark.parametrize(COLUMNS, TABLE)
def test_exactly_the_listed_actors_are_allowed(policy, subject, circumstances, allowed):
    assert who_may(policy, *subject, **circumstances) == allowed
