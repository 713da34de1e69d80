"""JSON as it is meant: no name twice, no numbers that are none, neither depth nor width that only an attacker needs."""

import json
from collections.abc import Iterable
from itertools import chain
from typing import Any, NoReturn

from madang.core.errors import BadRequest
from madang.core.i18n import _

DEEPEST = 20
MOST_VALUES = 10_000


def parse_json(text: bytes) -> Any:
    """What a JSON text (RFC 8259, UTF-8) says. Raises `BadRequest` with a sentence."""
    try:
        value = json.loads(text.decode(), object_pairs_hook=_object, parse_constant=_refuse_constant)
    except RecursionError:
        raise BadRequest(_deep()) from None
    except ValueError:
        raise BadRequest(_("This is not JSON in UTF-8. Please check commas, quotes and brackets.")) from None
    _check(value)
    return value


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise BadRequest(_("The JSON names something twice. Please name each thing once."))
    return found


def _refuse_constant(name: str) -> NoReturn:
    raise BadRequest(_("%(name)s is no number in JSON.", name=name))


def _check(value: Any) -> None:
    level, count = [value], 0
    for _depth in range(DEEPEST):
        count += len(level)
        if count > MOST_VALUES:
            raise BadRequest(_("The JSON holds too many values."))
        for text in level:
            if isinstance(text, str):
                _check_text(text)
        level = [part for whole in level for part in _inside(whole)]
        if not level:
            return
    raise BadRequest(_deep())


def _inside(whole: Any) -> Iterable[Any]:
    """What stands in a list, or the names and values of an object."""
    if isinstance(whole, dict):
        return chain(whole, whole.values())
    return whole if isinstance(whole, list) else ()


def _check_text(text: str) -> None:
    try:
        text.encode()
    except UnicodeEncodeError:
        raise BadRequest(_("The JSON has half a character: a surrogate without its other half.")) from None


def _deep() -> str:
    return _("The JSON is nested too deeply.")
