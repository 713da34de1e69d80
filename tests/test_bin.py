"""The scripts of bin/ and the lock files that they install from."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from bin.lib import setup
from bin.lib.lock import hold_lock
from tests.timing import TIMEOUT_SECONDS

ROOT = Path(__file__).parents[1]
LOCKS = sorted((ROOT / "requirements").glob("*.lock"))
SCRIPTS = [ROOT / "bin" / name for name in ("prepare", "serve", "test", "check", "bench", "lock")] + [ROOT / ".ci/run"]


def run(*command: str | Path, **variables: str) -> subprocess.CompletedProcess[str]:
    environ = {name: value for name, value in os.environ.items() if not name.startswith("MADANG_")}
    return subprocess.run(
        command,
        cwd=ROOT,
        env={**environ, **variables},
        capture_output=True,
        text=True,
        timeout=TIMEOUT_SECONDS,
        check=False,
    )


# Lock files


def test_there_are_lock_files_for_running_developing_node_and_contract_tests():
    kinds = ["contract.lock", "dev.lock", "node.lock", "runtime.lock"]
    assert [lock.name for lock in LOCKS] == kinds


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.name)
def test_a_lock_file_pins_and_hashes_everything_and_names_no_registry(lock):
    text = lock.read_text("utf-8")
    assert "://" not in text
    assert not re.search(r"^\s*--(?!hash=)", text, re.MULTILINE)
    pinned = re.findall(r"^[a-zA-Z0-9._\-\[\]]+==\S+.*\\\n    --hash=sha256:[0-9a-f]{64}", text, re.MULTILINE)
    assert len(pinned) == len(re.findall(r"^[a-zA-Z]", text, re.MULTILINE))


def test_developing_and_running_use_the_same_versions():
    running, developing = (pins(ROOT / "requirements" / name) for name in ("runtime.lock", "dev.lock"))
    assert running.keys() & developing.keys()
    assert all(running[name] == developing[name] for name in running.keys() & developing.keys())


def pins(lock: Path) -> dict[str, set[str]]:
    versions: dict[str, set[str]] = {}
    for name, version in re.findall(r"^([a-zA-Z0-9._-]+)==([^\s;]+)", lock.read_text("utf-8"), re.MULTILINE):
        versions.setdefault(name, set()).add(version)
    return versions


# Every script


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda script: script.name)
def test_a_script_can_be_run_and_stops_at_the_first_failure(script):
    assert os.access(script, os.X_OK)
    assert "set -euo pipefail" in script.read_text("utf-8")
    assert run("bash", "-n", script).returncode == 0


COMMANDS = sorted((ROOT / "bin").glob("*.cmd"))


def _lines(script: Path) -> list[str]:
    """The commands of a Windows script: without comments and labels."""
    lines = [line.strip() for line in script.read_text("utf-8").splitlines()]
    return [line for line in lines if line and not re.match(r"(rem |:|@echo off)", line)]


@pytest.mark.parametrize("script", COMMANDS, ids=lambda script: script.name)
def test_a_path_may_have_a_parenthesis_on_windows(script):
    """cmd expands the variables of a whole block first: a parenthesis of a path would end the block."""
    for line in _lines(script):
        outside = re.sub(r'"[^"]*"', "", line)
        assert not re.search(r"\(\s*$|^\)", outside), f"a block: {line}"
        for path in ("%MADANG_VENV%", "%MADANG_PYTHON%", "%CD%", "%~dp0"):
            assert path not in outside, f"a path outside of quotes: {line}"


@pytest.mark.parametrize("script", COMMANDS, ids=lambda script: script.name)
def test_each_jump_of_a_windows_script_has_its_label(script):
    text = script.read_text("utf-8")
    labels = re.findall(r"^:(\w+)", text, re.MULTILINE)
    assert set(re.findall(r"goto (\w+)", text)) == set(labels)
    for label in labels:  # no part runs on into the next one
        assert re.search(rf"exit /b( \d)?\s*\n+:{label}\b", text), label


def test_windows_says_which_python_is_needed():
    """Before a Python is started that may be too old to read the set-up."""
    lines = _lines(ROOT / "bin" / "prepare.cmd")
    starts = [number for number, line in enumerate(lines) if "-m bin.lib.setup" in line and "Scripts" not in line]
    assert starts
    for number in starts:
        assert "sys.version_info < (3, 11)" in lines[number - 2]
        assert lines[number - 1] == "if errorlevel 1 goto missing"
    assert any("Python 3.11 or newer" in line for line in lines)


@pytest.mark.parametrize("script", COMMANDS, ids=lambda script: script.name)
def test_a_script_for_windows_has_its_line_endings(script):
    assert script.read_bytes().count(b"\n") == script.read_bytes().count(b"\r\n") > 3


# Starting


def test_a_server_starts_through_a_link_and_writes_compiled_modules_even_if_the_shell_forbids_it(tmp_path):
    script_text = 'echo "${PYTHONDONTWRITEBYTECODE-nothing}" "$@"'
    for place, script in {"bin/prepare": "", ".venv/bin/madang": script_text}.items():
        (tmp_path / place).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / place).write_text(f"#!/bin/sh\n{script}\n")
        (tmp_path / place).chmod(0o755)
    shutil.copy(ROOT / "bin" / "serve", tmp_path / "bin")
    started = run(tmp_path / "bin" / "serve", "--port", "0", PYTHONDONTWRITEBYTECODE="1")
    assert (started.returncode, started.stdout) == (0, "nothing serve --port 0\n")
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "madang").symlink_to("../bin/serve")
    linked = run(tmp_path / "elsewhere" / "madang")
    assert (linked.returncode, linked.stdout) == (0, "nothing serve\n"), linked.stderr


# Setting up


def test_a_missing_venv_module_is_reported_with_the_command_to_install_it(tmp_path):
    (tmp_path / "ensurepip.py").write_text("raise ImportError")
    done = run(
        "bin/prepare", MADANG_PYTHON=sys.executable, MADANG_VENV=str(tmp_path / "venv"), PYTHONPATH=str(tmp_path)
    )
    assert done.returncode == 1
    assert done.stderr == "Python's venv is missing; bring it with: sudo apt-get install -y python3-venv\n"
    assert not (tmp_path / "venv").exists()


def test_an_old_python_is_refused(tmp_path):
    old = tmp_path / "python3"
    old.write_text("#!/bin/sh\nexit 1\n")
    old.chmod(0o755)
    done = run("bin/prepare", MADANG_PYTHON=str(old), MADANG_VENV=str(tmp_path / "venv"))
    assert (done.returncode, done.stderr) == (
        1,
        "Madang needs Python 3.11 or newer; install it, or name it in MADANG_PYTHON.\n",
    )


@pytest.fixture
def prepared(tmp_path, monkeypatch) -> Path:
    """A folder in which the checks find a complete installation."""
    names = {
        "RUNTIME_LOCK": tmp_path / "runtime.lock",
        "DEV_LOCK": tmp_path / "dev.lock",
        "VENV": tmp_path / "venv",
        "PYTHON": tmp_path / "venv" / "python",
        "TRANSLATIONS": tmp_path / "translations",
        "CATALOGUES": tmp_path / "compiled",
    }
    for name, path in names.items():
        monkeypatch.setattr(setup, name, path)
    monkeypatch.setattr(setup, "is_frontend_ready", lambda *, dev: True)
    for path in (tmp_path / "translations" / "ko" / "posts.po", tmp_path / "compiled/ko/LC_MESSAGES/messages.mo"):
        path.parent.mkdir(parents=True)
        path.touch()
    os.utime(tmp_path / "compiled/ko/LC_MESSAGES/messages.mo", (3e9, 3e9))
    (tmp_path / "venv").mkdir()
    for path in (names["PYTHON"], names["RUNTIME_LOCK"], names["DEV_LOCK"]):
        path.touch()
    for dev in (False, True):
        setup.stamp(dev=dev).touch()
    return tmp_path


def is_ready() -> bool:
    return setup.is_ready(dev=True)


def test_a_complete_installation_is_ready(prepared):
    assert is_ready()


@pytest.mark.parametrize("missing", ["venv/python", "compiled/ko/LC_MESSAGES/messages.mo"])
def test_a_missing_file_is_noticed(prepared, missing):
    (prepared / missing).unlink()
    assert not is_ready()


@pytest.mark.parametrize(
    ("killed_in", "made_anew"),
    [("make_venv", ["make_venv", "install_packages"]), ("install_packages", ["make_venv", "install_packages"])],
)
def test_what_a_killed_start_left_is_made_anew(prepared, monkeypatch, killed_in, made_anew):
    """A .venv without pip, or with half a package, which pip takes for a whole one."""
    lock = (prepared / "runtime.lock").read_bytes()
    if killed_in == "make_venv":
        (prepared / "venv/python").unlink()
    (prepared / "runtime.lock").write_text("flask==9")
    code = f"""
