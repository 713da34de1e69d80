"""A username for a program that registers an account without one."""

import secrets

from madang.core.email_addresses import local_part
from madang.core.errors import Conflict
from madang.core.i18n import _
from madang.core.names import NAME_MARKS, is_name_character

from ..policies.usernames import MAX_USERNAME, is_mark
from .checks import username_error

FALLBACK = "member"
DIGITS_BEHIND = (2, 3, 4, 6, 8)


def username_from(email: str) -> str:
    """A free username made of what stands before the @ of an address and before a + in it, else of `FALLBACK`.

    Digits stand behind it where it is taken or not allowed. The other parts of the address are never used: usernames
    are public.
    """
    bases = [base for base in (_letters_of(local_part(email).partition("+")[0]), FALLBACK) if base]
    for base in bases:
        for name in (base, *(f"{base}{_random_number(digits)}" for digits in DIGITS_BEHIND)):
            if username_error(name) is None:
                return name
    raise Conflict(_("No username is free right now. Please send one."))


def _letters_of(text: str) -> str:
    """The characters of `text` that a username may have, without marks at its ends or beside each other."""
    name = ""
    for character in text:
        if is_name_character(character) and not (is_mark(character) and (not name or is_mark(name[-1]))):
            name += character
    return name[: MAX_USERNAME - max(DIGITS_BEHIND)].rstrip(NAME_MARKS)


def _random_number(digits: int) -> int:
    return 10 ** (digits - 1) + secrets.randbelow(9 * 10 ** (digits - 1))
