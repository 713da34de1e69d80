"""What may be a username, and when two of them are too alike.

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
# Hangul and Khmer fillers are letters to Unicode and nothing to the eye.
INVISIBLE_LETTERS = frozenset("\u115f\u1160\u17b4\u17b5\u3164\uffa0")
DOT_ABOVE = "\u0307"  # casefolding leaves it behind a Turkish capital I
DIRECTION_MARK = "\u200e"
# Letters that the eye takes for each other within ASCII; UTS #39 folds them only by way of capitals.
ASCII_TWINS = {"i": "l", "1": "l", "|": "l", "0": "o", "m": "rn", "ĸ": "k"}
SMALL_CAPITAL = re.compile(r"LATIN LETTER SMALL CAPITAL ([A-Z])")


def username_problem(name: str) -> str | None:
    """Why `name` cannot be a username: too_short, too_long, bad_characters, bad_start, bad_end, repeated_marks,
    reserved; None where it can.
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
    """Letters (with the vowel signs that some scripts write as marks) and decimal digits of any script, and `_ . -`."""
    if character in INVISIBLE_LETTERS:
        return False
    return is_mark(character) or unicodedata.category(character) in ("Lu", "Ll", "Lt", "Lm", "Lo", "Mn", "Mc", "Nd")


def is_mark(character: str) -> bool:
    return character in "_.-"


def skeleton(name: str) -> str:
    """The key by which names are compared: equal for names that differ in case or in look-alike letters only.

    Every `i`, `l`, `1` is one letter here, as a capital I is an l to the eye: Bill and Biil cannot both sign up.
    """
    folded = fold(name).replace(f"i{DOT_ABOVE}", "i")
    alike = "".join(look_alikes().get(character, character) for character in folded)
    alike = unicodedata.normalize("NFKC", alike.casefold())
    return "".join(ASCII_TWINS.get(character, character) for character in alike)


@cache
def reserved_skeletons() -> frozenset[str]:
    return frozenset(map(skeleton, RESERVED))


@cache
def look_alikes() -> dict[str, str]:
    """Character -> the one that stands for all that look like it; characters that stand for themselves are absent."""
    table = confusables()
    chosen = {character: prototype(character, table) for character in table if len(character) == 1}
    return {one: chosen.get(other, other) for one, other in chosen.items() if one != other and not one.isascii()}


def confusables() -> dict[str, list[str]]:
    raw = json.loads(files("confusable_homoglyphs").joinpath("confusables.json").read_text(encoding="utf-8"))
    return {plain(one): [plain(other["c"]) for other in others] for one, others in raw.items()}


def plain(text: str) -> str:
    return text.replace(DIRECTION_MARK, "")


def prototype(character: str, table: dict[str, list[str]]) -> str:
    """The table lists pairs both ways; a source has one partner, a prototype usually many."""
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
