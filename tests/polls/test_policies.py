"""Permissions for polls. Every actor that a row does not name is refused."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest

from madang.polls.policies import can_delete_poll, can_see_results, can_vote_on_poll, can_write_poll
from tests.actors import AUTHORS, COLUMNS, NOBODY, STAFF, WRITERS, PostRow, rule, who_may

NOW = datetime(2026, 11, 30, 12, tzinfo=UTC)
TALK = PostRow("talk")


@dataclass(frozen=True)
class PollStub:
    """The attributes of a poll that policies read."""

    results: str = "always"
    voter_count: int = 0
    closes_at: datetime | None = None


OPEN, ENDED = PollStub(closes_at=NOW + timedelta(seconds=1)), PollStub(closes_at=NOW)
TABLE = [
    rule(can_write_poll, "on talk", AUTHORS | STAFF, TALK),
    rule(can_write_poll, "on a locked post", STAFF, PostRow("talk", is_locked=True)),
    rule(can_write_poll, "on a deleted post", NOBODY, PostRow("talk", is_deleted=True)),
    rule(can_write_poll, "on a question", NOBODY, PostRow("question")),
    rule(can_write_poll, "on a notice", NOBODY, PostRow("notice")),
    rule(can_write_poll, "in a gallery", NOBODY, PostRow("gallery")),
    rule(can_delete_poll, "without votes", AUTHORS | STAFF, PollStub(), TALK),
    rule(can_delete_poll, "with a vote", STAFF, PollStub(voter_count=1), TALK),
    rule(can_delete_poll, "on a locked post", STAFF, PollStub(), PostRow("talk", is_locked=True)),
    rule(can_delete_poll, "on a deleted post", NOBODY, PollStub(), PostRow("talk", is_deleted=True)),
    rule(can_vote_on_poll, "without an end", WRITERS, PollStub(), TALK, now=NOW),
    rule(can_vote_on_poll, "before its end", WRITERS, OPEN, TALK, now=NOW),
    rule(can_vote_on_poll, "at its end", NOBODY, ENDED, TALK, now=NOW),
    rule(can_vote_on_poll, "on a post that was moved", NOBODY, OPEN, PostRow("question"), now=NOW),
    rule(can_vote_on_poll, "on a locked post", NOBODY, OPEN, PostRow("talk", is_locked=True), now=NOW),
    rule(can_vote_on_poll, "on a deleted post", NOBODY, OPEN, PostRow("talk", is_deleted=True), now=NOW),
]


@pytest.mark.parametrize(COLUMNS, TABLE)
def test_only_the_listed_actors_are_allowed(policy, subject, circumstances, allowed):
    assert who_may(policy, *subject, **circumstances) == allowed


@pytest.mark.parametrize(
    ("poll", "has_voted", "is_shown"),
    [
        (PollStub(), False, True),
        (PollStub("after_voting"), False, False),
        (PollStub("after_voting"), True, True),
        (PollStub("after_voting", closes_at=NOW), False, True),
        (PollStub("after_voting", closes_at=NOW + timedelta(seconds=1)), False, False),
    ],
)
def test_when_results_are_seen(poll: PollStub, has_voted: bool, is_shown: bool):
    assert can_see_results(poll, has_voted=has_voted, now=NOW) == is_shown
