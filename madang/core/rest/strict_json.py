"""Strict JSON parsing: no duplicate names, no NaN or Infinity, no lone surrogates, bounded depth and size."""

import json
from collections.abc import Iterable
from itertools import chain
from typing import NoReturn

from madang.core.errors import BadRequest
from madang.core.i18n import _

MAX_DEPTH = 20
MAX_VALUES = 10_000


def parse_json(text: bytes) -> object:
    """Parse a JSON text (RFC 8259, UTF-8). Raises `BadRequest` with a sentence."""
    try:
        value = json.loads(text.decode(), object_pairs_hook=_unique_pairs, parse_constant=_reject_constant)
    except RecursionError:
        raise BadRequest(_too_deep_error()) from None
    except ValueError:
        raise BadRequest(_("This is not valid JSON in UTF-8. Please check commas, quotes and brackets.")) from None
    _check_size(value)
    return value


def _unique_pairs(pairs: list[tuple[str, object]]) -> dict[str, object]:
    values = dict(pairs)
    if len(values) != len(pairs):
        raise BadRequest(_("The JSON contains a duplicate name. Please use each name once."))
    return values


def _reject_constant(name: str) -> NoReturn:
    raise BadRequest(_("%(name)s is not a number in JSON.", name=name))


def _check_size(value: object) -> None:
    level, count = [value], 0
    for _depth in range(MAX_DEPTH):
        count += len(level)
        if count > MAX_VALUES:
            raise BadRequest(_("The JSON holds too many values."))
        for text in level:
            if isinstance(text, str):
                _check_text(text)
        level = [part for whole in level for part in _children(whole)]
        if not level:
            return
    raise BadRequest(_too_deep_error())


def _children(whole: object) -> Iterable[object]:
    """Return the values of a list, or the names and values of an object."""
    if isinstance(whole, dict):
        return chain(whole, whole.values())
    return whole if isinstance(whole, list) else ()


def _check_text(text: str) -> None:
    try:
        text.encode()
    except UnicodeEncodeError:
        raise BadRequest(_("The JSON contains half a character: an unpaired surrogate.")) from None


def _too_deep_error() -> str:
    return _("The JSON is nested too deeply.")