import os, sys
from pathlib import Path
from bin.lib import setup

setup.VENV, setup.PYTHON, setup.RUNTIME_LOCK, setup.DEV_LOCK = map(Path, sys.argv[1:])
setup.make_venv = lambda: setup.PYTHON.touch()
setup.{killed_in} = lambda **_: (setup.PYTHON.touch(), os._exit(9))
setup.set_up(dev=True)
"""
    places = [str(each) for each in (setup.VENV, setup.PYTHON, setup.RUNTIME_LOCK, setup.DEV_LOCK)]
    assert subprocess.run([sys.executable, "-c", code, *places], cwd=ROOT, check=False).returncode == 9
    (prepared / "runtime.lock").write_bytes(lock)
    assert not is_ready()
    done: list[str] = []

    def install(*, dev: bool) -> None:
        done.append("install_packages")
        setup.stamp(dev=dev).touch()

    monkeypatch.setattr(setup, "make_venv", lambda: (done.append("make_venv"), setup.stamp(dev=True).unlink()))
    monkeypatch.setattr(setup, "install_packages", install)
    setup.set_up(dev=True)
    assert done == made_anew
    assert is_ready()


def test_a_failed_installation_keeps_what_there_was(prepared, monkeypatch):
    (prepared / "runtime.lock").write_text("flask==9")

    def fail(*, dev: bool) -> None:
        raise setup.SetupError("Installing failed; check the network and start again")

    monkeypatch.setattr(setup, "install_packages", fail)
    for _try in range(2):
        with pytest.raises(setup.SetupError):
            setup.set_up(dev=True)
    assert (prepared / "venv/python").exists()


@pytest.mark.parametrize("lock", ["runtime.lock", "dev.lock"])
def test_a_changed_lock_is_installed(prepared, lock):
    (prepared / lock).write_text("flask==9")
    assert not is_ready()


def test_a_server_ignores_the_lock_file_of_the_tests(prepared):
    (prepared / "dev.lock").write_text("pytest==99")
    assert setup.is_ready(dev=False)


@pytest.mark.parametrize("changed", ["translations/ko/posts.po", "translations/ko"])
def test_a_changed_translation_is_compiled(prepared, changed):
    os.utime(prepared / changed, (4e9, 4e9))
    assert not is_ready()


def test_a_stale_front_end_is_built(prepared, monkeypatch):
    monkeypatch.setattr(setup, "is_frontend_ready", lambda *, dev: False)
    assert not is_ready()


def test_a_second_start_waits_for_the_first(tmp_path):
    code = "from pathlib import Path; from sys import argv; from bin.lib.lock import hold_lock\n"
    code += "with hold_lock(Path(argv[1])): print('mine')"
    with hold_lock(tmp_path):
        second = subprocess.Popen(
            [sys.executable, "-c", code, tmp_path], cwd=ROOT, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE
        )
        assert second.stderr is not None
        assert second.stderr.readline() == "Another start is setting up; waiting for it.\n"
        assert second.poll() is None
    assert second.communicate(timeout=TIMEOUT_SECONDS)[0] == "mine\n"


# Benchmarks


def test_an_unknown_benchmark_prints_the_known_names():
    done = run("bin/bench", "nothing")
    assert done.returncode == 2
    assert done.stderr.startswith("Usage: bin/bench NAME [options]; the names are:\n")
