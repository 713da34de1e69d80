"""Serialisation of rows to JSON: field selection, ETags, If-Match and If-None-Match."""

import json
from collections.abc import Sequence
from functools import lru_cache
from hashlib import blake2b
from typing import Any

from flask import Response, request
from markupsafe import Markup
from sqlalchemy import Row
from werkzeug.http import parse_etags

from madang.core.errors import InvalidInput, MadangError
from madang.core.i18n import _
from madang.core.web.fragment_cache import cached_markup

from .access import JSON, READ_METHODS
from .pagination import Page, PageResult, next_cursor, next_link
from .schemas import Schema

FIELDS = "fields"
Fields = frozenset[str] | None


class PreconditionFailed(MadangError):
    code = "precondition_failed"
    status = 412


@lru_cache(maxsize=1024)
def dumper(schema: type[Schema]) -> Schema:
    """Return the shared instance of a schema: creating one costs more than using it."""
    return schema()


def chosen_fields(schema: type[Schema]) -> Fields:
    """Return the fields that the query selects; None for all of them. Raises `InvalidInput` (fields)."""
    text = request.args.get(FIELDS)
    if text is None:
        return None
    chosen, known = frozenset(text.split(",")), dumper(schema).fields
    if not chosen <= known.keys():
        raise InvalidInput(_("There are only these fields: %(fields)s.", fields=", ".join(known)), field=FIELDS)
    return chosen


def _dump_cached(shape: tuple[type[Schema], tuple[str, ...]], row: Row) -> str:
    try:
        return cached_markup((shape, tuple(row)), lambda: Markup(_dump(shape[0], row, None)))  # noqa: S704  (JSON)
    except TypeError:  # a row with a list or an object is not hashable
        return _dump(shape[0], row, None)


def dump_all(schema: type[Schema], subjects: Sequence[Any], chosen: Fields) -> str:
    """Serialise objects of one kind to JSON, separated by commas.

    The JSON of a whole row is cached by its values, which must be all that its schema reads. A selection of fields is
    not cached: there are thousands of them, and each entry would hold the whole row.
    """
    if chosen is None and subjects and isinstance(subjects[0], Row):
        shape = (schema, subjects[0]._fields)
        return ",".join([_dump_cached(shape, row) for row in subjects])
    return ",".join([_dump(schema, subject, chosen) for subject in subjects])


def _dump(schema: type[Schema], subject: object, chosen: Fields) -> str:
    values = dumper(schema).dump(subject)
    if chosen is not None:
        values = {name: value for name, value in values.items() if name in chosen}
    return json.dumps(values, ensure_ascii=False, separators=(",", ":"))


def show_one(schema: type[Schema], subject: object, status: int = 200) -> Response:
    """Return the response with `subject` as JSON and its ETag."""
    chosen = chosen_fields(schema) if request.method in READ_METHODS else None
    body = dump_all(schema, (subject,), chosen).encode()
    response = Response(body, status, mimetype=JSON)
    response.headers["ETag"] = f'"{tag_of(subject, body)}"'
    return response


def show_list(schema: type[Schema], page: Page, result: PageResult) -> Response:
    """Return the response with a page of a list as JSON, with its ETag and the link to the next page."""
    chosen = chosen_fields(schema)
    cursor = next_cursor(page, result.next_key)
    items = dump_all(schema, result.rows, chosen)
    body = f'{{"items":[{items}],"next_cursor":{json.dumps(cursor)}}}'.encode()
    response = Response(body, mimetype=JSON)
    response.headers["ETag"] = f'"{tag_of(None, body)}"'
    if cursor:
        response.headers["Link"] = next_link(cursor)
    return response


def tag_of(subject: object, body: bytes) -> str:
    """Return the ETag of a response: a hash of its body, after the version of a subject that has one."""
    digest = blake2b(body, digest_size=9).hexdigest()
    version = getattr(subject, "version", None)
    return digest if version is None else f"{version}-{digest}"


def require_unchanged(schema: type[Schema], subject: object) -> None:
    """Raise `PreconditionFailed` if `If-Match` is sent and names no current tag of `subject` (RFC 9110).

    For a subject with versions a tag of the same version is enough: a new vote or view does not prevent an edit.
    Nothing matches a `subject` that is None: the address shows nothing yet.

    Two kinds of routes call it and are marked `if_match`, and no others (`tests/api/test_authorisation.py`):

    - every PATCH;
    - every PUT and DELETE at or below the address of one post, comment, board, tag, account or managed group
      (`/posts/7`, `/posts/7/pin`, `/admin/tags/yard/synonyms/garden`), with the subject that this address shows. Only
      what is the caller's own there does not count: `vote`, `follow`, `flag`, `deletion-request`, `save`, `block`.
    """
    if "If-Match" not in request.headers:
        return
    tags = request.if_match
    if subject is not None and (tags.star_tag or _current_tag(schema, subject) in tags.as_set()):
        return
    version = getattr(subject, "version", None)
    if version is None or not any(sent.partition("-")[0] == str(version) for sent in tags.as_set()):
        raise PreconditionFailed(
            _("Someone has changed this since you fetched it. Please fetch it again and merge your changes.")
        )


def _current_tag(schema: type[Schema], subject: object) -> str:
    return tag_of(subject, _dump(schema, subject, None).encode())


def make_conditional(response: Response) -> Response:
    """Turn the response into a 304 without a body if `If-None-Match` names its tag (RFC 9110)."""
    tag = response.headers.get("ETag")
    if tag is None or request.method not in READ_METHODS or "If-None-Match" not in request.headers:
        return response
    tags = parse_etags(request.headers["If-None-Match"])
    if tags.star_tag or tags.contains_weak(tag.strip('"')):
        response.status_code = 304
        response.set_data(b"")
        del response.headers["Content-Type"], response.headers["Content-Length"]
    return response
