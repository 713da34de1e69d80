"""The id of a request: the lines of its log, an API response and the page of an unexpected error name it."""

import re
import secrets

import structlog
from flask import g, request

REQUEST_ID = "X-Request-ID"


def request_id() -> str:
    """Return the id of this request: from the caller's header if it is a plain word, else a random one."""
    if "request_id" not in g:
        sent = request.headers.get(REQUEST_ID, "")
        g.request_id = sent if re.fullmatch(r"[\w.:-]{1,100}", sent, re.ASCII) else secrets.token_hex(8)
    return g.request_id


def start_log_context() -> None:
    """Give the lines that this thread logs from now on the id of this request, and no actor until one is known."""
    structlog.contextvars.bind_contextvars(request_id=request_id(), actor=None)
