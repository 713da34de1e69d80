"""Connections of slow clients are closed, and there is a bound on their number; those that only wait are left alone."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress

import pytest
import uvicorn

from madang.core.server import connections
from madang.core.server.asgi import Receive, Scope, Send
from madang.core.server.connections import SENTENCE, LimitedProtocol, ProxiedProtocol, protocol_for
from tests.timing import TIMEOUT_SECONDS

Peer = tuple[asyncio.StreamReader, asyncio.StreamWriter]
Client = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]
GET = b"GET /quick HTTP/1.1\r\nHost: h\r\n\r\n"
POST = b"POST /quick HTTP/1.1\r\nHost: h\r\nContent-Length: 1000000\r\n\r\n"
LARGE = 30_000_000  # bytes, more than the buffers of the operating system take
SHORT = 0.2


@pytest.fixture(autouse=True)
def short_times(monkeypatch: pytest.MonkeyPatch):
    for name in ("HEAD", "BODY", "READ", "CLOSE"):
        monkeypatch.setattr(connections, f"{name}_SECONDS", SHORT)


async def application(scope: Scope, receive: Receive, send: Send) -> None:
    """/quick reads the body and answers, /slow waits for ten times as long as a client may take, /large is large."""
    while (message := await receive()).get("more_body") and message["type"] != "http.disconnect":
        pass
    size = LARGE if scope["path"] == "/large" else 2
    if scope["path"] == "/slow":
        await asyncio.sleep(10 * SHORT)
    headers = [(b"content-length", str(size).encode())]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": b"x" * size})


@asynccontextmanager
async def serving(protocol: type[LimitedProtocol] = LimitedProtocol) -> AsyncIterator[int]:
    """A server of the application; its port."""
    config = uvicorn.Config(application, log_level="critical", http=protocol, timeout_keep_alive=SHORT)
    config.load()
    state = uvicorn.Server(config).server_state
    server = await asyncio.get_running_loop().create_server(lambda: protocol(config, state, {}), "127.0.0.1")
    async with server:
        yield server.sockets[0].getsockname()[1]
        for each in list(state.connections):
            each.transport.abort()


def in_loop(test: Callable[[], Awaitable[None]]) -> None:
    async def bounded() -> None:
        await asyncio.wait_for(test(), TIMEOUT_SECONDS)

    asyncio.run(bounded())


async def head(reader: asyncio.StreamReader) -> bytes:
    """The head of a response, with its body of two bytes."""
    return await reader.readuntil(b"\r\n\r\n") + await reader.readexactly(2)


async def say_nothing(_reader: asyncio.StreamReader, _writer: asyncio.StreamWriter) -> None: ...


def say(*parts: bytes) -> Client:
    async def say_it(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        for part in parts:
            writer.write(part)
            await writer.drain()
            await asyncio.sleep(0.01)

    return say_it


def after_a_request(then: bytes) -> Client:
    async def ask_first(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(GET)
        assert b" 200 " in await head(reader)
        writer.write(then)

    return ask_first


def drip(start: bytes, drop: bytes) -> Client:
    async def send_bit_by_bit(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(start)
        while not reader.at_eof() and not writer.is_closing():
            writer.write(drop)
            await asyncio.sleep(SHORT / 10)

    return send_bit_by_bit


SLOW = {
    "says nothing": say_nothing,
    "half a line": say(b"GET /qu"),
    "half a head": say(GET[:-2]),
    "blank lines": say(b"\r\n", b"\r\n"),
    "blank lines without end": drip(b"", b"\r\n"),
    "a head without end": drip(b"GET /quick HTTP/1.1\r\n", b"a: b\r\n"),
    "a head letter by letter": drip(b"GET /", b"q"),
    "half a body": say(POST, b"x" * 5_000),
    "no body": say(POST),
    "a body letter by letter": drip(POST, b"x"),
    "a chunked body letter by letter": drip(
        POST.replace(b"Content-Length: 1000000", b"Transfer-Encoding: chunked"), b"1\r\nx\r\n"
    ),
    "nothing after a request": after_a_request(b""),
    "a blank line after a request": after_a_request(b"\r\n"),
    "half a head after a request": after_a_request(GET[:10]),
    "no body after a request": after_a_request(POST),
    "a request and half of another at once": say(GET + GET[:10]),
}


@pytest.mark.parametrize("client", SLOW.values(), ids=SLOW.keys())
def test_a_slow_client_is_closed(client: Client):
    async def test() -> None:
        async with serving() as port:
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            with suppress(ConnectionError):
                await client(reader, writer)
                await reader.read()  # returns at the end of the connection
            writer.close()

    in_loop(test)


async def wait_for_connections(count: int, address: str = "127.0.0.1") -> None:
    while LimitedProtocol._by_address[address] != count:
        await asyncio.sleep(0.01)


@pytest.mark.parametrize("path", [b"/large", b"/large?then=close"])
def test_a_client_that_does_not_read_is_closed(path: bytes):
    async def test() -> None:
        async with serving() as port:
            reader, writer = await asyncio.open_connection("127.0.0.1", port, limit=1_000)
            close = b"Connection: close\r\n" if b"close" in path else b""
            writer.write(b"GET %s HTTP/1.1\r\nHost: h\r\n%s\r\n" % (path, close))
            await wait_for_connections(1)
            await wait_for_connections(0)  # without a read: the end is not seen from here
            received = 0
            with suppress(ConnectionError):
                while piece := await reader.read(1_000_000):
                    received += len(piece)
            assert received < LARGE
            writer.close()

    in_loop(test)


def test_a_slow_answer_keeps_its_connection():
    async def test() -> None:
        async with serving() as port:
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.write(GET.replace(b"/quick", b"/slow"))
            assert b" 200 " in await head(reader)
            writer.close()

    in_loop(test)


def test_a_body_that_comes_steadily_is_taken(monkeypatch):
    monkeypatch.setattr(connections, "MIN_BODY_BYTES", 10)

    async def test() -> None:
        async with serving() as port:
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.write(POST)
            for _piece in range(100):  # ten times as long as a client may say nothing
                writer.write(b"x" * 10_000)
                await asyncio.sleep(SHORT / 10)
            assert b" 200 " in await head(reader)
            writer.close()

    in_loop(test)


async def answers(port: int, address: str = "127.0.0.1") -> str:
    """What a new connection from this address gets: the text of a 200 or 503, or "closed"."""
    try:
        reader, writer = await asyncio.open_connection("127.0.0.1", port, local_addr=(address, 0))
        writer.write(GET.replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n"))
        response = (await reader.read()).decode()
        writer.close()
    except ConnectionError:
        return "closed"
    return response.partition("\r\n\r\n")[2] if response else "closed"


@pytest.mark.parametrize(
    ("protocol", "limit", "is_other_address_served"),
    [(ProxiedProtocol, 8, False), (LimitedProtocol, 32, True)],
    ids=["all connections", "those of one address"],
)
def test_connections_over_the_limit_get_a_sentence_and_then_nothing(
    protocol: type[LimitedProtocol], limit: int, is_other_address_served: bool, monkeypatch
):
    monkeypatch.setattr(connections, "HEAD_SECONDS", TIMEOUT_SECONDS)
    monkeypatch.setattr(connections, "max_connections", lambda: limit)
    monkeypatch.setattr(connections, "MAX_REFUSED", 2)

    async def test() -> None:
        async with serving(protocol) as port:
            assert await answers(port) == "xx"
            held = [await asyncio.open_connection("127.0.0.1", port) for _ in range(8)]
            await wait_for_connections(8)
            assert await answers(port) == SENTENCE
            assert await answers(port, "127.0.0.2") == ("xx" if is_other_address_served else SENTENCE)
            held += [await asyncio.open_connection("127.0.0.1", port) for _ in range(2)]
            await wait_for_connections(10)
            assert await answers(port) == "closed"
            for _reader, writer in held[:3]:
                writer.close()
            await wait_for_connections(7)
            assert await answers(port) == "xx"
            for _reader, writer in held[3:]:
                writer.close()

    in_loop(test)


def test_behind_a_proxy_one_address_may_have_all_connections():
    assert protocol_for(proxies=0).share_of_address < 1
    assert protocol_for(proxies=1).share_of_address == 1
