"""Permissions for comments. Every actor that a row does not name is refused."""

import pytest

from madang.comments.policies import can_edit_comment
from tests.actors import AUTHORS, COLUMNS, NOBODY, STAFF, comment, question, rule, who_may

POST, LOCKED_POST = question(), question(is_locked=True)
TABLE = [
    rule(can_edit_comment, "comment", AUTHORS | STAFF, comment(), POST),
    rule(can_edit_comment, "comment of a deleted account", STAFF, comment(author_id=None), POST),
    rule(can_edit_comment, "comment on a locked post", STAFF, comment(), LOCKED_POST),
    rule(can_edit_comment, "deleted comment", NOBODY, comment(is_deleted=True), POST),
    rule(can_edit_comment, "deleted comment on a locked post", NOBODY, comment(is_deleted=True), LOCKED_POST),
]


@pytest.mark.parametrize(COLUMNS, TABLE)
def test_only_the_listed_actors_are_allowed(policy, subject, circumstances, allowed):
    assert who_may(policy, *subject, **circumstances) == allowed
