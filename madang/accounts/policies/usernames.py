"""Rules of usernames: allowed characters, reserved names, and look-alike names.

Look-alike letters come from the Unicode table of confusables (UTS #39) that the confusable-homoglyphs package carries.
"""

import json
import re
import unicodedata
from functools import cache
from importlib.resources import files
from itertools import pairwise

from madang.core.text import fold

MIN_USERNAME, MAX_USERNAME = 3, 30
RESERVED = frozenset(
    {"about", "account", "accounts", "admin", "administrator", "anonymous", "api", "auth", "boards", "bot"}
    | {"complete", "deleted"}
    | {"everyone", "feed", "guest", "help", "here", "info", "login", "logout", "madang", "mail", "mailer-daemon", "me"}
    | {"messages", "mod", "moderator", "moderators", "new", "nobody", "noreply", "no-reply", "notifications", "null"}
    | {"official", "operator", "owner", "postmaster", "root", "security", "settings", "setup", "signup", "staff"}
    | {"superuser", "support", "sysop", "system", "undefined", "unknown", "user", "users", "webmaster", "www"}
    | {"관리자", "운영자", "운영진", "마당"}
)
# Hangul and Khmer fillers: letters in Unicode, but invisible.
INVISIBLE_LETTERS = frozenset("\u115f\u1160\u17b4\u17b5\u3164\uffa0")
DOT_ABOVE = "\u0307"  # casefolding leaves it behind a Turkish capital I
DIRECTION_MARK = "\u200e"
# Look-alikes within ASCII; UTS #39 folds them only by way of capitals.
ASCII_TWINS = {"i": "l", "1": "l", "|": "l", "0": "o", "m": "rn", "ĸ": "k"}
SMALL_CAPITAL = re.compile(r"LATIN LETTER SMALL CAPITAL ([A-Z])")


def username_problem(name: str) -> str | None:
    """Why `name` cannot be a username, or None if it can.

    One of too_short, too_long, bad_characters, bad_start, bad_end, repeated_marks, reserved.
    """
    if not MIN_USERNAME <= len(name) <= MAX_USERNAME:
        return "too_short" if len(name) < MIN_USERNAME else "too_long"
    if not all(is_allowed(character) for character in name):
        return "bad_characters"
    if is_mark(name[0]) or unicodedata.category(name[0])[0] == "M":
        return "bad_start"
    if is_mark(name[-1]):
        return "bad_end"
    if any(is_mark(first) and is_mark(second) for first, second in pairwise(name)):
        return "repeated_marks"
    return "reserved" if skeleton(name) in reserved_skeletons() else None


def is_allowed(character: str) -> bool:
    """Whether the character is a letter (or vowel sign) or decimal digit of any script, or one of `_ . -`."""
    if character in INVISIBLE_LETTERS:
        return False
    return is_mark(character) or unicodedata.category(character) in ("Lu", "Ll", "Lt", "Lm", "Lo", "Mn", "Mc", "Nd")


def is_mark(character: str) -> bool:
    """Whether the character is one of the separators `_ . -`."""
    return character in "_.-"


def skeleton(name: str) -> str:
    """The key that names are compared by: equal for names that differ only in case or in look-alike letters.

    `i`, `l` and `1` count as one letter, since a capital I looks like an l: Bill and Biil cannot both sign up.
    """
    folded = fold(name).replace(f"i{DOT_ABOVE}", "i")
    alike = "".join(look_alikes().get(character, character) for character in folded)
    alike = unicodedata.normalize("NFKC", alike.casefold())
    return "".join(ASCII_TWINS.get(character, character) for character in alike)


@cache
def reserved_skeletons() -> frozenset[str]:
    """The skeletons of the reserved names."""
    return frozenset(map(skeleton, RESERVED))


@cache
def look_alikes() -> dict[str, str]:
    """Character -> the prototype of its look-alikes. Characters that are their own prototype are absent."""
    table = confusables()
    chosen = {character: prototype(character, table) for character in table if len(character) == 1}
    return {one: chosen.get(other, other) for one, other in chosen.items() if one != other and not one.isascii()}


def confusables() -> dict[str, list[str]]:
    """Character -> the characters that look like it, by UTS #39."""
    raw = json.loads(files("confusable_homoglyphs").joinpath("confusables.json").read_text(encoding="utf-8"))
    return {plain(one): [plain(other["c"]) for other in others] for one, others in raw.items()}


def plain(text: str) -> str:
    return text.replace(DIRECTION_MARK, "")


def prototype(character: str, table: dict[str, list[str]]) -> str:
    """The prototype of a character.

    The table lists pairs in both directions; a source has one partner, a prototype usually many.
    """
    small_capital = SMALL_CAPITAL.fullmatch(unicodedata.name(character, ""))
    if small_capital:
        return small_capital[1].lower()
    partners = table[character]
    ascii_partner = next((other for other in partners if len(other) == 1 and other.isascii()), None)
    if ascii_partner:
        return ascii_partner.lower()
    if len(partners) > 1 or partners[0] not in table:
        return character if len(partners) > 1 else partners[0]
    return min(character, partners[0]) if len(table[partners[0]]) == 1 else partners[0]
