"""A plugin of pytest that writes down which tests failed, for `bin.lib.rerun`."""

import json
import os
from pathlib import Path
from typing import Any

import pytest

_failed: dict[str, None] = {}  # in order, each once: a test can fail and then fail to tidy up
_unknown: list[str] = []  # what cannot be run again alone: a module that could not be imported


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    if report.failed:
        _failed[report.nodeid] = None


def pytest_collectreport(report: pytest.CollectReport) -> None:
    if report.failed:
        _unknown.append(report.nodeid)


def pytest_sessionfinish(session: Any) -> None:
    """Write the ids of the failed tests; none where they are not all that is wrong."""
    path = os.environ.get("MADANG_TEST_FAILURES")
    if not path or hasattr(session.config, "workerinput"):
        return
    is_all = not (_unknown or session.shouldfail or session.shouldstop)
    Path(path).write_text(json.dumps(list(_failed) if is_all else []), encoding="utf-8")
