"""The units of systemd: valid, hardened, and calling commands that exist."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from madang.cli import cli
from tests.conftest import skip_missing

from .service import UNITS, lines_of

SERVICES = sorted(path.name for path in UNITS.glob("*.service"))
UNIT_NAMES = sorted(path.name for path in UNITS.iterdir())
MOST_EXPOSED = 30  # ten times the level of `systemd-analyze security`, from 0 to 10
COMMAND = re.compile(r"/srv/madang/\.venv/bin/madang ([\w-]+)")


@pytest.fixture
def analyze():
    if shutil.which("systemd-analyze") is None:
        skip_missing("no systemd-analyze on this machine")

    def run(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
        return subprocess.run(["systemd-analyze", *map(str, arguments)], capture_output=True, text=True)

    return run


@pytest.fixture
def units(tmp_path) -> list[Path]:
    """The units, with programs that exist on this machine."""
    copies = []
    for path in UNITS.iterdir():
        text = re.sub(r"/srv/madang/\.venv/bin/\w+", "/bin/true", path.read_text(encoding="utf-8"))
        copies.append(tmp_path / path.name)
        copies[-1].write_text(text, encoding="utf-8")
    return copies


def test_systemd_finds_no_fault(analyze, units):
    done = analyze("verify", "--man=no", *units)
    faults = [line for line in done.stderr.splitlines() if "madang" in line]
    assert (done.returncode, faults) == (0, [])


@pytest.mark.parametrize("name", SERVICES)
def test_each_service_is_hardened(analyze, name):
    done = analyze("security", "--offline=yes", f"--threshold={MOST_EXPOSED}", UNITS / name)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("name", SERVICES)
def test_each_command_exists(name):
    commands = set(COMMAND.findall((UNITS / name).read_text(encoding="utf-8")))
    assert commands <= set(cli.commands)


@pytest.mark.parametrize("name", SERVICES)
def test_the_log_goes_to_the_journal(name):
    assert "StandardOutput" not in (UNITS / name).read_text(encoding="utf-8")


def test_each_timer_has_its_service():
    timers = [name for name in UNIT_NAMES if name.endswith(".timer")]
    assert timers
    assert {name.replace(".timer", ".service") for name in timers} <= set(SERVICES)


def test_a_process_has_more_time_to_end_than_its_requests():
    stop = int(lines_of("madang-web.service", "TimeoutStopSec")[0])
    config = (UNITS.parent / "gunicorn.conf.py").read_text(encoding="utf-8")
    graceful, timeout = (
        int(re.search(rf"^{name} = (\d+)$", config, re.MULTILINE)[1]) for name in ("graceful_timeout", "timeout")
    )
    assert stop > graceful
    assert int(lines_of("madang-web.service", "WatchdogSec")[0]) > timeout, "gunicorn replaces a process before"


def test_the_command_that_reloads_sees_the_processes_that_it_replaces():
    """In a user namespace of its own it would not: ProtectProc= hides those of others."""
    assert "PrivateUsers=yes" not in (UNITS / "madang-web.service").read_text(encoding="utf-8")
