"""Headers of every API response: Vary, X-Request-ID, rate limits, CORS."""

from flask import Flask, Response, current_app, request
from flask_cors import CORS

from madang.core.web.caching import is_cacheable_for_visitors
from madang.core.web.constants import API
from madang.core.web.request_id import REQUEST_ID, request_id

from .access import rate_headers
from .idempotency import KEY, REPLAYED

EXPOSED = ("ETag", "Link", "Location", "RateLimit", "RateLimit-Policy", "Retry-After", REPLAYED, REQUEST_ID)
VARY = ("Accept-Language", "Authorization", "Cookie")
ALLOWED = ("Accept", "Accept-Language", "Authorization", "Content-Type", KEY, "If-Match", "If-None-Match", REQUEST_ID)


def init_app(app: Flask) -> None:
    app.after_request(_add_headers)
    if origins := app.config["API_CORS_ORIGINS"]:
        # Without cookies: pages of other sites must authenticate by a token.
        CORS(app, resources={f"{API}*": {"origins": list(origins)}}, allow_headers=ALLOWED, expose_headers=EXPOSED)


def _add_headers(response: Response) -> Response:
    if not request.path.startswith(API):
        return response
    # Besides what CORS says: with several origins it says "Origin" where it allows one, and nothing where it does not.
    response.vary.update((*VARY, "Origin") if current_app.config["API_CORS_ORIGINS"] else VARY)
    is_cached = is_cacheable_for_visitors(response) and current_app.config["PAGE_CACHE_SECONDS"]
    if not is_cached:  # a cached response carries nothing that belongs to a single request
        response.headers[REQUEST_ID] = request_id()
        response.headers.update(rate_headers())
    return response
