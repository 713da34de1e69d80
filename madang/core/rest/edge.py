"""What every answer of the API carries, and which pages of other sites may ask."""

import re
import secrets

from flask import Flask, Response, current_app, g, request
from flask_cors import CORS

from madang.core.web.caching import is_for_all
from madang.core.web.constants import API

from .auth import rate_headers
from .idempotency import KEY, REPLAYED

REQUEST_ID = "X-Request-ID"
EXPOSED = ("ETag", "Link", "Location", "RateLimit", "RateLimit-Policy", "Retry-After", REPLAYED, REQUEST_ID)
SENT = ("Accept", "Accept-Language", "Authorization", "Content-Type", KEY, "If-Match", "If-None-Match", REQUEST_ID)


def init_app(app: Flask) -> None:
    app.after_request(_mark)
    if origins := app.config["API_CORS_ORIGINS"]:
        # Without credentials: another site's pages show who calls by a token, never by this site's cookie.
        CORS(app, resources={f"{API}*": {"origins": list(origins)}}, allow_headers=SENT, expose_headers=EXPOSED)


def _mark(response: Response) -> Response:
    if not request.path.startswith(API):
        return response
    response.headers.setdefault("Vary", "Accept-Language, Authorization, Cookie")
    is_kept = is_for_all(response) and current_app.config["PAGE_CACHE_SECONDS"]
    if not is_kept:  # what is kept for others says nothing of this request alone
        response.headers[REQUEST_ID] = request_id()
        response.headers.update(rate_headers())
    return response


def request_id() -> str:
    """The name of this request: the caller's own, where it is a plain word, or a new one."""
    if "request_id" not in g:
        given = request.headers.get(REQUEST_ID, "")
        g.request_id = given if re.fullmatch(r"[\w.:-]{1,100}", given, re.ASCII) else secrets.token_hex(8)
    return g.request_id
