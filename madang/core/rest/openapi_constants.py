"""Texts of the OpenAPI document: statuses, security schemes, headers, shared parameters, path parameters."""

from typing import Any

from .auth import ADMIN, MESSAGES, READ, WRITE
from .idempotency import KEY

JsonObject = dict[str, Any]  # an object of the document: its shape varies with the key

STATUS_CODES = {
    400: ("BadRequest", "What was sent cannot be read.", "bad_request"),
    401: ("Unauthorized", "Nobody is logged in, or the token is of no use.", "not_logged_in"),
    403: ("Forbidden", "The caller may not do this.", "forbidden"),
    404: ("NotFound", "There is nothing here, or nothing that the caller may see.", "not_found"),
    406: ("NotAcceptable", "The caller accepts no JSON.", "not_acceptable"),
    409: ("Conflict", "It does not fit what has happened meanwhile.", "conflict"),
    410: ("Gone", "It was public once, and has been deleted.", "gone"),
    412: ("PreconditionFailed", "It has changed since the caller read it.", "precondition_failed"),
    413: ("TooLarge", "More was sent than may be sent at once.", "http_413"),
    415: ("UnsupportedMediaType", "The body is of a kind that is not read here.", "unsupported_media_type"),
    422: ("Unprocessable", "Some of it is not right; `errors` says what.", "invalid_input"),
    429: ("TooManyRequests", "Too often; `Retry-After` says how long to wait.", "rate_limited"),
    503: ("Unavailable", "The site is busy; please try again.", "http_503"),
}
SECURITY = {
    "bearer": {
        "type": "http",
        "scheme": "bearer",
        "description": f"An access token, or a personal token with `{READ}`, `{WRITE}`, `{MESSAGES}`, `{ADMIN}`.",
    },
    "basic": {"type": "http", "scheme": "basic", "description": "Name and password, where API_BASIC_AUTH is on."},
    "session": {"type": "apiKey", "in": "cookie", "name": "madang_session", "description": "The browser's session."},
    "csrf": {
        "type": "apiKey",
        "in": "header",
        "name": "X-CSRFToken",
        "description": "The token of the page, beside the session, on whatever writes.",
    },
}
HEADERS: dict[str, JsonObject] = {
    "ETag": {
        "description": "Changes when what is shown changes.",
        "schema": {"type": "string", "examples": ['"3-9f2c"']},
    },
    "Link": {
        "description": "The next page (RFC 8288).",
        "schema": {"type": "string", "examples": ['<...>; rel="next"']},
    },
    "Location": {
        "description": "Where the new thing is read.",
        "schema": {"type": "string", "examples": ["/api/v1/posts/12"]},
    },
}
PARAMETERS: dict[str, JsonObject] = {
    "IfNoneMatch": {
        "in": "header",
        "name": "If-None-Match",
        "required": False,
        "description": "The `ETag` of the copy that the caller has; 304 if it is still right.",
        "schema": {"type": "string", "example": '"3-9f2c"'},
    },
    "IfMatch": {
        "in": "header",
        "name": "If-Match",
        "required": False,
        "description": "The `ETag` of what the caller read; 412 if it has changed since.",
        "schema": {"type": "string", "example": "*"},
    },
    "IdempotencyKey": {
        "in": "header",
        "name": KEY,
        "required": False,
        "description": "A word of the caller's own: the same one with the same body is done once, for a day.",
        "schema": {"type": "string", "minLength": 1, "maxLength": 200, "example": "0f8c6a1e-question"},
    },
}
PATH_EXAMPLES = {"username": "ann", "name": "python", "slug": "qa", "place": "post"}
PATH_DESCRIPTIONS = {
    "username": "The username, in any case.",
    "name": "The tag's name.",
    "slug": "The board's word in addresses.",
    "place": "Where it is written: `post`, `answer:12` (the question) or `edit:12:3` (the post and its version).",
}
