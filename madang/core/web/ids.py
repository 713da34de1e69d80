"""Numbers in addresses and forms: those that fit the database."""

import re
from typing import Any

from werkzeug.routing import IntegerConverter

from madang.core.errors import NotFound

LARGEST_ID = 2**63 - 1


def _digits_up_to(largest: int) -> str:
    """A regular expression for the numbers from 0 to `largest`, in as many digits as it has or fewer."""
    digits = str(largest)
    ways = [f"[0-9]{{1,{len(digits) - 1}}}", digits]
    for place, digit in enumerate(digits):
        if digit != "0":
            ways.append(f"{digits[:place]}[0-{int(digit) - 1}][0-9]{{{len(digits) - place - 1}}}")
    return f"(?:{'|'.join(ways)})"


class IdConverter(IntegerConverter):
    """A whole number that fits the database's; a larger one is an address that does not exist.

    The expression knows the largest: werkzeug reads the number only after it has looked at the methods, and would
    answer 405 where there is nothing for any of them.
    """

    regex = _digits_up_to(LARGEST_ID)

    def __init__(self, map: Any, *args: Any, **options: Any) -> None:
        super().__init__(map, *args, **{"max": LARGEST_ID, **options})


def parse_id(written: str) -> int:
    """The id that a form names. Raises `NotFound` for what can be none."""
    if not re.fullmatch(r"[0-9]{1,19}", written) or int(written) > LARGEST_ID:
        raise NotFound
    return int(written)
