"""Benchmark of a second start: `bin/bench start [--starts N]` prints a table. README.md says how to read it."""

import argparse
import socket
import statistics
import subprocess
import tempfile
import time
from collections.abc import Iterator
from http.client import HTTPConnection
from pathlib import Path
from typing import NamedTuple

from madang.core.clock import now

from .tools.site import END_SECONDS, ROOT, Server, environment, fill
from .tools.tables import HEAD, Result, machine

QUESTIONS = 200
TIMEOUT_SECONDS = 60
PAUSE_SECONDS = 0.005
HOST = "127.0.0.1"


class Start(NamedTuple):
    """Seconds from the command to listening and to the first page; processor seconds and memory until then."""

    listening: float
    first_page: float
    processor: float
    megabytes: float


def start(instance: Path) -> Start:
    """Start the server, request the first page as soon as it listens, and stop it."""
    port = _free_port()
    command = [str(ROOT / "bin" / "serve"), "--port", str(port)]
    started = time.monotonic()
    process = subprocess.Popen(command, cwd=ROOT, env=environment(instance), stdout=subprocess.DEVNULL)
    try:
        connection = _connect(port, deadline=started + TIMEOUT_SECONDS)
        listening = time.monotonic() - started
        _get_home(connection)
        first_page = time.monotonic() - started
        server = Server(process, HOST, port)
        return Start(listening, first_page, _processor_seconds(server), server.memory_megabytes())
    finally:
        process.terminate()
        process.wait(END_SECONDS)


def _free_port() -> int:
    with socket.create_server((HOST, 0)) as listener:
        return int(listener.getsockname()[1])


def _connect(port: int, *, deadline: float) -> HTTPConnection:
    """Connect as soon as the server listens. Raises `ConnectionRefusedError` after the deadline."""
    while True:
        try:
            connection = HTTPConnection(HOST, port, timeout=TIMEOUT_SECONDS)
            connection.connect()
            return connection
        except ConnectionRefusedError:
            if time.monotonic() > deadline:
                raise
            time.sleep(PAUSE_SECONDS)


def _get_home(connection: HTTPConnection) -> None:
    connection.request("GET", "/", headers={"Accept-Language": "en"})
    response = connection.getresponse()
    response.read()
    connection.close()
    if response.status != 200:
        raise RuntimeError(f"the first page was answered with {response.status}")


def _processor_seconds(server: Server) -> float:
    """Processor seconds of the server and of its ended children (`bin/prepare`)."""
    return sum(sum(each.cpu_times()[:4]) for each in server.processes())


def results(starts: list[Start]) -> Iterator[Result]:
    pages = [each.first_page for each in starts]
    used = [each.processor for each in starts]
    yield Result("first page of a second start, best", 2, min(pages), "s")
    yield Result("the same, median", None, statistics.median(pages), "s")
    yield Result("listening, best", None, min(each.listening for each in starts), "s")
    yield Result("processor time to the first page, best", None, min(used), "s")
    yield Result("the same, median", None, statistics.median(used), "s")
    yield Result("memory of all processes after it", 130, statistics.median(each.megabytes for each in starts), "MB")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--starts", type=int, default=9, help="how many starts are measured")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="madang-bench-") as temporary:
        instance = Path(temporary)
        fill(instance, QUESTIONS)
        start(instance)
        starts = [start(instance) for _ in range(options.starts)]
        print(f"{now():%Y-%m-%d}, {options.starts} starts, {machine()}\n")
        print(HEAD)
        for result in results(starts):
            print(result, flush=True)


if __name__ == "__main__":
    main()
