"""Run pytest, and run failed tests once more if there are few; one that passes then is flaky and does not fail the run.

A flaky test is still a defect, so the last lines of the output name it. The run fails with more than `MAX_RERUN`
failures, when it ended early, and when a test fails twice.
"""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

MAX_RERUN = 5
FAILURES = "MADANG_TEST_FAILURES"  # the file into which `bin.lib.failures` writes
TESTS_FAILED = 1  # pytest's exit status if nothing else went wrong


def run_with_rerun(arguments: list[str]) -> int:
    """Run pytest with `arguments`; returns the exit status of the run as a whole."""
    status, failed = _run(arguments)
    if status != TESTS_FAILED or not 0 < len(failed) <= MAX_RERUN:
        return status
    print(f"\nRunning {_count(failed)} once more, alone:", flush=True)
    second_status, _failed_again = _run(["-n", "0", *failed])
    if second_status:
        return second_status
    print("\n".join([f"Flaky: {_count(failed)} failed at first and passed alone.", *failed]), flush=True)
    return 0


def _run(arguments: list[str]) -> tuple[int, list[str]]:
    """Run pytest in a separate process; returns its exit status and the tests to be run again."""
    with tempfile.TemporaryDirectory(prefix="madang-") as folder:
        path = Path(folder) / "failures.json"
        command = [sys.executable, "-m", "pytest", "-p", "bin.lib.failures", *arguments]
        done = subprocess.run(command, env=os.environ | {FAILURES: str(path)}, check=False)
        return done.returncode, json.loads(path.read_text(encoding="utf-8")) if path.exists() else []


def _count(tests: list[str]) -> str:
    return f"{len(tests)} test{'' if len(tests) == 1 else 's'}"
