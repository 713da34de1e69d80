"""The id of a request: the lines of its log and of its jobs, an API response and the page of an error name it."""

import re
import secrets

import structlog
from flask import g, request

REQUEST_ID = "X-Request-ID"
PLAIN_WORD = re.compile(r"[\w.:-]{1,100}", re.ASCII)


def request_id() -> str:
    """Return the id of this request: from the caller's header if it is a plain word, else a random one."""
    if "request_id" not in g:
        g.request_id = id_of_caller(request.headers.get(REQUEST_ID, ""))
    return g.request_id


def id_of_caller(sent: str) -> str:
    """The id that a caller sent if it is a plain word, else a random one."""
    return sent if PLAIN_WORD.fullmatch(sent) else secrets.token_hex(8)


def start_log_context() -> None:
    """Give the lines that this thread logs from now on the id of this request, and no actor until one is known."""
    structlog.contextvars.bind_contextvars(request_id=request_id(), actor=None)
