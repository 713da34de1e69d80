"""Metrics of several web processes: one sum, whichever process answers, and no gauges of those that have ended."""

import os
import re
import signal
import subprocess
import sys
from contextlib import contextmanager, suppress
from http.client import HTTPConnection
from urllib.request import urlopen

import psutil
import pytest

from tests.conventions import ROOT
from tests.faults.site import free_port, soon
from tests.test_serving import serving
from tests.timing import TIMEOUT_SECONDS

WORKERS = 2
REQUESTS = 40
HEALTH = 'madang_requests_total{cached="no",endpoint="health.health",status="200"}'


@contextmanager
def madang_serve(instance):
    with serving(instance, WORKERS) as process:
        yield process.pid, re.search(r"http://\S+", process.stdout.readline())[0]
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=TIMEOUT_SECONDS)


@contextmanager
def gunicorn(instance):
    port = free_port()
    environ = {name: value for name, value in os.environ.items() if not name.startswith(("MADANG_", "PROMETHEUS_"))}
    environ |= {"MADANG_CONFIG": "testing", "MADANG_INSTANCE": str(instance), "RUNTIME_DIRECTORY": str(instance)}
    environ |= {"BIND": f"127.0.0.1:{port}", "WEB_CONCURRENCY": str(WORKERS), "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-m", "gunicorn", "--config", "deploy/gunicorn.conf.py"]
    process = subprocess.Popen(command, cwd=ROOT, env=environ, stderr=subprocess.DEVNULL)
    try:
        yield process.pid, f"http://127.0.0.1:{port}"
        process.terminate()
        process.wait(TIMEOUT_SECONDS)
        assert not list(instance.glob("metrics-*")), "the folder of the metrics is removed at the end"
    finally:
        process.kill()
        process.wait(TIMEOUT_SECONDS)


SERVERS = {"madang serve": madang_serve, "gunicorn": gunicorn}


def metrics(address: str) -> dict[str, float]:
    """The samples that whichever process answers shows; a new connection for each question."""
    text = urlopen(f"{address}/metrics", timeout=TIMEOUT_SECONDS).read().decode()
    lines = [line.rpartition(" ") for line in text.splitlines() if not line.startswith("#")]
    return {name: float(value) for name, _space, value in lines}


def is_up(address: str) -> bool:
    try:
        return metrics(address).get("madang_web_processes") == WORKERS
    except OSError:
        return False


def get(address: str, path: str) -> int:
    connection = HTTPConnection(address.removeprefix("http://"), timeout=TIMEOUT_SECONDS)
    connection.request("GET", path)
    status = connection.getresponse().status
    connection.close()
    return status


def web_processes(parent: int, address: str) -> set[int]:
    """The children of a server that have the folder of metrics open."""
    found = set()
    for child in psutil.Process(parent).children(recursive=True):
        with suppress(psutil.Error):  # it has just ended
            if any("metrics" in file.path for file in child.memory_maps()):
                found.add(child.pid)
    return found


@pytest.mark.parametrize("server", SERVERS)
def test_the_metrics_are_the_sum_of_all_processes(instance, server):
    with SERVERS[server](instance) as (parent, address):
        assert soon(lambda: is_up(address))
        before = metrics(address).get(HEALTH, 0)
        assert [get(address, "/healthz") for _number in range(REQUESTS)] == [200] * REQUESTS
        assert {metrics(address)[HEALTH] for _number in range(10)} == {before + REQUESTS}
        memory = metrics(address)["madang_web_memory_bytes"]
        victim = next(iter(web_processes(parent, address)))
        os.kill(victim, signal.SIGKILL)
        assert soon(lambda: victim not in web_processes(parent, address) and is_up(address))
        after = metrics(address)
        assert after[HEALTH] == before + REQUESTS, "what an ended process counted stays"
        assert after["madang_web_memory_bytes"] < 1.7 * memory, "its memory does not"
