"""Permissions for following: each rule lists who is allowed; everybody else is refused."""

import pytest

from madang.accounts.models import User
from madang.boards.models import Board
from madang.following.policies import can_follow, can_follow_question, can_see_private_follows
from madang.posts.models import Post
from madang.tags.models import Tag
from tests.actors import AUTHOR_ID, AUTHORS, COLUMNS, GUEST_ID, NOBODY, SUSPENDED_AUTHORS, WRITERS, rule, who_may

OTHERS = WRITERS - AUTHORS
TABLE = [
    rule(can_follow, "the author", OTHERS, User(id=AUTHOR_ID)),
    rule(can_follow, "tag", WRITERS, Tag(id=1)),
    rule(can_follow, "board", WRITERS, Board(id=1)),
    rule(can_follow, "question", OTHERS, Post(kind="question", author_id=AUTHOR_ID)),
    rule(can_follow, "question of a deleted account", WRITERS, Post(kind="question", author_id=None)),
    rule(can_follow, "answer", NOBODY, Post(kind="answer", author_id=AUTHOR_ID)),
    rule(can_follow, "talk", NOBODY, Post(kind="talk", author_id=AUTHOR_ID)),
    rule(can_follow, "notice", NOBODY, Post(kind="notice", author_id=AUTHOR_ID)),
    rule(can_follow, "gallery post", NOBODY, Post(kind="gallery", author_id=AUTHOR_ID)),
    rule(can_follow_question, "row of a question", OTHERS, "question", AUTHOR_ID),
    rule(can_follow_question, "row of a deleted account's question", WRITERS, "question", None),
    rule(can_follow_question, "row of an answer", NOBODY, "answer", AUTHOR_ID),
    rule(can_follow_question, "row of talk", NOBODY, "talk", AUTHOR_ID),
    rule(can_see_private_follows, "of the author", AUTHORS | SUSPENDED_AUTHORS, User(id=AUTHOR_ID)),
    rule(can_see_private_follows, "of a guest", NOBODY, User(id=GUEST_ID)),
]


@pytest.mark.parametrize(COLUMNS, TABLE)
def test_permission_table(policy, subject, circumstances, allowed):
    assert who_may(policy, *subject, **circumstances) == allowed
