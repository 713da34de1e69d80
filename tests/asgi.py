"""Call an ASGI application directly, without a server."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

LOCALHOST = ("127.0.0.1", 50000)


@dataclass
class Answered:
    """A response. `status` is 0 if the application has not started one; `error` is the exception that it raised."""

    status: int = 0
    headers: list[tuple[str, str]] = field(default_factory=list)
    body: bytes = b""
    is_whole: bool = False
    error: BaseException | None = None

    @property
    def text(self) -> str:
        return self.body.decode()

    def header(self, name: str) -> str | None:
        return dict(self.headers).get(name.lower())


def _pairs(headers: dict[str, str] | list[tuple[str, str]] | None) -> list[tuple[bytes, bytes]]:
    """Encode headers for the scope; adds a host if there is none."""
    pairs = list(headers.items() if isinstance(headers, dict) else headers or [])
    if "host" not in dict(pairs):
        pairs.append(("host", "yard.example"))
    return [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in pairs]


async def ask(
    application: Callable[..., Awaitable[None]],
    path: str = "/",
    *,
    method: str = "GET",
    query: bytes = b"",
    headers: dict[str, str] | list[tuple[str, str]] | None = None,
    client: tuple[str, int] | None = LOCALHOST,
    scheme: str = "http",
    **more: Any,
) -> Answered:
    """Send one request; an exception is reported as status 500, as a server does."""
    scope = {
        "type": "http",
        "http_version": "1.1",
        "method": method,
        "path": path,
        "query_string": query,
        "headers": _pairs(headers),
        "client": client,
        "server": ("127.0.0.1", 5000),
        "scheme": scheme,
        **more,
    }
    return await _answered(application, scope)


async def _receive() -> dict[str, Any]:
    return {"type": "http.request", "body": b"", "more_body": False}


async def _answered(application: Callable[..., Awaitable[None]], scope: dict[str, Any]) -> Answered:
    answered = Answered()

    async def send(message: dict[str, Any]) -> None:
        if message["type"] == "http.response.start":
            assert answered.status == 0, "a response starts once"
            answered.status = message["status"]
            answered.headers = [(name.decode("latin-1"), value.decode("latin-1")) for name, value in message["headers"]]
        else:
            assert not answered.is_whole, "no message may follow the end of the body"
            answered.body += message.get("body", b"")
            answered.is_whole = not message.get("more_body", False)

    try:
        await application(scope, _receive, send)
    except Exception as error:
        answered.error = error
        answered.status = answered.status or 500
    return answered


def run(*asked: Awaitable[Answered]) -> list[Answered]:
    """Run requests concurrently; returns their responses in order."""

    async def together() -> list[Answered]:
        return list(await asyncio.gather(*asked))

    return asyncio.run(together())
