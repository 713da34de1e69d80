"""What callers send, read strictly; what is wrong comes back with its field's name."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any, NoReturn, TypeVar

from flask import current_app
from marshmallow import RAISE, ValidationError
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
    """webargs' parser with our JSON and our errors."""

    DEFAULT_UNKNOWN_BY_LOCATION = {**FlaskParser.DEFAULT_UNKNOWN_BY_LOCATION, "json": RAISE, "files": RAISE}

    def load_json(self, req: Any, schema: Any) -> Any:
        body = req.get_data(cache=True)
        if (body or req.mimetype) and not is_json_request(req):
            raise UnsupportedMediaType(_("Please send JSON, with the header “Content-Type: application/json”."))
        if len(body) > current_app.config["MAX_FORM_MEMORY_SIZE"]:
            raise RequestEntityTooLarge  # as for a form: only a picture is larger
        return parse_json(body)

    def load_files(self, req: Any, schema: Any) -> Any:
        if req.mimetype != "multipart/form-data":
            raise UnsupportedMediaType(_("Please send the file in a form, as multipart/form-data."))
        return super().load_files(req, schema)

    def handle_error(self, error: ValidationError, req: Any, schema: Any, **_options: Any) -> NoReturn:
        messages: Any = error.messages
        raise InvalidInput(
            fields=dict(_flat(next(iter(messages.values())) if isinstance(messages, dict) else messages))
        )


def _flat(messages: Any, path: str = "") -> Iterator[tuple[str, str]]:
    """marshmallow's tree of messages as sentences by `field`, `field.part` or `field.0`."""
    if isinstance(messages, Mapping):
        for name, inner in messages.items():
            at = path if name == "_schema" else f"{path}.{name}".strip(".")
            yield from _flat(inner, at)
    elif isinstance(messages, list):
        yield path, " ".join(_(str(message)) for message in messages)
    else:
        yield path, _(str(messages))


parser = Parser()


def named(field: str, name: str, get: Callable[[str], T]) -> T:
    """What `get` finds by the `name` that a field carries. Raises `InvalidInput` (the field) where it is not there."""
    try:
        return get(name)
    except NotFound:
        raise InvalidInput(_("There is none of this name."), field=field) from None
