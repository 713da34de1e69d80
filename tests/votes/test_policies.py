"""Permissions for votes. Every actor that a row does not name is refused."""

import pytest

from madang.votes.policies import can_vote_on_comment, can_vote_on_post
from tests.actors import AUTHORS, COLUMNS, NOBODY, WRITERS, PostRow, answer, comment, question, rule, who_may

UP, RETRACT, DOWN = 1, 0, -1
OTHERS = WRITERS - AUTHORS
TABLE = [
    rule(can_vote_on_post, "up for a question", OTHERS, question(), UP),
    rule(can_vote_on_post, "down for a question", OTHERS, question(), DOWN),
    rule(can_vote_on_post, "take back from a question", OTHERS, question(), RETRACT),
    rule(can_vote_on_post, "up for an answer", OTHERS, answer(), UP),
    rule(can_vote_on_post, "down for an answer", OTHERS, answer(), DOWN),
    rule(can_vote_on_post, "take back from an answer", OTHERS, answer(), RETRACT),
    rule(can_vote_on_post, "up for talk", OTHERS, PostRow("talk"), UP),
    rule(can_vote_on_post, "down for talk", NOBODY, PostRow("talk"), DOWN),
    rule(can_vote_on_post, "take back from talk", OTHERS, PostRow("talk"), RETRACT),
    rule(can_vote_on_post, "up for a notice", OTHERS, PostRow("notice"), UP),
    rule(can_vote_on_post, "down for a notice", NOBODY, PostRow("notice"), DOWN),
    rule(can_vote_on_post, "up for a gallery post", OTHERS, PostRow("gallery"), UP),
    rule(can_vote_on_post, "down for a gallery post", NOBODY, PostRow("gallery"), DOWN),
    rule(can_vote_on_post, "two up for a question", NOBODY, question(), 2),
    rule(can_vote_on_post, "two down for a question", NOBODY, question(), -2),
    rule(can_vote_on_post, "up for a question of a deleted account", WRITERS, question(author_id=None), UP),
    rule(can_vote_on_post, "up for a closed question", OTHERS, question(is_closed=True), UP),
    rule(can_vote_on_post, "up for a locked question", NOBODY, question(is_locked=True), UP),
    rule(can_vote_on_post, "take back from a locked question", NOBODY, question(is_locked=True), RETRACT),
    rule(can_vote_on_post, "up for a deleted question", NOBODY, question(is_deleted=True), UP),
    rule(can_vote_on_post, "up for a locked answer", NOBODY, answer(is_locked=True), UP),
    rule(can_vote_on_post, "up for a deleted answer", NOBODY, answer(is_deleted=True), UP),
    rule(can_vote_on_comment, "comment", OTHERS, comment(), question()),
    rule(can_vote_on_comment, "comment of a deleted account", WRITERS, comment(author_id=None), question()),
    rule(can_vote_on_comment, "comment on a locked post", NOBODY, comment(), question(is_locked=True)),
    rule(can_vote_on_comment, "deleted comment", NOBODY, comment(is_deleted=True), question()),
]


@pytest.mark.parametrize(COLUMNS, TABLE)
def test_only_the_listed_actors_are_allowed(policy, subject, circumstances, allowed):
    assert who_may(policy, *subject, **circumstances) == allowed
