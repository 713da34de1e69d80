"""Permissions for flags: each rule lists who is allowed; everybody else is refused."""

import pytest

from madang.moderation.policies import can_flag, can_resolve_flags
from tests.actors import AUTHORS, COLUMNS, NOBODY, STAFF, WRITERS, PostRow, answer, comment, question, rule, who_may

OTHERS = WRITERS - AUTHORS
TABLE = [
    rule(can_flag, "question", OTHERS, question()),
    rule(can_flag, "answer", OTHERS, answer()),
    rule(can_flag, "talk", OTHERS, PostRow("talk")),
    rule(can_flag, "notice", OTHERS, PostRow("notice")),
    rule(can_flag, "gallery post", OTHERS, PostRow("gallery")),
    rule(can_flag, "comment", OTHERS, comment()),
    rule(can_flag, "question of a deleted account", WRITERS, question(author_id=None)),
    rule(can_flag, "closed question", OTHERS, question(is_closed=True)),
    rule(can_flag, "locked question", OTHERS, question(is_locked=True)),
    rule(can_flag, "deleted question", NOBODY, question(is_deleted=True)),
    rule(can_flag, "deleted answer", NOBODY, answer(is_deleted=True)),
    rule(can_flag, "deleted comment", NOBODY, comment(is_deleted=True)),
    rule(can_resolve_flags, "anything", STAFF),
]


@pytest.mark.parametrize(COLUMNS, TABLE)
def test_permission_table(policy, subject, circumstances, allowed):
    assert who_may(policy, *subject, **circumstances) == allowed
