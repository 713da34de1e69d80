"""Ids in URLs and forms: non-negative integers that fit a signed 64-bit column."""

import re

from werkzeug.routing import IntegerConverter, Map

from madang.core.errors import NotFound

MAX_ID = 2**63 - 1


def _digits_up_to(largest: int) -> str:
    """Return a regular expression that matches the numbers from 0 to `largest`, with at most as many digits."""
    digits = str(largest)
    alternatives = [f"[0-9]{{1,{len(digits) - 1}}}", digits]
    for place, digit in enumerate(digits):
        if digit != "0":
            alternatives.append(f"{digits[:place]}[0-{int(digit) - 1}][0-9]{{{len(digits) - place - 1}}}")
    return f"(?:{'|'.join(alternatives)})"


class IdConverter(IntegerConverter):
    """A path segment with an id; a larger number is a 404.

    The regular expression contains the maximum: werkzeug converts the number only after it has checked the method,
    and would answer 405 for a URL that exists for no method.
    """

    regex = _digits_up_to(MAX_ID)

    def __init__(self, map: Map) -> None:
        super().__init__(map, max=MAX_ID)  # for the OpenAPI document


def parse_id(text: str) -> int:
    """Parse an id from a form. Raises `NotFound` for anything that cannot be one."""
    if not re.fullmatch(r"[0-9]{1,19}", text) or int(text) > MAX_ID:
        raise NotFound
    return int(text)
