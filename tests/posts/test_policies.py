"""Permissions for posts. Every actor that a row does not name is refused."""

from dataclasses import dataclass
from datetime import datetime

import pytest

from madang.core.clock import now
from madang.posts.policies import (
    MIN_REPUTATION_TO_EDIT,
    UNDO_PERIOD,
    can_accept_answer,
    can_answer,
    can_comment,
    can_delete_post,
    can_edit_post,
    can_moderate,
    can_post_on,
    can_restore_post,
    can_see_deleted,
    can_undo_deletion,
)
from tests.actors import (
    AUTHORS,
    COLUMNS,
    COMMAND_LINE,
    NOBODY,
    STAFF,
    SUSPENDED_STAFF,
    TRUSTED,
    WRITERS,
    PostRow,
    answer,
    member,
    question,
    rule,
    who_may,
)

MOMENT = now()


@dataclass
class Deleted:
    """A post or comment of the author of `question()`, who deleted it at `MOMENT`."""

    author_id: int | None = question().author_id
    deleted_by_id: int | None = question().author_id
    is_deleted: bool = True
    deleted_at: datetime | None = MOMENT


TABLE = [
    rule(can_undo_deletion, "just deleted by its author", AUTHORS | STAFF, Deleted(), MOMENT),
    rule(can_undo_deletion, "deleted by a moderator", STAFF, Deleted(deleted_by_id=10**6), MOMENT),
    rule(can_undo_deletion, "deleted some time ago", STAFF, Deleted(), MOMENT + UNDO_PERIOD),
    rule(can_undo_deletion, "of a deleted account", STAFF, Deleted(author_id=None, deleted_by_id=None), MOMENT),
    rule(can_undo_deletion, "not deleted", NOBODY, Deleted(is_deleted=False, deleted_at=None), MOMENT),
    rule(can_post_on, "board of questions", WRITERS, "qa"),
    rule(can_post_on, "board of talk", WRITERS, "talk"),
    rule(can_post_on, "gallery", WRITERS, "gallery"),
    rule(can_post_on, "board of notices", STAFF, "notice"),
    rule(can_post_on, "archived board of questions", NOBODY, "qa", is_archived=True),
    rule(can_post_on, "archived board of talk", NOBODY, "talk", is_archived=True),
    rule(can_post_on, "archived gallery", NOBODY, "gallery", is_archived=True),
    rule(can_post_on, "archived board of notices", NOBODY, "notice", is_archived=True),
    rule(can_answer, "open question", WRITERS, question()),
    rule(can_answer, "open question of a deleted account", WRITERS, question(author_id=None)),
    rule(can_answer, "closed question", NOBODY, question(is_closed=True)),
    rule(can_answer, "locked question", STAFF, question(is_locked=True)),
    rule(can_answer, "closed and locked question", NOBODY, question(is_closed=True, is_locked=True)),
    rule(can_answer, "deleted question", NOBODY, question(is_deleted=True)),
    rule(can_comment, "open question", WRITERS, question()),
    rule(can_comment, "closed question", WRITERS, question(is_closed=True)),
    rule(can_comment, "locked question", STAFF, question(is_locked=True)),
    rule(can_comment, "deleted question", NOBODY, question(is_deleted=True)),
    rule(can_comment, "answer", WRITERS, answer()),
    rule(can_comment, "locked answer", STAFF, answer(is_locked=True)),
    rule(can_comment, "deleted answer", NOBODY, answer(is_deleted=True)),
    rule(can_comment, "talk", WRITERS, PostRow("talk")),
    rule(can_comment, "notice", WRITERS, PostRow("notice")),
    rule(can_comment, "gallery post", WRITERS, PostRow("gallery")),
    rule(can_edit_post, "open question", AUTHORS | TRUSTED | STAFF, question()),
    rule(can_edit_post, "question of a deleted account", TRUSTED | STAFF, question(author_id=None)),
    rule(can_edit_post, "closed question", AUTHORS | TRUSTED | STAFF, question(is_closed=True)),
    rule(can_edit_post, "locked question", STAFF, question(is_locked=True)),
    rule(can_edit_post, "deleted question", NOBODY, question(is_deleted=True)),
    rule(can_edit_post, "answer", AUTHORS | TRUSTED | STAFF, answer()),
    rule(can_edit_post, "locked answer", STAFF, answer(is_locked=True)),
    rule(can_edit_post, "deleted answer", NOBODY, answer(is_deleted=True)),
    rule(can_edit_post, "talk", AUTHORS | STAFF, PostRow("talk")),
    rule(can_edit_post, "notice", AUTHORS | STAFF, PostRow("notice")),
    rule(can_edit_post, "gallery post", AUTHORS | STAFF, PostRow("gallery")),
    rule(can_delete_post, "question without answers", AUTHORS | STAFF, question(), is_answered_by_others=False),
    rule(
        can_delete_post,
        "question with own answers",
        AUTHORS | STAFF,
        question(answer_count=1),
        is_answered_by_others=False,
    ),
    rule(
        can_delete_post, "question with answers of others", STAFF, question(answer_count=2), is_answered_by_others=True
    ),
    rule(
        can_delete_post, "question of a deleted account", STAFF, question(author_id=None), is_answered_by_others=False
    ),
    rule(can_delete_post, "closed question", AUTHORS | STAFF, question(is_closed=True), is_answered_by_others=False),
    rule(can_delete_post, "locked question", STAFF, question(is_locked=True), is_answered_by_others=False),
    rule(can_delete_post, "deleted question", NOBODY, question(is_deleted=True), is_answered_by_others=False),
    rule(can_delete_post, "answer", AUTHORS | STAFF, answer(), is_answered_by_others=False),
    rule(can_delete_post, "locked answer", STAFF, answer(is_locked=True), is_answered_by_others=False),
    rule(can_delete_post, "deleted answer", NOBODY, answer(is_deleted=True), is_answered_by_others=False),
    rule(can_delete_post, "talk", AUTHORS | STAFF, PostRow("talk"), is_answered_by_others=False),
    rule(can_delete_post, "notice", AUTHORS | STAFF, PostRow("notice"), is_answered_by_others=False),
    rule(can_delete_post, "gallery post", AUTHORS | STAFF, PostRow("gallery"), is_answered_by_others=False),
    rule(can_restore_post, "deleted question", STAFF, question(is_deleted=True)),
    rule(can_restore_post, "deleted and locked question", STAFF, question(is_deleted=True, is_locked=True)),
    rule(can_restore_post, "deleted answer", STAFF, answer(is_deleted=True)),
    rule(can_restore_post, "question that is not deleted", NOBODY, question()),
    rule(can_accept_answer, "answer to an open question", AUTHORS, question(answer_count=1)),
    rule(can_accept_answer, "answer to a closed question", AUTHORS, question(answer_count=1, is_closed=True)),
    rule(can_accept_answer, "answer to a locked question", NOBODY, question(answer_count=1, is_locked=True)),
    rule(can_accept_answer, "answer to a deleted question", NOBODY, question(answer_count=1, is_deleted=True)),
    rule(can_accept_answer, "answer to a deleted account's question", NOBODY, question(author_id=None)),
    rule(can_moderate, "anything", STAFF),
    rule(can_see_deleted, "anything", STAFF | SUSPENDED_STAFF | COMMAND_LINE),
]


@pytest.mark.parametrize(COLUMNS, TABLE)
def test_only_the_listed_actors_are_allowed(policy, subject, circumstances, allowed):
    assert who_may(policy, *subject, **circumstances) == allowed


@pytest.mark.parametrize(
    ("reputation", "is_allowed"), [(MIN_REPUTATION_TO_EDIT - 1, False), (MIN_REPUTATION_TO_EDIT, True)]
)
def test_members_can_edit_others_questions_from_1000_reputation_on(reputation, is_allowed):
    assert can_edit_post(member(reputation=reputation), question()) is is_allowed
