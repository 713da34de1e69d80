"""Permissions for flags: each rule lists who is allowed; everybody else is refused."""

import pytest

from madang.moderation.policies import can_flag, can_request_deletion, can_resolve_flags
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
    *[
        rule(can_request_deletion, case, allowed, post, is_answered_by_others=is_answered)
        for case, allowed, post, is_answered in (
            ("question that others answered", {"author"}, question(answer_count=1), True),
            ("question", NOBODY, question(), False),
            ("locked question", {"author"}, question(is_locked=True), False),
            ("closed question that others answered", {"author"}, question(is_closed=True), True),
            ("deleted question", NOBODY, question(is_deleted=True), True),
            ("question of a deleted account", NOBODY, question(author_id=None), True),
            ("answer", NOBODY, answer(), False),
            ("locked talk", NOBODY, PostRow("talk", is_locked=True), False),
        )
    ],
]


@pytest.mark.parametrize(COLUMNS, TABLE)
def test_permission_table(policy, subject, circumstances, allowed):
    assert who_may(policy, *subject, **circumstances) == allowed
