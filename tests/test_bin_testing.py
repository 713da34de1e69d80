"""`bin/test`: the selected kinds of tests and databases, `--changed`, and the rerun of failed tests."""

import os
import subprocess
import sys
from pathlib import Path

import grimp
import pytest

from bin.lib import rerun, testing
from bin.lib.changed import select_tests
from tests.conventions import ROOT
from tests.timing import TIMEOUT_SECONDS

CLOSED_PORT = "127.0.0.1:1"
QUICK = ["-m", "not browser and not faults and not contract"]
FAILS_ONCE = """
from pathlib import Path

def test_that_fails_once():
    path = Path(__file__).with_name("was-here")
    was_here = path.exists()
    path.touch()
    assert was_here
"""


# Servers and browser


def run_testing(*arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
    """Run `bin/test` without a server and without a browser."""
    environ = {name: value for name, value in os.environ.items() if not name.startswith("MADANG_")}
    return subprocess.run(
        [sys.executable, "-m", "bin.lib.testing", *arguments],
        cwd=ROOT,
        env={**environ, **without_anything(**variables)},
        capture_output=True,
        text=True,
        timeout=TIMEOUT_SECONDS,
        check=False,
    )


def without_anything(**variables: str) -> dict[str, str]:
    return {
        "MADANG_TEST_POSTGRESQL": f"postgresql://nobody@{CLOSED_PORT}/none",
        "MADANG_TEST_MARIADB": f"mysql://nobody@{CLOSED_PORT}/none",
        "MADANG_CHROMIUM": "/nowhere/chromium",
        **variables,
    }


def test_one_line_lists_what_is_left_out_and_how_to_install_it():
    done = run_testing("--matrix", "--version")
    assert done.returncode == 0
    (line,) = (line for line in done.stderr.splitlines() if line.startswith("Left out:"))
    assert "PostgreSQL (start it, or set MADANG_TEST_POSTGRESQL=" in line
    assert "MariaDB (start it, or set MADANG_TEST_MARIADB=" in line
    assert "the browser (sudo apt-get install -y chromium" in line


def test_leaving_out_is_a_failure_if_everything_is_required():
    done = run_testing("--matrix", "--version", MADANG_REQUIRE_ALL="1")
    assert done.returncode == 1
    assert done.stderr.endswith("MADANG_REQUIRE_ALL=1 requires all of them.\n")
    assert "pytest" not in done.stdout


def test_the_quick_run_needs_no_server_and_leaves_nothing_out():
    done = run_testing("--version", MADANG_REQUIRE_ALL="1")
    assert (done.returncode, done.stderr) == (0, "")


def test_contradicting_options_print_the_usage():
    done = run_testing("--sqlite", "--everything")
    assert done.returncode == 1
    assert done.stderr.startswith("Usage: bin/test")


def test_help_prints_the_usage():
    done = run_testing("--help")
    assert done.returncode == 0
    assert done.stdout.startswith("Usage: bin/test")


@pytest.fixture
def only_mariadb(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A machine with MariaDB and Chromium, whose path is returned."""
    chromium = tmp_path / "chromium"
    chromium.touch(0o755)
    for name, value in without_anything(MADANG_CHROMIUM=str(chromium)).items():
        monkeypatch.setenv(name, value)
    monkeypatch.delenv("MADANG_TEST_DATABASES", raising=False)
    monkeypatch.setattr(testing, "is_reachable", lambda server: server.dialect == "mariadb")
    return chromium


@pytest.mark.parametrize("option", ["--matrix", "--everything"])
def test_variables_list_what_was_found(option: str, only_mariadb: Path):
    plan = testing.make_plan({option}, [])
    assert plan.arguments == []
    assert plan.variables["MADANG_TEST_DATABASES"] == "sqlite,mariadb"
    assert plan.variables["MADANG_TEST_MARIADB"] == f"mysql+pymysql://nobody@{CLOSED_PORT}/none?charset=utf8mb4"
    assert plan.variables["MADANG_TEST_BROWSER"] == str(only_mariadb)
    assert ("MADANG_TEST_EVERYTHING" in plan.variables) == (option == "--everything")
    assert any(words.startswith("PostgreSQL") for words in plan.left_out)


def test_the_long_versions_run_one_after_the_other(only_mariadb: Path):
    plan = testing.make_plan({"--faults"}, ["-x"])
    assert plan.arguments == ["-n", "0", "-s", "-m", "long", "-x"]
    assert plan.variables["MADANG_TEST_LONG"] == "1"
    assert "MADANG_TEST_LONG" not in testing.make_plan({"--matrix"}, []).variables


@pytest.mark.parametrize("options", [set(), {"--sqlite"}, {"--changed"}, {"--rerun"}])
def test_the_quick_run_is_sqlite_without_the_slow_kinds(options: set[str], only_mariadb: Path):
    plan = testing.make_plan(options, ["-x"])
    assert plan.arguments == [*QUICK, "-x"]
    assert plan.variables["MADANG_TEST_DATABASES"] == "sqlite"
    assert plan.left_out == []


def test_the_quick_run_uses_the_given_databases(only_mariadb: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("MADANG_TEST_DATABASES", "sqlite,mariadb")
    assert testing.make_plan(set(), []).variables["MADANG_TEST_DATABASES"] == "sqlite,mariadb"


@pytest.mark.parametrize("arguments", [["tests/faults"], ["-m", "contract"], ["tests/browser/test_live.py"]])
def test_slow_kinds_run_when_they_are_named(arguments: list[str], only_mariadb: Path):
    plan = testing.make_plan(set(), arguments)
    assert plan.arguments == arguments
    assert plan.variables["MADANG_TEST_BROWSER"] == str(only_mariadb)


# Selection by changes


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ("madang/votes/operations/voting.py", "tests/votes"),
        ("madang/votes/operations/voting.py", "tests/api/test_votes.py"),
        ("madang/templates/votes/score.html", "tests/votes"),
        ("madang/translations/ko/votes.po", "tests/test_translations.py"),
        ("madang/admin/operations/counters.py", "tests/importing"),  # whose conftest.py imports it
        ("tests/api/programs.py", "tests/api/test_votes.py"),
        ("tests/votes/a_file_that_is_gone.py", "tests/votes"),
        ("frontend/css/main.scss", "tests/frontend"),
        ("bin/lib/testing.py", "tests/test_bin.py"),
        ("README.md", "tests/test_conventions_rules.py"),
    ],
)
def test_a_change_selects_the_tests_that_mirror_or_import_it(changed: str, expected: str):
    chosen = select_tests([changed], grimp.build_graph("madang", "tests"))
    assert expected in chosen
    assert "tests/boards" not in chosen


@pytest.mark.parametrize(
    "changed", ["tests/conftest.py", "tests/people.py", "pyproject.toml", "requirements/runtime.lock"]
)
def test_a_change_of_a_common_file_selects_all_tests(changed: str):
    assert select_tests(["madang/votes/operations/voting.py", changed], grimp.build_graph("madang", "tests")) == [
        "tests"
    ]


def test_a_change_does_not_select_slow_kinds():
    assert "tests/browser" not in select_tests(["tests/browser/gone.py"], grimp.build_graph("madang", "tests"))


# Rerun


@pytest.fixture
def run_tests(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]):
    """A function that runs a project of this one test file, as `bin/check` does; returns the status and the lines."""
    for name in [name for name in os.environ if name.startswith(("PYTEST_", "MADANG_"))]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")  # loading all plugins takes longer than the tests
    monkeypatch.setenv("PYTEST_ADDOPTS", "-p xdist.plugin")
    monkeypatch.chdir(tmp_path)

    def run(code: str, *options: str) -> tuple[int, list[str]]:
        (tmp_path / "test_it.py").write_text(code)
        (tmp_path / "pytest.ini").write_text("[pytest]\n")
        status = rerun.run_with_rerun(list(options))
        return status, capfd.readouterr().out.splitlines()

    return run


@pytest.mark.parametrize("workers", ["0", "2"])
def test_a_test_that_passes_in_the_rerun_is_reported_as_flaky(run_tests, workers: str):
    status, lines = run_tests(f"{FAILS_ONCE}\ndef test_that_passes(): pass", "-n", workers)
    assert status == 0
    assert "1 failed, 1 passed" in "".join(lines)
    assert "1 passed" in lines[-3]
    assert lines[-2:] == ["Flaky: 1 test failed at first and passed alone.", "test_it.py::test_that_fails_once"]


def test_a_test_that_fails_twice_fails_the_run(run_tests):
    status, lines = run_tests("def test_that_fails(): assert False", "-n", "0")
    assert status == 1
    assert "Running 1 test once more, alone:" in lines
    assert "1 failed" in lines[-1]


def test_a_failing_and_a_flaky_test_fail_the_run(run_tests):
    status, lines = run_tests(f"{FAILS_ONCE}\ndef test_that_fails(): assert False", "-n", "0")
    assert status == 1
    assert "1 failed, 1 passed" in lines[-1]


@pytest.mark.parametrize(("count", "is_run_again"), [(rerun.MAX_RERUN, True), (rerun.MAX_RERUN + 1, False)])
def test_many_failures_are_not_run_again(run_tests, count: int, is_run_again: bool):
    code = FAILS_ONCE.replace("def test_that_fails_once():", "def test_that_fails_once(number):")
    code = code.replace('"was-here"', 'f"was-here-{number}"').replace(
        "def test", f"import pytest\n\n@pytest.mark.parametrize('number', range({count}))\ndef test"
    )
    status, lines = run_tests(code, "-n", "0")
    assert status == (0 if is_run_again else 1)
    assert any("once more" in line for line in lines) == is_run_again
    assert f"{count} failed" in "".join(lines)


@pytest.mark.parametrize("code", [f"{FAILS_ONCE}\nraise RuntimeError", "raise RuntimeError"])
def test_a_file_that_cannot_be_imported_fails_without_a_rerun(run_tests, code: str):
    status, lines = run_tests(code, "-n", "0")
    assert status == pytest.ExitCode.INTERRUPTED
    assert not any("once more" in line for line in lines)


def test_a_run_that_ended_early_fails(run_tests):
    status, _lines = run_tests(f"{FAILS_ONCE}\ndef test_that_fails(): assert False", "-n", "0", "-x")
    assert status == 1


def test_a_run_without_failures_passes(run_tests):
    status, lines = run_tests("def test_that_passes(): pass", "-n", "0")
    assert status == 0
    assert "1 passed" in lines[-1]
