"""Runs pytest, and runs what failed once more where that is little: a test that then passes is flaky, not red.

A flaky test is still a defect, so its name stands in the last lines of the output. More than `MOST_RERUN` failures, a
run that ended early and a test that fails twice are red.
"""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

MOST_RERUN = 5
FAILURES = "MADANG_TEST_FAILURES"  # the file into which `bin.lib.failures` writes
TESTS_FAILED = 1  # pytest's exit status where nothing else was wrong


def run_with_rerun(arguments: list[str]) -> int:
    """Run pytest with `arguments`; returns the exit status of the run as a whole."""
    status, failed = _run(arguments)
    if status != TESTS_FAILED or not 0 < len(failed) <= MOST_RERUN:
        return status
    print(f"\nRunning {_count(failed)} once more, alone:", flush=True)
    second_status, _failed_again = _run(["-n", "0", *failed])
    if second_status:
        return second_status
    print("\n".join([f"Flaky: {_count(failed)} failed at first and passed alone.", *failed]), flush=True)
    return 0


def _run(arguments: list[str]) -> tuple[int, list[str]]:
    """Run pytest in a process of its own: its exit status, and the tests to be run again."""
    with tempfile.TemporaryDirectory(prefix="madang-") as folder:
        path = Path(folder) / "failures.json"
        command = [sys.executable, "-m", "pytest", "-p", "bin.lib.failures", *arguments]
        done = subprocess.run(command, env=os.environ | {FAILURES: str(path)}, check=False)
        return done.returncode, json.loads(path.read_text(encoding="utf-8")) if path.exists() else []


def _count(tests: list[str]) -> str:
    return f"{len(tests)} test{'' if len(tests) == 1 else 's'}"
