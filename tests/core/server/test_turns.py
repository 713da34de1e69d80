"""Turns of requests with a long body or a file: a thread is left for pages, clients alternate, too many are refused."""

import asyncio
import threading
from collections.abc import Callable
from io import BytesIO

import pytest

from madang.core.server.clients import Clients
from madang.core.server.gateway import Gateway
from madang.core.server.turns import LONG_BODY_BYTES, MAX_REQUESTS, Turns, has_file
from madang.core.server.wsgi_adapter import WsgiAdapter
from tests.asgi import ask, run
from tests.timing import TIMEOUT_SECONDS

LONG = str(LONG_BODY_BYTES + 1).encode()


def new_turns() -> Turns:
    return Turns(at_once=1, clients=Clients(session_cookie="session"))


def scope(*headers: tuple[bytes, bytes], method: str = "POST", path: str = "/preview", ip: str = "192.0.2.1") -> dict:
    return {
        "type": "http", "method": method, "path": path, "query_string": b"", "http_version": "1.1",
        "headers": list(headers), "client": (ip, 1), "server": ("h", 80),
    }  # fmt: skip


def session(name: bytes, length: bytes = LONG) -> list[tuple[bytes, bytes]]:
    return [(b"content-length", length), (b"cookie", b"theme=dark; session=" + name)]


def of_account(turns: Turns, number: int, *headers: tuple[bytes, bytes], length: bytes = LONG) -> dict:
    """A request of an account whose session the application has accepted before."""
    request_scope = scope(*session(b"%d" % number, length), *headers)
    turns.clients.learn(request_scope, number)
    return request_scope


@pytest.mark.parametrize(
    ("request_scope", "waits"),
    [
        (scope((b"content-length", LONG)), True),
        (scope((b"content-length", LONG), method="PUT"), True),
        (scope((b"transfer-encoding", b"chunked")), True),
        (scope((b"content-length", str(LONG_BODY_BYTES).encode())), False),
        (scope((b"content-length", b"")), False),
        (scope((b"content-length", b"-99999")), False),
        (scope((b"content-length", LONG), method="GET"), False),
        (scope(), False),
    ],
)
def test_requests_with_a_long_body_take_turns(request_scope: dict, waits: bool):
    async def can_both_run() -> bool:
        turns = new_turns()
        other_scope = {**request_scope, "client": ("::2", 1)}
        async with turns.place(request_scope) as first, turns.place(other_scope) as second, first(False):
            try:
                async with asyncio.timeout(0.05), second(False):
                    return True
            except TimeoutError:
                return False

    assert asyncio.run(can_both_run()) is not waits


def test_clients_alternate_and_each_keeps_its_order():
    """Ann sends three at once before Bob sends one: his is the second."""
    order: list[str] = []

    async def one(turns: Turns, name: str, account: int) -> None:
        async with turns.place(of_account(turns, account)) as turn:
            assert turn is not None
            async with turn(False):
                order.append(name)
                await asyncio.sleep(0)

    async def all_of_them() -> None:
        turns = new_turns()
        names = [("ann 1", 1), ("ann 2", 1), ("ann 3", 1), ("bob 1", 2)]
        await asyncio.gather(*(one(turns, name, account) for name, account in names))
        assert not turns._locks and not turns._counts, "clients are forgotten"

    asyncio.run(all_of_them())
    assert order == ["ann 1", "bob 1", "ann 2", "ann 3"]


def _token(spelling: bytes) -> dict:
    return scope((b"content-length", LONG), (b"authorization", spelling), path="/api/v1/preview")


@pytest.mark.parametrize(
    ("known", "requests"),
    [
        (True, [scope(*session(b"a"), ip=f"192.0.2.{number}") for number in range(5)]),
        (True, [scope(*session(b"%d" % number)) for number in range(5)]),
        (True, [_token(b"Bearer a"), _token(b"bEARER a"), _token(b"Bearer   a"), scope(*session(b"a")), _token(b"T")]),
        (False, [scope(*session(b"junk%d" % number)) for number in range(5)]),
        (False, [_token(b"Bearer %d" % number) for number in range(5)]),
        (False, [scope(*session(b"%d" % number), ip=f"2001:db8::{number}") for number in range(5)]),
        (False, [scope((b"content-length", LONG)) for _number in range(5)]),
    ],
    ids=["session", "sessions", "spellings", "junk cookies", "junk tokens", "one IPv6 network", "nothing"],
)
def test_a_client_with_too_many_is_refused_and_others_are_not(known: bool, requests: list[dict]):
    """An account is one client however it proves itself; what the application has not accepted is an address."""

    async def places() -> list[bool]:
        turns, entered = new_turns(), []
        for request_scope in requests if known else ():
            turns.clients.learn(request_scope, 7)
        others = [of_account(turns, 8), scope((b"content-length", LONG), ip="198.51.100.1")]
        assert MAX_REQUESTS == 4
        places = [turns.place(each) for each in [*requests, *others]]
        for place in places:
            entered.append(await place.__aenter__() is not None)
        for place in places:
            await place.__aexit__(None, None, None)
        async with turns.place(requests[0]) as again:
            entered.append(again is not None)
        return entered

    assert asyncio.run(places()) == [True, True, True, True, False, True, True, True]


