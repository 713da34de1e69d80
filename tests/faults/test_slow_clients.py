"""Clients that are slow or vanish, straight at the server: everybody else is served meanwhile, and nothing stays open.

How fast the others are served stands in docs/performance.md.
"""

import os
import socket
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from io import BytesIO

import psutil
import pytest
from PIL import Image

from .people import Person
from .site import Site, new_site, soon

pytestmark = pytest.mark.faults
ATTACKER = "127.0.0.2"  # another address than that of the others
PATHS = ("/", "/questions", "/tags", "/healthz", "/auth/login")
HEAD = b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n"
BODY = b"POST /auth/login HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 5000\r\n\r\n"
BYTES_READ = 100


@pytest.fixture
def site(tmp_path) -> Iterator[Site]:
    with new_site(tmp_path, f"sqlite:///{tmp_path / 'madang.db'}", PAGE_CACHE_SECONDS="0") as site:
        site.open()
        yield site


@contextmanager
def clients(site: Site, count: int, request: bytes) -> Iterator[list[socket.socket]]:
    """Connections that have sent `request`, with the smallest buffers that the system allows."""
    with ExitStack() as stack:
        yield [stack.enter_context(_connect(site, request)) for _ in range(count)]


def _connect(site: Site, request: bytes) -> socket.socket:
    connection = socket.socket()
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1)
    connection.bind((ATTACKER, 0))
    connection.connect(("127.0.0.1", site.port))
    connection.sendall(request)
    return connection


def _open_files(site: Site) -> int:
    return psutil.Process(site.process_ids["web"]).num_fds()


def _assert_all_pages_answer(site: Site) -> None:
    visitor = Person("", site.port)
    assert {path: visitor.get(path).status for path in PATHS} == dict.fromkeys(PATHS, 200)


def _noise() -> bytes:
    """A picture of several megabytes."""
    buffer = BytesIO()
    Image.frombytes("RGB", (2_000, 1_500), os.urandom(2_000 * 1_500 * 3)).save(buffer, "PNG", compress_level=0)
    return buffer.getvalue()


def test_clients_that_send_a_byte_now_and_then_are_closed_and_delay_nobody(site):
    before = _open_files(site)
    with clients(site, 250, HEAD) as in_head, clients(site, 250, BODY) as in_body:
        _assert_all_pages_answer(site)
        open_ones = in_head + in_body

        def are_all_closed() -> bool:
            """Send one more byte to each; those that the server has closed drop out."""
            open_ones[:] = [each for each in open_ones if _still_takes(each)]
            return not open_ones

        assert soon(are_all_closed), f"{len(open_ones)} are still open"
    _assert_all_pages_answer(site)
    assert soon(lambda: _open_files(site) < before + 50)


def _still_takes(connection: socket.socket) -> bool:
    try:
        connection.send(b"a")
        return connection.recv(1, socket.MSG_DONTWAIT | socket.MSG_PEEK) != b""
    except BlockingIOError:
        return True
    except OSError:
        return False


def test_slow_readers_of_a_large_answer_delay_nobody(tmp_path):
    settings = {"MAX_CONTENT_LENGTH": "40MB", "PAGE_CACHE_SECONDS": "0"}
    with new_site(tmp_path, f"sqlite:///{tmp_path / 'madang.db'}", **settings) as site:
        site.open()
        (ann,) = site.people("ann")
        sent = ann.send_picture(_noise())
        assert sent.status == 201, sent.text
        address = next(word for word in sent.text.split('"') if word.startswith("/files/"))
        request = f"GET {address} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".encode()
        with clients(site, 60, request) as readers:
            for reader in readers:
                assert reader.recv(BYTES_READ).startswith(b"HTTP/1.1 200")
            _assert_all_pages_answer(site)
            question = {"board": "qa", "title": "Is anybody slow?", "body": "Sixty of you read a picture.", "tags": ""}
            assert ann.post("/posts/new", **question).status == 302


def test_a_thousand_streams_that_are_opened_and_dropped_leave_nothing(site):
    people = site.people(*(f"member{number}" for number in range(10)))
    before = _open_files(site)
    for _round in range(10):
        with ExitStack() as stack:
            for person in people:
                request = f"GET /events HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: {person.cookie}\r\n\r\n".encode()
                for stream in stack.enter_context(clients(site, 10, request)):
                    assert stream.recv(12) == b"HTTP/1.1 200"
    assert soon(lambda: _open_files(site) < before + 50)
    _assert_all_pages_answer(site)
    with people[0].listening():
        _assert_all_pages_answer(site)
