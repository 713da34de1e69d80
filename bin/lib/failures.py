"""pytest plugin that writes the ids of failed tests to a file, for `bin.lib.rerun`."""

import json
import os
from pathlib import Path

import pytest

_failed: dict[str, None] = {}  # in order and without duplicates: a test can fail and then fail again in its teardown
_uncollected: list[str] = []  # modules that could not be imported: they cannot be run again alone


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    if report.failed:
        _failed[report.nodeid] = None


def pytest_collectreport(report: pytest.CollectReport) -> None:
    if report.failed:
        _uncollected.append(report.nodeid)


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Write the ids of the failed tests; an empty list if anything else went wrong."""
    path = os.environ.get("MADANG_TEST_FAILURES")
    if not path or hasattr(session.config, "workerinput"):
        return
    is_complete = not (_uncollected or session.shouldfail or session.shouldstop)
    Path(path).write_text(json.dumps(list(_failed) if is_complete else []), encoding="utf-8")