def test_credentials_that_are_no_longer_accepted_are_an_address():
    clients, ended = Clients(session_cookie="session"), scope(*session(b"a"))
    clients.learn(ended, 7)
    assert clients.client_of(ended) == 7
    clients.learn(ended, None)
    assert clients.client_of(ended) == "192.0.2.1"


def test_a_header_without_credentials_is_of_no_account():
    clients = Clients(session_cookie="session")
    clients.learn(scope((b"cookie", b"theme=dark")), 7)
    assert clients.client_of(scope()) == "192.0.2.1"


@pytest.mark.parametrize(
    ("proxies", "forwarded", "client"),
    [
        (0, b"203.0.113.9", "192.0.2.1"),
        (1, b"10.0.0.1, 203.0.113.9", "203.0.113.9"),
        (2, b"203.0.113.9, 10.0.0.1", "203.0.113.9"),
        (2, b"203.0.113.9", "192.0.2.1"),
        (1, b"2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
    ],
)
def test_an_address_is_the_one_that_the_configured_proxies_forward(proxies: int, forwarded: bytes, client: str):
    clients = Clients(session_cookie="session", proxies=proxies)
    assert clients.client_of(scope((b"x-forwarded-for", forwarded))) == client


def test_the_application_says_whose_a_session_is(app, ann, visitor):
    gateway = Gateway(app)
    clients = gateway.pages.application.turns.clients
    cookie = ann.client.get_cookie(app.config["SESSION_COOKIE_NAME"])
    headers = {"Cookie": f"{cookie.key}={cookie.value}"}
    asked = {"type": "http", "path": "/", "headers": [(b"cookie", headers["Cookie"].encode())], "client": ("::1", 1)}
    assert clients.client_of(asked) == "::/64"
    run(ask(gateway, "/", headers=headers))
    assert clients.client_of(asked) == ann.id


FORM = (b"content-type", b"multipart/form-data; boundary=b")
PICTURE = b'--b\r\nContent-Disposition: form-data; name="file"; filename="a.png"\r\n\r\n...\r\n--b--'


@pytest.mark.parametrize(
    ("body", "found"),
    [
        (PICTURE, True),
        (PICTURE.replace(b"filename", b"FileName"), True),
        (PICTURE.replace(b'filename="a.png"', b"filename=a.png"), True),
        (PICTURE.replace(b'filename="a.png"', b"filename*=utf-8''a.png"), True),
        (PICTURE.replace(b'filename="a.png"', b'filename="""'), False),
        (PICTURE.replace(b"a.png", b""), False),
        (PICTURE.replace(b"a.png", b"") + PICTURE, True),
        (PICTURE.replace(b'; filename="a.png"', b""), False),
        (b"", False),
    ],
)
def test_a_file_is_found_in_the_body(body: bytes, found: bool):
    """What is not found is processed at once, if no other picture is (`PictureProcess.encode`)."""
    stream = BytesIO(body)
    assert has_file(stream) is found
    assert stream.read() == body


@pytest.mark.parametrize(("first_has_file", "second_has_file"), [(True, False), (False, True)])
def test_texts_and_pictures_do_not_wait_for_each_other(first_has_file: bool, second_has_file: bool):
    async def can_both_run(other: bool) -> bool:
        turns = new_turns()
        places = turns.place(of_account(turns, 1, FORM)), turns.place(of_account(turns, 2, FORM))
        async with places[0] as first, places[1] as second, first(first_has_file):
            try:
                async with asyncio.timeout(0.05), second(other):
                    return True
            except TimeoutError:
                return False

    assert asyncio.run(can_both_run(second_has_file))
    assert not asyncio.run(can_both_run(first_has_file))


def test_a_short_form_waits_only_with_a_file():
    short = session(b"a", b"200")

    async def can_both_run(other_has_file: bool) -> bool:
        turns = new_turns()
        async with turns.place(scope(*short, FORM)) as first, turns.place(scope(*short, FORM)) as other, first(True):
            try:
                async with asyncio.timeout(0.05), other(other_has_file):
                    return True
            except TimeoutError:
                return False

    assert asyncio.run(can_both_run(False))
    assert not asyncio.run(can_both_run(True))


def test_pictures_leave_all_threads_for_pages():
    """One picture is at work and three wait; two other requests run at the same time."""
    both_run, release = threading.Barrier(2), threading.Event()

    def application(environ: dict, start: Callable) -> list[bytes]:
        if environ["PATH_INFO"] == "/files":
            release.wait(TIMEOUT_SECONDS)
        else:
            both_run.wait(TIMEOUT_SECONDS)
        start("200 OK", [])
        return [environ["wsgi.input"].read()]

    async def picture() -> dict:
        return {"type": "http.request", "body": PICTURE, "more_body": False}

    async def main() -> list[bytes]:
        turns = new_turns()
        adapter = WsgiAdapter(application, threads=2, max_body_bytes=1_000_000, turns=turns)
        sent: list[dict] = []

        async def send(message: dict) -> None:
            sent.append(message)

        asked = [of_account(turns, number, FORM, length=b"%d" % len(PICTURE)) for number in range(1, 5)]
        pictures = [asyncio.create_task(adapter({**each, "path": "/files"}, picture, send)) for each in asked]
        async with asyncio.timeout(TIMEOUT_SECONDS):
            await asyncio.gather(*(adapter(scope(method="GET", path="/"), _body, _ignore) for _ in range(2)))
        assert not sent
        release.set()
        await asyncio.gather(*pictures)
        return [message["body"] for message in sent if "body" in message]

    assert asyncio.run(main()) == [PICTURE] * 4


async def _never() -> dict:
    await asyncio.Event().wait()
    return {}


async def _body() -> dict:
    return {"type": "http.request", "body": b"x" * 20_000, "more_body": False}


async def _ignore(_message: dict) -> None: ...


def test_long_requests_of_many_leave_a_thread_for_pages():
    """Eight long requests wait; a page is answered meanwhile, and a body that never comes holds no turn."""
    release, running = threading.Event(), []

    def application(environ: dict, start: Callable) -> list[bytes]:
        if environ["PATH_INFO"] == "/preview":
            running.append(environ["HTTP_COOKIE"])
            release.wait(TIMEOUT_SECONDS)
        start("200 OK", [])
        return [b"page"]

    async def main() -> bytes:
        turns = new_turns()
        adapter = WsgiAdapter(application, threads=2, max_body_bytes=1_000_000, turns=turns)
        sent: list[dict] = []

        async def send(message: dict) -> None:
            sent.append(message)

        slow = asyncio.create_task(adapter(of_account(turns, 9), _never, _ignore))
        await asyncio.sleep(0)
        long = [asyncio.create_task(adapter(of_account(turns, n), _body, _ignore)) for n in range(1, 9)]
        async with asyncio.timeout(TIMEOUT_SECONDS):
            while not running:
                await asyncio.sleep(0.01)
            await adapter(scope(method="GET", path="/"), _body, send)
        assert len(running) == 1
        release.set()
        await asyncio.gather(*long)
        slow.cancel()
        return sent[-1]["body"]

    assert asyncio.run(main()) == b"page"
    assert len(running) == 8


@pytest.mark.parametrize(
    ("path", "kind"), [("/posts/preview", "text/html"), ("/api/v1/preview", "application/problem+json")]
)
def test_a_refused_request_is_answered_with_429(app, ann, monkeypatch, path: str, kind: str):
    monkeypatch.setattr("madang.core.server.turns.MAX_REQUESTS", 0)
    cookie = ann.client.get_cookie(app.config["SESSION_COOKIE_NAME"])
    headers = {"Cookie": f"{cookie.key}={cookie.value}", "Content-Length": LONG.decode()}
    (answer,) = run(ask(Gateway(app), path, method="POST", headers=headers))
    assert (answer.status, answer.header("retry-after")) == (429, "5")
    assert answer.header("content-type").startswith(kind)
    assert "Please try again in 5 seconds" in answer.text
