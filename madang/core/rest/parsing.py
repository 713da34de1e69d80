"""Request parsing with webargs: strict JSON and files, with validation errors by field."""

from collections.abc import Callable, Iterator, Mapping
from typing import NoReturn, TypeVar

from flask import Request
from marshmallow import RAISE, Schema, ValidationError
from webargs.flaskparser import FlaskParser, is_json_request
from werkzeug.exceptions import RequestEntityTooLarge

from madang.core.errors import InvalidInput, MadangError, NotFound
from madang.core.i18n import _

from .strict_json import parse_json

T = TypeVar("T")


class UnsupportedMediaType(MadangError):
    code = "unsupported_media_type"
    status = 415


class Parser(FlaskParser):
    """The parser of webargs with `parse_json` and Madang's errors."""

    DEFAULT_UNKNOWN_BY_LOCATION = {**FlaskParser.DEFAULT_UNKNOWN_BY_LOCATION, "json": RAISE, "files": RAISE}

    def load_json(self, req: Request, schema: Schema) -> object:
        body = req.get_data(cache=True)
        if (body or req.mimetype) and not is_json_request(req):
            raise UnsupportedMediaType(_("Please send JSON, with the header “Content-Type: application/json”."))
        if len(body) > (req.max_form_memory_size or 0):
            raise RequestEntityTooLarge  # as for a form; only uploads are larger
        value = parse_json(body)
        if not isinstance(value, dict):
            raise InvalidInput(_no_object_error(value))
        return value

    def load_files(self, req: Request, schema: Schema) -> object:
        if req.mimetype != "multipart/form-data":
            raise UnsupportedMediaType(_("Please send the file in a form, as multipart/form-data."))
        return super().load_files(req, schema)

    def handle_error(self, error: ValidationError, req: Request, schema: Schema, **_options: object) -> NoReturn:
        messages = error.messages
        tree = next(iter(messages.values())) if isinstance(messages, dict) else messages
        raise InvalidInput(fields=dict(_flatten(tree)))


def _flatten(messages: object, path: str = "") -> Iterator[tuple[str, str]]:
    """Flatten marshmallow's tree of messages to pairs of path ("field", "field.part" or "field.0") and sentence."""
    if isinstance(messages, Mapping):
        for name, inner in messages.items():
            yield from _flatten(inner, path if name == "_schema" else f"{path}.{name}".strip("."))
    elif isinstance(messages, list):
        yield path, " ".join(_(str(message)) for message in messages)
    else:
        yield path, _(str(messages))


def _no_object_error(value: object) -> str:
    if isinstance(value, list):
        return _("This is a list. Please send one object, with names and values in braces.")
    return _("Please send an object with names and values.")


parser = Parser()


def find_named(field: str, name: str, get: Callable[[str], T]) -> T:
    """Return `get(name)` for a name from a field. Raises `InvalidInput` (the field) where `get` raises `NotFound`."""
    try:
        return get(name)
    except NotFound:
        raise InvalidInput(_("There is nothing with this name."), field=field) from None
