"""Problem details (RFC 9457): the form of every error of the API."""

import json

from flask import Response

from madang.core.errors import BadRequest, Conflict, Forbidden, Gone, NotFound

# The codes of errors that Flask raises: a status has one code, whoever raises it.
CODES = {error.status: error.code for error in (BadRequest, Forbidden, NotFound, Gone, Conflict)}


def problem(status: int, title: str, detail: str, code: str = "", **members: object) -> Response:
    """Return problem details (RFC 9457) with a stable `code`, and those of `members` that are not empty."""
    code = code or CODES.get(status, f"http_{status}")
    body = {"type": "about:blank", "title": title, "status": status, "detail": detail, "code": code}
    body.update({name: value for name, value in members.items() if value})
    return Response(json.dumps(body, ensure_ascii=False), status, mimetype="application/problem+json")
