"""Texts by language in the bodies of boards and groups: the one in the caller's language, or all by language."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from madang.core.errors import InvalidInput
from madang.core.i18n import current_locale

Payload = dict[str, Any]


def texts_of(payload: Payload, name: str, former: Mapping[str, str]) -> dict[str, str]:
    """The names or descriptions that a body asks for; an empty `name` leaves the board or group without any."""
    if name == "name" and payload.get(name) == "":
        return {}
    in_callers_language = {current_locale(): payload[name]} if name in payload else {}
    return {**former, **payload.get(f"{name}s", {}), **in_callers_language}


@contextmanager
def errors_of_texts(payload: Payload) -> Iterator[None]:
    """Report an error in a text of a language at the field of the body that holds this text."""
    try:
        yield
    except InvalidInput as error:
        fields = {_field_of_text(name, payload): message for name, message in error.fields.items()}
        raise InvalidInput(error.message, fields=fields) from None


def _field_of_text(name: str, payload: Payload) -> str:
    field, _sep, locale = name.partition("_")
    if field not in ("name", "description"):
        return name
    return f"{field}s" if field not in payload and locale in payload.get(f"{field}s", {}) else field
