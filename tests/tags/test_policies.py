"""Permissions for tags. Every actor that a row does not name is refused."""

import pytest

from madang.tags.policies import can_describe_tag, can_manage_tags
from tests.actors import COLUMNS, STAFF, rule, who_may

TABLE = [
    rule(can_manage_tags, "any tag", STAFF),
    rule(can_describe_tag, "any tag", STAFF),
]


@pytest.mark.parametrize(COLUMNS, TABLE)
def test_only_the_listed_actors_are_allowed(policy, subject, circumstances, allowed):
    assert who_may(policy, *subject, **circumstances) == allowed
