"""What a connection experiences when the server is told to stop: under gunicorn and under `madang serve`."""

import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from typing import NamedTuple

import pytest

from tests.conventions import ROOT
from tests.faults.site import SETTINGS, free_port, soon
from tests.timing import TIMEOUT_SECONDS

from .service import inherited_environ

GET = b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n"
POST = (
    b"POST /auth/login HTTP/1.1\r\nHost: localhost\r\nContent-Length: 3\r\n"
    b"Content-Type: application/x-www-form-urlencoded\r\n\r\n"
)


class Server(NamedTuple):
    process: subprocess.Popen[bytes]
    port: int

    def connect(self) -> socket.socket:
        return socket.create_connection(("127.0.0.1", self.port), timeout=TIMEOUT_SECONDS)

    def is_up(self) -> bool:
        try:
            with closing(self.connect()) as connection:
                return b" 200 " in request(connection)
        except OSError:
            return False

    def is_listening(self) -> bool:
        try:
            self.connect().close()
        except OSError:
            return False
        return True


def request(connection: socket.socket) -> bytes:
    """Ask, and read the whole response: its body may come later than its head."""
    connection.sendall(GET)
    response = b""
    while not response.rstrip().endswith(b"}") and (piece := connection.recv(65536)):
        response += piece
    return response


COMMANDS: dict[str, Callable[[int], list[str]]] = {
    "serve": lambda port: ["-m", "madang.cli", "serve", "--port", str(port)],
    "gunicorn": lambda _port: ["-m", "gunicorn", "--config", "deploy/gunicorn.conf.py"],
}


@pytest.fixture(scope="module")
def database(tmp_path_factory):
    """A migrated database, which both servers use."""
    folder = tmp_path_factory.mktemp("stopping")
    environ = environ_of(folder)
    subprocess.run(
        [sys.executable, "-m", "flask", "--app", "madang", "db", "upgrade"], cwd=ROOT, env=environ, check=True
    )
    return folder


def environ_of(folder) -> dict[str, str]:
    return inherited_environ() | SETTINGS | {"MADANG_INSTANCE": str(folder), "PYTHONPATH": str(ROOT)}


@pytest.fixture(params=COMMANDS)
def server(request, database) -> Iterator[Server]:
    with serving(request.param, environ_of(database)) as server:
        yield server


@contextmanager
def serving(name: str, environ: dict[str, str]) -> Iterator[Server]:
    port = free_port()
    environ |= {"BIND": f"127.0.0.1:{port}", "WEB_CONCURRENCY": "1"}
    process = subprocess.Popen([sys.executable, *COMMANDS[name](port)], cwd=ROOT, env=environ)
    server = Server(process, port)
    try:
        assert soon(server.is_up)
        yield server
    finally:
        process.kill()
        process.wait()


def test_an_idle_connection_does_not_delay_the_end(server):
    with closing(server.connect()) as idle, closing(server.connect()) as silent:
        assert b" 200 " in request(idle)
        server.process.send_signal(signal.SIGTERM)
        server.process.wait(TIMEOUT_SECONDS)
        assert (idle.recv(1), silent.recv(1)) == (b"", b"")
    assert server.process.returncode == 0


def test_a_request_under_way_is_finished(server):
    with closing(server.connect()) as connection:
        connection.sendall(POST + b"a=")
        assert server.is_up()  # the server has begun to read the request before
        server.process.send_signal(signal.SIGTERM)
        assert soon(lambda: not server.is_listening())
        connection.sendall(b"1")
        assert connection.recv(65536).startswith(b"HTTP/1.1 302")  # a site that is not set up leads to its setup
        server.process.wait(TIMEOUT_SECONDS)
    assert server.process.returncode == 0
