"""Rules of usernames: allowed characters, length, and names that are read as something else."""

import re
import unicodedata
from collections.abc import Collection
from itertools import pairwise

from madang.core.actor import HANDLE
from madang.core.names import NAME_MARKS, is_name_character

from .claims import claims_role
from .look_alikes import spellings
from .name_endings import bases_of
from .scripts import looks_like_ascii, mixes_scripts
from .top_level_domains import TOP_LEVEL_DOMAINS

MIN_USERNAME, MIN_CJK_USERNAME, MAX_USERNAME = 3, 2, 30
CJK = re.compile(
    "[\u1100-\u11ff\u3005-\u3007\u3041-\u30ff\u3131-\u318e\u31f0-\u31ff\u3400-\u9fff\ua960-\ua97c\uac00-\ud7fb"
    "\uf900-\ufaff\uff66-\uff9d\uffa1-\uffdc\U00020000-\U0003ffff]"
)
# What programs link as a web address: `www.`, or a top-level domain, before its end or a letter of another script.
WEB_ADDRESS = re.compile(rf"www\.|.*\.(?:{'|'.join(TOP_LEVEL_DOMAINS)})(?![a-z0-9])")


def username_problem(name: str, names: Collection[str] = ()) -> str | None:
    """Why `name` cannot be a username, or None if it can. `names` are the `name_keys` of the site and of staff.

    One of too_short, too_long, bad_characters, bad_start, bad_end, repeated_marks, like_number, like_handle,
    like_address, reserved, mixed_scripts, like_ascii.
    """
    if not least_length(name) <= len(name) <= MAX_USERNAME:
        return "too_short" if len(name) <= MAX_USERNAME else "too_long"
    if not all(is_name_character(character) for character in name):
        return "bad_characters"
    if is_mark(name[0]) or unicodedata.category(name[0])[0] == "M":
        return "bad_start"
    if is_mark(name[-1]):
        return "bad_end"
    if any(is_mark(first) and is_mark(second) for first, second in pairwise(name)):
        return "repeated_marks"
    if is_number(name) or any(map(is_handle, (name, *bases_of(name)))):
        return "like_number" if is_number(name) else "like_handle"
    if is_web_address(name):
        return "like_address"
    if claims_role(name, names):
        return "reserved"
    if mixes_scripts(name):
        return "mixed_scripts"
    return "like_ascii" if looks_like_ascii(name) else None


def least_length(name: str) -> int:
    """The least length of a username; names in Hangul, Han and Kana are short."""
    return MIN_CJK_USERNAME if CJK.search(name) else MIN_USERNAME


def is_number(name: str) -> bool:
    """Whether a name is only digits, of any script: it reads as the id of an account."""
    return all(unicodedata.category(character) == "Nd" for character in name)


def is_handle(name: str) -> bool:
    """Whether a name reads as the handle of a new guest. They begin with a digit, which few names of people do."""
    handles = (spelling.upper() for spelling in spellings(name))
    return any(HANDLE.fullmatch(handle) and handle[0].isdigit() for handle in handles)


def is_web_address(name: str) -> bool:
    """Whether programs would link a name as a web address: `login.evil.com`, `www.evil`."""
    return WEB_ADDRESS.match(name.casefold()) is not None


def is_mark(character: str) -> bool:
    """Whether the character is one of the separators `_ . -`."""
    return character in NAME_MARKS
