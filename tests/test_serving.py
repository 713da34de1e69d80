"""The server as a process: banner, responses, end by signals."""

import errno
import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from time import monotonic, sleep
from unittest.mock import Mock
from urllib.request import urlopen

import psutil
import pytest

from frontend.build import ROOT
from madang.core.errors import Unavailable
from madang.core.server.serve import listen
from tests.timing import TIMEOUT_SECONDS


@contextmanager
def serving(
    instance, workers: int, *options: str, port: int = 0, environment: str = "testing"
) -> Iterator[subprocess.Popen[str]]:
    """`madang serve` as a terminal starts it, in a group of its own."""
    environ = {name: value for name, value in os.environ.items() if not name.startswith("MADANG_")}
    process = subprocess.Popen(
        [sys.executable, "-m", "madang.cli", "serve", "--port", str(port), "--workers", str(workers), *options],
        cwd=ROOT,
        env=environ
        | {
            "MADANG_CONFIG": environment,
            "MADANG_INSTANCE": str(instance),
            "MADANG_SECRET_KEY": "for-tests-only-8c1f0e7b9a6d28354c1f0e7b",
            "PYTHONPATH": str(ROOT),
        },
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    try:
        yield process
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
        process.communicate()


@pytest.mark.parametrize("workers", [1, 2])
@pytest.mark.parametrize("name", [signal.SIGINT, signal.SIGTERM], ids=["ctrl-c", "terminate"])
def test_a_signal_stops_the_server_without_errors(instance, workers, name):
    with serving(instance, workers) as process:
        address = re.search(r"http://\S+", process.stdout.readline())[0]
        assert urlopen(f"{address}/healthz").status == 200
        os.killpg(process.pid, name) if name == signal.SIGINT else process.send_signal(name)
        stdout, stderr = process.communicate(timeout=TIMEOUT_SECONDS)
    assert (process.returncode, stdout, stderr) == (0, "Madang has stopped.\n", "")


def test_the_web_processes_end_when_the_first_process_is_killed(instance):
    """Else they would hold the port, with the old code, and no signal that anybody knows to send would end them."""
    with serving(instance, workers=2) as process:
        address = re.search(r"http://\S+", process.stdout.readline())[0]
        assert urlopen(f"{address}/healthz").status == 200
        others = psutil.Process(process.pid).children(recursive=True)
        process.kill()
        _gone, left = psutil.wait_procs(others, TIMEOUT_SECONDS)
        for each in left:
            each.kill()
    assert left == []


@pytest.mark.parametrize("workers", [1, 2])
def test_a_signal_right_after_the_banner_stops_the_server(instance, workers):
    with serving(instance, workers) as process:
        assert process.stdout.readline().startswith("Madang is ready at ")
        os.killpg(process.pid, signal.SIGINT)
        stdout, stderr = process.communicate(timeout=TIMEOUT_SECONDS)
    assert (process.returncode, stdout) == (0, "Madang has stopped.\n")
    assert "Aborted" not in stderr
    assert "Traceback" not in stderr


def test_a_taken_port_is_reported_with_the_next_free_one(tmp_path):
    with listen("127.0.0.1", 0, 1) as taken:
        port = taken.getsockname()[1]
        with serving(tmp_path, 1, port=port) as process:
            stdout, stderr = process.communicate(timeout=TIMEOUT_SECONDS)
        assert (process.returncode, stdout) == (1, "")
        assert stderr.startswith(
            f"Port {port} is in use by another program, perhaps by Madang itself. A free one is: --port "
        )
        free = int(re.search(r"--port (\d+)\n$", stderr)[1])
        assert port < free <= port + 100 or free == 0


@pytest.mark.parametrize("host", ["203.0.113.9", "2001:db8::1", "no-such-host.invalid"])
def test_an_address_of_another_machine_is_reported(host):
    with pytest.raises(Unavailable, match=f"This machine has no address {re.escape(host)}"):
        listen(host, 0, 1)


def test_a_port_without_permission_is_reported(monkeypatch):
    monkeypatch.setattr(socket, "create_server", Mock(side_effect=PermissionError(errno.EACCES, "Permission denied")))
    with pytest.raises(Unavailable, match=r"You are not allowed to listen on port 80\. Choose one above 1023"):
        listen("127.0.0.1", 80, 1)


@pytest.mark.parametrize(
    ("environment", "workers"), [("production", 1), ("development", 2)], ids=["in production", "two processes"]
)
def test_reload_is_refused_where_it_cannot_work(tmp_path, environment, workers):
    with serving(tmp_path, workers, "--reload", environment=environment) as process:
        stdout, stderr = process.communicate(timeout=TIMEOUT_SECONDS)
    assert process.returncode != 0
    assert stdout == ""
    assert "--reload is for development, with one web process." in stderr


def _children(process: subprocess.Popen[str]) -> set[int]:
    return {child.pid for child in psutil.Process(process.pid).children()}


def _is_healthy(address: str) -> bool:
    """Whether the server answers; while its process is replaced, it may reset a connection."""
    try:
        return urlopen(f"{address}/healthz").status == 200
    except OSError:
        return False


def test_with_reload_a_changed_module_replaces_the_process(tmp_path):
    with serving(tmp_path, 1, "--reload", environment="development") as process:
        address = re.search(r"http://\S+", process.stdout.readline())[0]
        assert urlopen(f"{address}/healthz").status == 200
        before = _children(process)
        (ROOT / "madang" / "asgi.py").touch()
        deadline = monotonic() + TIMEOUT_SECONDS
        while not (_children(process) - before and _is_healthy(address)):
            assert monotonic() < deadline, "the process was not replaced by one that answers"
            sleep(0.05)
        os.killpg(process.pid, signal.SIGINT)
        stdout, stderr = process.communicate(timeout=TIMEOUT_SECONDS)
    assert (process.returncode, stdout) == (0, "Madang has stopped.\n")
    assert re.fullmatch(r"WARNING: .*detected changes in '.*asgi\.py'.*\n", stderr), stderr


STARTS_SLOWLY = """
import signal, sys, time, weakref
from madang import create_app
from madang.core.server import serve as server

class Garbage: ...

def collect(config, listener):
    garbage = Garbage()
    mark = weakref.ref(garbage, lambda _: signal.raise_signal(signal.SIGTERM))
    del garbage
    time.sleep(60)

server._run = collect
server.serve_site(create_app(instance_path=sys.argv[1]), host="127.0.0.1", port=0, workers=1, setup_code=None)
"""


def test_a_signal_in_a_finalizer_is_not_lost(instance):
    """The garbage collector swallows exceptions of finalizers, so the process must not end by an exception."""
    ended = subprocess.run(
        [sys.executable, "-c", STARTS_SLOWLY, str(instance)],
        cwd=ROOT,
        env=os.environ | {"MADANG_CONFIG": "testing"},
        capture_output=True,
        text=True,
        timeout=TIMEOUT_SECONDS,
    )
    assert (ended.returncode, ended.stdout.splitlines()[1:], ended.stderr) == (0, ["Madang has stopped."], "")
