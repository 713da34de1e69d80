"""From rows to JSON: whole or only some fields, with a tag that changes when what is shown does."""

import json
from collections.abc import Iterable, Sequence
from functools import lru_cache
from hashlib import blake2b
from typing import Any

from flask import Response, request
from markupsafe import Markup
from sqlalchemy import Row
from werkzeug.http import parse_etags

from madang.core.errors import InvalidInput, MadangError
from madang.core.i18n import _
from madang.core.web.fragment_cache import kept

from .auth import JSON, READING
from .paging import Page, PageResult, next_cursor, next_link
from .schemas import Schema

FIELDS = "fields"
Chosen = frozenset[str] | None


class PreconditionFailed(MadangError):
    code = "precondition_failed"
    status = 412


@lru_cache(maxsize=1024)
def dumper(schema: type[Schema]) -> Schema:
    """An instance of a schema that shows things; making one costs more than using it."""
    return schema()


def chosen_fields(schema: type[Schema]) -> Chosen:
    """The fields that the query wants; None for all of them. Raises `InvalidInput` (fields)."""
    written = request.args.get(FIELDS)
    if written is None:
        return None
    wished = frozenset(written.split(","))
    unknown = sorted(wished - dumper(schema).fields.keys())
    if unknown:
        known = ", ".join(dumper(schema).fields)
        raise InvalidInput(_("There are only these fields: %(fields)s.", fields=known), field=FIELDS)
    return wished


def _written_once(shape: tuple[type[Schema], tuple[str, ...]], row: Row) -> str:
    try:
        return kept((shape, tuple(row)), lambda: Markup(_written(shape[0], row, None)))  # noqa: S704  (JSON)
    except TypeError:  # a row that holds a list or an object cannot be a key
        return _written(shape[0], row, None)


def written(schema: type[Schema], things: Sequence[Any], chosen: Chosen) -> str:
    """Things of one kind as JSON, with commas between them. A row is written once for its values, which must be all
    that its schema looks at.

    Some fields of a row are not kept: there are thousands of choices, and each would hold on to the whole row.
    """
    if chosen is None and things and isinstance(things[0], Row):
        shape = (schema, things[0]._fields)
        return ",".join([_written_once(shape, row) for row in things])
    return ",".join([_written(schema, thing, chosen) for thing in things])


def _written(schema: type[Schema], thing: Any, chosen: Chosen) -> str:
    shown = dumper(schema).dump(thing)
    if chosen is not None:
        shown = {name: value for name, value in shown.items() if name in chosen}
    return json.dumps(shown, ensure_ascii=False, separators=(",", ":"))


def show_one(schema: type[Schema], thing: Any, status: int = 200) -> Response:
    """The answer that shows `thing`."""
    chosen = chosen_fields(schema) if request.method in READING else None
    body = written(schema, (thing,), chosen).encode()
    response = Response(body, status, mimetype=JSON)
    response.headers["ETag"] = f'"{tag_of(thing, body)}"'
    return response


def show_list(schema: type[Schema], page: Page, found: PageResult) -> Response:
    """The answer that shows a page of a list."""
    chosen = chosen_fields(schema)
    cursor = next_cursor(page, found.next_key)
    items = written(schema, found.rows, chosen)
    body = f'{{"items":[{items}],"next_cursor":{json.dumps(cursor)}}}'.encode()
    response = Response(body, mimetype=JSON)
    response.headers["ETag"] = f'"{tag_of(None, body)}"'
    if cursor:
        response.headers["Link"] = next_link(cursor)
    return response


def tag_of(thing: Any, body: bytes) -> str:
    """A tag of what is shown. What has versions begins its tag with it: only that counts for an edit."""
    digest = blake2b(body, digest_size=9).hexdigest()
    version = getattr(thing, "version", None)
    return digest if version is None else f"{version}-{digest}"


def require_unchanged(schema: type[Schema], thing: Any) -> None:
    """Refuse an edit of what has changed since the caller read it, where `If-Match` says what that was (RFC 9110).

    For what has versions another version counts; a new vote or view does not stand in the way of new words.
    """
    if "If-Match" not in request.headers:
        return
    asked = request.if_match
    tag = tag_of(thing, _written(schema, thing, None).encode())
    if asked.star_tag or tag in asked.as_set():
        return
    version = getattr(thing, "version", None)
    if version is None or not any(given.partition("-")[0] == str(version) for given in asked.as_set()):
        raise PreconditionFailed(
            _("Somebody changed this since you read it. Please read it again, and bring both together.")
        )


def answer_unchanged(response: Response) -> Response:
    """304 without a body where the caller has just this already."""
    tag = response.headers.get("ETag")
    if tag is None or request.method not in READING or "If-None-Match" not in request.headers:
        return response
    given = parse_etags(request.headers["If-None-Match"])
    if given.star_tag or given.contains_weak(tag.strip('"')):
        response.status_code = 304
        response.set_data(b"")
        del response.headers["Content-Type"], response.headers["Content-Length"]
    return response


def names_of(schemas: Iterable[type[Schema]]) -> frozenset[str]:
    """The names that these schemas read."""
    return frozenset(name for schema in schemas for name in dumper(schema).load_fields)
