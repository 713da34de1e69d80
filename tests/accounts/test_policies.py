"""Who may do what with accounts. Whoever a line does not name is refused."""

import pytest

from madang.accounts.models import User
from madang.accounts.policies.accounts import can_administer, can_edit_profile, can_see_administration, can_write
from tests.actors import ADMINS, AUTHOR_ID, AUTHORS, COLUMNS, COMMAND_LINE, STAFF, WRITERS, rule, who_may

TABLE = [
    rule(can_write, "anywhere", WRITERS),
    rule(can_administer, "accounts and boards", ADMINS | COMMAND_LINE),
    rule(can_see_administration, "pages of administration", STAFF | COMMAND_LINE),
    rule(can_edit_profile, "profile of the author", AUTHORS, User(id=AUTHOR_ID)),
]


@pytest.mark.parametrize(COLUMNS, TABLE)
def test_the_table_says_who_may(policy, subject, circumstances, allowed):
    assert who_may(policy, *subject, **circumstances) == allowed
