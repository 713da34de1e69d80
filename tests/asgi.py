"""A minimal ASGI client: calls an application without a server."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

Message = dict[str, Any]

LOCALHOST = ("127.0.0.1", 50000)


@dataclass
class AsgiResponse:
    """A response. Its status is 0 if the application sent none; `error` is the exception that it raised."""

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
    """Encode headers, with a default host."""
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
    **more: object,
) -> AsgiResponse:
    """Send one request. An exception of the application becomes a 500, as in a server."""
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
    return await _send_request(application, scope)


async def _receive() -> Message:
    return {"type": "http.request", "body": b"", "more_body": False}


async def _send_request(application: Callable[..., Awaitable[None]], scope: Message) -> AsgiResponse:
    response = AsgiResponse()

    async def send(message: Message) -> None:
        if message["type"] == "http.response.start":
            assert response.status == 0, "a response starts once"
            response.status = message["status"]
            response.headers = [(name.decode("latin-1"), value.decode("latin-1")) for name, value in message["headers"]]
        else:
            assert not response.is_whole, "no message after the end"
            response.body += message.get("body", b"")
            response.is_whole = not message.get("more_body", False)

    try:
        await application(scope, _receive, send)
    except Exception as error:
        response.error = error
        response.status = response.status or 500
    return response


def run(*requests: Awaitable[AsgiResponse]) -> list[AsgiResponse]:
    """Run requests at the same time; return their responses."""

    async def together() -> list[AsgiResponse]:
        return list(await asyncio.gather(*requests))

    return asyncio.run(together())
