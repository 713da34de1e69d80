"""First pass over votes, history and accepted answers, and the reports of broken rows."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from madang.importing.operations.first_pass import stage_accepted_answers, stage_history, stage_votes
from madang.importing.operations.session import find_file
from madang.importing.operations.staging import Staging
from tests.importing.conftest import change, row
from tests.importing.sessions import dump_row, import_session, write_file

pytestmark = pytest.mark.usefixtures("english")
UP, DOWN, FAVOURITE = 2, 3, 5


@pytest.fixture
def staging(tmp_path: Path) -> Iterator[Staging]:
    with Staging(tmp_path / "staging.db") as opened:
        yield opened


def vote(number: int, post: object, kind: int) -> str:
    return row(Id=number, PostId=post, VoteTypeId=kind)


def test_votes_up_and_down_are_counted_for_each_post(tmp_path, staging):
    votes = [vote(1, 7, UP), vote(2, 7, UP), vote(3, 7, DOWN), vote(4, 8, DOWN), vote(5, 8, FAVOURITE)]
    write_file(tmp_path / "Votes.xml", *votes)
    run, problems = import_session(tmp_path, staging)
    stage_votes(run)
    assert staging.tallies(["7", "8"]) == {"7": (2, 1), "8": (0, 1)}
    assert problems == []


def test_a_vote_without_a_valid_post_is_reported_and_the_others_count(tmp_path, staging):
    write_file(tmp_path / "Votes.xml", vote(1, "x", UP), vote(2, 7, UP))
    run, problems = import_session(tmp_path, staging)
    stage_votes(run)
    assert staging.tallies(["7"]) == {"7": (1, 0)}
    assert problems == ["Votes.xml:3: PostId must be a whole number; it is “x”."]
    assert run.summary.broken == 1


def test_a_dump_without_votes_and_history_is_read_too(tmp_path, staging):
    run, problems = import_session(tmp_path, staging)
    stage_votes(run)
    assert stage_history(run) is None
    assert problems == []


def test_only_texts_and_closings_are_staged(tmp_path, staging):
    first_body, closed, protected = 2, 10, 19
    rows = [
        change(1, 7, first_body, "First.", "a"),
        change(2, 7, protected, "", "b"),
        change(3, 7, closed, "", "c"),
        change(4, 8, first_body, "Other.", "d"),
    ]
    write_file(tmp_path / "PostHistory.xml", *rows)
    run, _problems = import_session(tmp_path, staging)
    file = stage_history(run)
    assert [each.id for each in file.rows_at(staging.history(["7"]))] == ["1", "3"]
    assert [each.text("Text") for each in file.rows_at(staging.history(["8"]))] == ["Other."]


@pytest.mark.parametrize(
    ("values", "problem"),
    [
        ({"CreationDate": "once"}, "CreationDate must be a time; it is “once”."),
        ({"UserId": "x"}, "UserId must be a whole number; it is “x”."),
        ({"PostId": ""}, "The row has no PostId."),
    ],
)
def test_a_change_with_invalid_values_is_reported_with_its_line(tmp_path, staging, values, problem):
    write_file(tmp_path / "PostHistory.xml", change(1, 7, 2, "First.", "a", **values))
    run, problems = import_session(tmp_path, staging)
    stage_history(run)
    assert problems == [f"PostHistory.xml:3: {problem}"]
    assert staging.history(["7"]) == []


def test_the_answers_that_questions_accept_are_staged(tmp_path, staging):
    run, problems = import_session(tmp_path, staging)
    questions = [dump_row(Id=1, AcceptedAnswerId=10), dump_row(Id=2), dump_row(Id=3, AcceptedAnswerId="x")]
    stage_accepted_answers(run, questions)
    assert staging.accepted(["10"]) == {"10": "1"}
    assert problems == ["Posts.xml:3: AcceptedAnswerId must be a whole number; it is “x”."]


@pytest.mark.parametrize("name", ["Posts.xml", "posts.xml", "POSTS.XML"])
def test_the_name_of_a_file_ignores_case(tmp_path, name):
    written = write_file(tmp_path / name)
    assert find_file(tmp_path, "Posts.xml") == written


def test_a_folder_is_no_file(tmp_path):
    (tmp_path / "Posts.xml").mkdir()
    assert find_file(tmp_path, "Posts.xml") is None
