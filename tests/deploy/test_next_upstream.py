"""nginx before two machines: a request goes to the next one unless the first may have done it."""

import socket
import threading
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager, suppress

import pytest

from tests.conventions import ROOT
from tests.faults.site import free_port

from .nginx import NAME, Nginx

pytestmark = pytest.mark.faults
OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nOK"
SOCKET = "server unix:/run/madang/web.sock fail_timeout=0;"


class Upstream:
    """A machine that reads each request and answers it, or closes the connection without an answer."""

    def __init__(self, answer: bytes) -> None:
        self.answer, self.requests = answer, []
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        with suppress(OSError):
            while True:
                connection, _address = self.listener.accept()
                with connection:
                    self.requests.append(connection.recv(65536).split(b" ")[0].decode())
                    connection.sendall(self.answer)


@contextmanager
def nginx_before(folder, ports: list[int]) -> Iterator[Nginx]:
    servers = " ".join(f"server 127.0.0.1:{port} fail_timeout=5s;" for port in ports)
    with Nginx(folder, {SOCKET: servers, "/srv/madang": str(ROOT)}).running() as nginx:
        yield nginx


@pytest.mark.parametrize(("method", "status", "repeated"), [("GET", 200, True), ("POST", 503, False)])
def test_a_request_that_was_sent_is_repeated_only_if_that_does_no_harm(tmp_path, method, status, repeated):
    with ExitStack() as stack:
        dying, well = Upstream(b""), Upstream(OK)
        for each in (dying, well):
            stack.enter_context(closing(each.listener))
        nginx = stack.enter_context(nginx_before(tmp_path, [dying.port, well.port]))
        answers = [nginx.get("/posts/new", method).status for _try in range(2)]
        assert dying.requests == [method], "the machine was asked again within 5 s"
        # Which of them nginx asks first is not said.
        assert sorted(answers) == sorted([status, 200])
        assert well.requests == [method] * (2 if repeated else 1)


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_machine_that_accepts_no_connection_costs_no_request(tmp_path, method):
    with ExitStack() as stack:
        well = Upstream(OK)
        stack.enter_context(closing(well.listener))
        nginx = stack.enter_context(nginx_before(tmp_path, [free_port(), well.port]))
        assert [nginx.get("/posts/new", method, Host=NAME).status for _try in range(3)] == [200] * 3
        assert well.requests == [method] * 3
