"""Files that jobs leave for their owners."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask

from madang.core.queue import Job
from madang.core.queue.result_files import (
    RESULT_FILE_RETENTION,
    new_result_file,
    purge_result_files,
    ready_file,
    results_folder,
)

NOW = datetime(2026, 3, 10, 12, tzinfo=UTC)
SECOND = timedelta(seconds=1)


@pytest.fixture(autouse=True)
def bare_app(tmp_path: Path) -> Iterator[None]:
    """An application with only an instance folder."""
    with Flask(__name__, instance_path=str(tmp_path)).app_context():
        yield


def make_file(moment: datetime) -> Path:
    path = new_result_file("csv", moment)
    path.write_text("words")
    return path


def job(**values: object) -> Job:
    return Job(**{"state": "done", "finished_at": NOW, **values})


def test_file_names_are_unguessable_and_begin_with_the_date():
    first, second = make_file(NOW), make_file(NOW)
    assert first != second
    assert first.parent == results_folder()
    assert first.name.startswith("20260310T120000-") and first.suffix == ".csv" and len(first.stem) == 16 + 32


def test_only_the_sites_user_may_enter_the_folder():
    make_file(NOW)
    assert results_folder().stat().st_mode & 0o077 == 0


@pytest.mark.parametrize(
    ("values", "is_ready"),
    [
        ({}, True),
        ({"finished_at": NOW - RESULT_FILE_RETENTION + SECOND}, True),
        ({"finished_at": NOW - RESULT_FILE_RETENTION}, False),
        ({"finished_at": None}, False),
        ({"state": "running"}, False),
        ({"state": "failed"}, False),
        ({"result_file": None}, False),
        ({"result_file": "gone.csv"}, False),
    ],
)
def test_a_file_is_ready_once_its_job_is_done_until_it_expires(values, is_ready):
    path = make_file(NOW)
    path_found = ready_file(job(**{"result_file": path.name, **values}), NOW)
    assert path_found == (path if is_ready else None)


def test_purge_removes_expired_files_only():
    old, young = make_file(NOW - RESULT_FILE_RETENTION - SECOND), make_file(NOW - RESULT_FILE_RETENTION)
    purge_result_files(NOW)
    assert (old.exists(), young.exists()) == (False, True)


def test_purge_without_a_folder_does_nothing():
    purge_result_files(NOW)
    assert not results_folder().exists()
