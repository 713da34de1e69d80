"""Permissions for jobs; actors that a rule does not name are refused."""

import pytest

from madang.jobs.policies import can_maintain_site
from tests.actors import ADMINS, COLUMNS, COMMAND_LINE, rule, who_may

TABLE = [rule(can_maintain_site, "any maintenance job", ADMINS | COMMAND_LINE)]


@pytest.mark.parametrize(COLUMNS, TABLE)
def test_the_table_says_who_may(policy, subject, circumstances, allowed):
    assert who_may(policy, *subject, **circumstances) == allowed
