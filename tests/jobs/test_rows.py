"""Rows of jobs in lists."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import pytest

from madang.core.clock import at
from madang.core.queue.result_files import RESULT_FILE_RETENTION
from madang.jobs.fragments import JobRow, has_file, problem_words, state_words

pytestmark = pytest.mark.usefixtures("english")
NOW = datetime(2026, 3, 10, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


@dataclass(frozen=True)
class Row:
    """A row of the jobs table."""

    state: str
    failures: int = 0
    cancel_asked_at: datetime | None = None
    error_words: str | None = None
    result_file: str | None = None
    run_at: datetime = NOW
    finished_at: datetime = NOW


@pytest.mark.parametrize(
    ("row", "words"),
    [
        (Row("queued"), "Waiting"),
        (Row("queued", failures=1), "Waiting to retry"),
        (Row("running"), "Running"),
        (Row("running", failures=1), "Running"),
        (Row("running", cancel_asked_at=NOW), "Cancelling"),
        (Row("done", cancel_asked_at=NOW), "Done"),
        (Row("failed", failures=3), "Failed"),
        (Row("cancelled"), "Cancelled"),
    ],
)
def test_every_state_has_a_name(row, words):
    assert state_words(row) == words


@pytest.mark.parametrize(
    ("row", "words"),
    [
        (Row("queued"), ""),
        (Row("queued", failures=1, run_at=NOW + 5 * MINUTE), "It did not work. We will try again in 5 minutes."),
        (Row("queued", failures=1, run_at=NOW - MINUTE), "It did not work. We will try again in 1 minute."),
        (Row("queued", failures=1, run_at=NOW + 1435 * MINUTE), "It did not work. We will try again in 24 hours."),
        (Row("running", failures=1), ""),
        (Row("done"), ""),
        (Row("failed", error_words="The mail server refused this e-mail."), "The mail server refused this e-mail."),
        (Row("failed"), "Something went wrong on our side. Please try again later."),
        (Row("cancelled", failures=1), ""),
    ],
)
def test_a_problem_has_a_sentence(row, words):
    with at(NOW):
        assert problem_words(row) == words


@pytest.mark.parametrize(
    ("row", "is_available"),
    [
        (Row("done", result_file="words.csv"), True),
        (Row("done", result_file="words.csv", finished_at=NOW - RESULT_FILE_RETENTION + MINUTE), True),
        (Row("done", result_file="words.csv", finished_at=NOW - RESULT_FILE_RETENTION), False),
        (Row("done"), False),
        (Row("running", result_file="words.csv"), False),
        (Row("failed", result_file="words.csv"), False),
    ],
)
def test_a_file_is_available_until_it_expires(row, is_available):
    with at(NOW):
        assert has_file(row) is is_available


QUEUED = JobRow(
    id=1, name="tools.count_words", title="", about="", state="queued", words="", colour="", percent=0, problem="",
    error_code=None, address="", created_at=NOW, finished_at=None,
)  # fmt: skip


@pytest.mark.parametrize(
    ("state", "address", "is_ended", "can_retry", "can_be_changed"),
    [
        ("queued", "", False, False, True),
        ("running", "", False, False, True),
        ("done", "", True, False, False),
        ("done", "/jobs/1/download", True, False, True),
        ("failed", "", True, True, True),
        ("cancelled", "", True, True, True),
    ],
)
def test_the_actions_of_a_job_depend_on_its_state(state, address, is_ended, can_retry, can_be_changed):
    row = replace(QUEUED, state=state, address=address)
    assert (row.is_ended, row.can_retry, row.can_be_changed) == (is_ended, can_retry, can_be_changed)
