"""The head of a request has a bound; what comes after it has the bounds of bodies."""

import asyncio

import pytest
import uvicorn

from madang.core.server.asgi import Application
from madang.core.server.http_protocol import MAX_HEAD_BYTES, BoundedHttpProtocol
from tests.timing import TIMEOUT_SECONDS

START = b"GET /a HTTP/1.1\r\nHost: h\r\n"
LINES = {
    "many headers": (START + b"a:\r\n" * 5_000, False),
    "one header again and again": (START + b"cookie: a=b\r\n" * 5_000, False),
    "a long header": (START + b"a: " + b"x" * MAX_HEAD_BYTES + b"\r\n", False),
    "a long name": (START + b"x" * MAX_HEAD_BYTES + b":\r\n", False),
    "a long address": (b"GET /" + b"a" * MAX_HEAD_BYTES + b" HTTP/1.1\r\nHost: h\r\n", False),
    "long cookies": (START + b"cookie: " + b"a" * 40_000 + b"\r\n", True),
    "some headers": (START + b"a: b\r\n" * 200, True),
    "a long body": (b"POST /a HTTP/1.1\r\nHost: h\r\nContent-Length: 300000\r\n", True),
}


class Transport(asyncio.Transport):
    """Collects what is written."""

    def __init__(self) -> None:
        super().__init__()
        self.written, self.is_closed = b"", False

    def write(self, data: bytes) -> None:
        self.written += data

    def close(self) -> None:
        self.is_closed = True

    def is_closing(self) -> bool:
        return self.is_closed

    def pause_reading(self) -> None: ...

    def resume_reading(self) -> None: ...


def _connect(application: Application) -> tuple[BoundedHttpProtocol, Transport]:
    """A connection to a server of `application`."""
    config = uvicorn.Config(application, log_level="critical", http=BoundedHttpProtocol)
    config.load()
    protocol, transport = BoundedHttpProtocol(config, uvicorn.Server(config).server_state, {}), Transport()
    protocol.connection_made(transport)
    return protocol, transport


def _send(*chunks: bytes) -> tuple[list[str], Transport]:
    """Send the chunks on one connection; the paths of the requests that reached the application."""
    paths: list[str] = []

    async def application(scope, receive, send) -> None:
        paths.append(scope["path"])
        while (await receive()).get("more_body"):
            pass
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"0")]})
        await send({"type": "http.response.body", "body": b""})

    async def main() -> Transport:
        protocol, transport = _connect(application)
        for chunk in chunks:
            if not transport.is_closed:
                protocol.data_received(chunk)
                await asyncio.sleep(0)
        while protocol.tasks:
            await asyncio.sleep(0)
        was_closed = transport.is_closed
        protocol.connection_lost(None)
        transport.is_closed = was_closed
        return transport

    return paths, asyncio.run(main())


@pytest.mark.parametrize("size", [1_000, 10**9], ids=["in pieces", "at once"])
@pytest.mark.parametrize(("head", "is_accepted"), LINES.values(), ids=LINES.keys())
def test_a_long_head_is_refused(head: bytes, is_accepted: bool, size: int):
    content = head + b"\r\n" + (b"x" * 300_000 if b"POST" in head else b"")
    paths, transport = _send(*(content[start : start + size] for start in range(0, len(content), size)))
    assert paths == (["/a"] if is_accepted else [])
    assert transport.written.startswith(b"HTTP/1.1 200" if is_accepted else b"HTTP/1.1 400")
    assert transport.is_closed is not is_accepted


def test_a_head_that_does_not_end_is_refused():
    paths, transport = _send(START + b"a: ", *[b"x" * 10_000] * 20)
    assert paths == []
    assert transport.written.startswith(b"HTTP/1.1 400")


def test_a_request_may_follow_a_long_body_in_the_same_data():
    post = b"POST /a HTTP/1.1\r\nHost: h\r\nContent-Length: 200000\r\n\r\n" + b"x" * 200_000
    paths, transport = _send(post + START, b"\r\n")
    assert paths == ["/a", "/a"]
    assert not transport.is_closed


def test_each_request_of_a_connection_has_its_own_bound():
    paths, transport = _send(*[START + b"cookie: " + b"a" * 40_000 + b"\r\n\r\n"] * 3)
    assert paths == ["/a"] * 3
    assert transport.written.count(b"HTTP/1.1 200") == 3


GET = START + b"\r\n"


def _stop(*chunks: bytes, then: bytes = b"") -> tuple[list[bytes], bool]:
    """Send the chunks, stop the server, and send `then`: the responses, and whether the connection closes."""

    async def application(scope, receive, send) -> None:
        await receive()
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"0")]})
        await send({"type": "http.response.body", "body": b""})

    async def main() -> Transport:
        protocol, transport = _connect(application)
        for chunk in chunks:
            protocol.data_received(chunk)
            while protocol.tasks:
                await asyncio.sleep(0)
        protocol.shutdown()
        if then:
            protocol.data_received(then)
            while protocol.tasks:
                await asyncio.sleep(0)
        else:
            async with asyncio.timeout(TIMEOUT_SECONDS):
                while not transport.is_closed:
                    await asyncio.sleep(0.01)
        was_closed = transport.is_closed
        protocol.connection_lost(None)
        transport.is_closed = was_closed
        return transport

    transport = asyncio.run(main())
    return [b"HTTP" + part for part in transport.written.split(b"HTTP")[1:]], transport.is_closed


@pytest.mark.parametrize("chunks", [(), (GET,), (GET, GET)], ids=["new", "idle", "used again"])
def test_when_the_server_stops_a_connection_is_closed(chunks: tuple[bytes, ...]):
    answers, is_closed = _stop(*chunks)
    assert (len(answers), is_closed) == (len(chunks), True)


@pytest.mark.parametrize("chunks", [(), (GET,)], ids=["new", "idle"])
def test_what_was_sent_while_the_server_stops_is_answered_before_the_connection_is_closed(chunks: tuple[bytes, ...]):
    answers, is_closed = _stop(*chunks, then=GET)
    assert (len(answers), is_closed) == (len(chunks) + 1, True)
