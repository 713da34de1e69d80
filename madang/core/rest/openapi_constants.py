"""Texts of the OpenAPI document: statuses, security schemes, headers, shared parameters, path parameters."""

from typing import Any

from .access import ADMIN, MESSAGES, READ, WRITE
from .idempotency import KEY

JsonObject = dict[str, Any]  # an object of the document: its shape varies with the key

STATUS_CODES = {
    400: ("BadRequest", "What was sent cannot be read.", "bad_request"),
    401: ("Unauthorized", "Nobody is logged in, or the token is invalid.", "not_logged_in"),
    403: ("Forbidden", "The caller may not do this.", "forbidden"),
    404: ("NotFound", "There is nothing here, or nothing that the caller may see.", "not_found"),
    406: ("NotAcceptable", "The caller accepts no JSON.", "not_acceptable"),
    409: ("Conflict", "It conflicts with the current state.", "conflict"),
    410: ("Gone", "It was public once, and has been deleted.", "gone"),
    412: ("PreconditionFailed", "It has changed since the caller read it.", "precondition_failed"),
    413: ("TooLarge", "The request is too large.", "http_413"),
    415: ("UnsupportedMediaType", "The media type of the body is not supported.", "unsupported_media_type"),
    422: ("Unprocessable", "Some fields are invalid; `errors` names them.", "invalid_input"),
    429: ("TooManyRequests", "Too many requests; `Retry-After` says how long to wait.", "rate_limited"),
    503: ("Unavailable", "The site is busy, or `not_set_up` yet; please try again.", "http_503"),
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
        "description": "The CSRF token of the page, with the session, for requests that write.",
    },
}


def _header(description: str, example: str) -> JsonObject:
    return {"description": description, "schema": {"type": "string", "examples": [example]}}


def _parameter(name: str, description: str, **schema: object) -> JsonObject:
    schema = {"type": "string", **schema}
    return {"in": "header", "name": name, "required": False, "description": description, "schema": schema}


HEADERS = {
    "ETag": _header("Changes when the response changes.", '"3-9f2c"'),
    "Link": _header("The next page (RFC 8288).", '<...>; rel="next"'),
    "Location": _header("The URL of the new resource.", "/api/v1/posts/12"),
}
PARAMETERS = {
    "IfNoneMatch": _parameter(
        "If-None-Match", "The `ETag` of the caller's copy; 304 if it is still current.", example='"3-9f2c"'
    ),
    "IfMatch": _parameter("If-Match", "The `ETag` of what the caller read; 412 if it has changed since.", example="*"),
    "IdempotencyKey": _parameter(
        KEY,
        "A key of the caller's choice: a request with the same key and body is executed once within a day.",
        minLength=1,
        maxLength=200,
        example="0f8c6a1e-question",
    ),
}
PATH_EXAMPLES = {"username": "ann", "name": "python", "slug": "qa", "place": "post"}
PATH_DESCRIPTIONS = {
    "username": "The username, in any case.",
    "name": "The tag's name.",
    "slug": "The board's word in addresses.",
    "place": "Where it is written: `post`, `answer:12` (the question) or `edit:12:3` (the post and its version).",
}
