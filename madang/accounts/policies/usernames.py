"""Rules of names: allowed characters of usernames, reserved names, look-alike names, names that claim to be staff.

Look-alike letters come from the Unicode table of confusables (UTS #39) that the confusable-homoglyphs package carries.
"""

import json
import re
import unicodedata
from functools import cache
from importlib.resources import files
from itertools import pairwise

from madang.core.actor import HANDLE
from madang.core.text import PRINTS_NOTHING, fold, normalized, without_invisible

MIN_USERNAME, MIN_CJK_USERNAME, MAX_USERNAME = 3, 2, 30
CJK = re.compile(
    "[\u1100-\u11ff\u3005-\u3007\u3041-\u30ff\u3131-\u318e\u31f0-\u31ff\u3400-\u9fff\ua960-\ua97c\uac00-\ud7fb"
    "\uf900-\ufaff\uff66-\uff9d\uffa1-\uffdc\U00020000-\U0003ffff]"
)
RESERVED = frozenset(
    {"about", "account", "accounts", "admin", "administrator", "anonymous", "api", "auth", "boards", "bot"}
    | {"complete", "deleted"}
    | {"everyone", "feed", "guest", "help", "here", "info", "login", "logout", "madang", "mail", "mailer-daemon", "me"}
    | {"messages", "mod", "moderator", "moderators", "new", "nobody", "noreply", "no-reply", "notifications", "null"}
    | {"official", "operator", "owner", "postmaster", "root", "security", "settings", "setup", "signup", "staff"}
    | {"superuser", "support", "sysop", "system", "undefined", "unknown", "user", "users", "webmaster", "www"}
    | {"deleted-user", "guest-user"}
    | {"공식", "관리자", "마당", "손님", "스태프", "운영", "운영자", "운영진", "탈퇴한회원"}
)
# A word of a name that is one of these, or that contains one of the second list, claims to be staff.
ROLE_WORDS = frozenset(
    {"admin", "admins", "administrator", "administrators", "moderator", "moderators", "mod", "sysop", "webmaster"}
    | {"staff", "superuser"}
)
ROLE_WORDS_WITHIN = (
    *("운영자", "관리자", "운영진", "관리진", "운영팀", "관리팀", "어드민", "모더레이터"),
    *("管理员", "管理員", "管理者", "管理人", "運営"),
)
NOT_IN_WORDS = re.compile(r"[\W_]+")
DIGITS_AROUND = re.compile(r"^\d+|\d+$")
GUEST_NAME = re.compile(r"(?:guest|손님)\s*[a-z0-9]{6}")
DOT_ABOVE = "\u0307"  # casefolding leaves it behind a Turkish capital I
DIRECTION_MARK = "\u200e"
# Look-alikes within ASCII; UTS #39 folds them only by way of capitals.
ASCII_TWINS = {"i": "l", "1": "l", "|": "l", "0": "o", "m": "rn", "ĸ": "k"}
SMALL_CAPITAL = re.compile(r"LATIN LETTER SMALL CAPITAL ([A-Z])")


def username_problem(name: str) -> str | None:
    """Why `name` cannot be a username, or None if it can.

    One of too_short, too_long, bad_characters, bad_start, bad_end, repeated_marks, like_number, like_handle, reserved.
    """
    if not least_length(name) <= len(name) <= MAX_USERNAME:
        return "too_short" if len(name) <= MAX_USERNAME else "too_long"
    if not all(is_allowed(character) for character in name):
        return "bad_characters"
    if is_mark(name[0]) or unicodedata.category(name[0])[0] == "M":
        return "bad_start"
    if is_mark(name[-1]):
        return "bad_end"
    if any(is_mark(first) and is_mark(second) for first, second in pairwise(name)):
        return "repeated_marks"
    if is_number(name) or is_handle(name):
        return "like_number" if is_number(name) else "like_handle"
    return "reserved" if claims_role(name) else None


def least_length(name: str) -> int:
    """The least length of a username; names in Hangul, Han and Kana are short."""
    return MIN_CJK_USERNAME if CJK.search(name) else MIN_USERNAME


def is_number(name: str) -> bool:
    """Whether a name is only digits, of any script: it reads as the id of an account."""
    return all(unicodedata.category(character) == "Nd" for character in name)


def is_handle(name: str) -> bool:
    """Whether a name reads as the handle of a new guest. They begin with a digit, which few names of people do."""
    handle = fold(name).upper()
    return bool(HANDLE.fullmatch(handle)) and handle[0].isdigit()


def is_allowed(character: str) -> bool:
    """Whether the character is a letter (or vowel sign) or decimal digit of any script, or one of `_ . -`."""
    if PRINTS_NOTHING.match(character):
        return False
    return is_mark(character) or unicodedata.category(character) in ("Lu", "Ll", "Lt", "Lm", "Lo", "Mn", "Mc", "Nd")


def is_mark(character: str) -> bool:
    """Whether the character is one of the separators `_ . -`."""
    return character in "_.-"


def skeleton(name: str) -> str:
    """The key that names are compared by: equal for names that differ only in case or in look-alike letters.

    `i`, `l` and `1` count as one letter, since a capital I looks like an l: Bill and Biil cannot both sign up.
    Characters that print nothing are left out.
    """
    folded = fold(without_invisible(name)).replace(f"i{DOT_ABOVE}", "i")
    alike = "".join(look_alikes().get(character, character) for character in folded)
    alike = normalized(alike.casefold(), "NFKC")
    return "".join(ASCII_TWINS.get(character, character) for character in alike)


def name_key(name: str) -> str:
    """The key by which names are compared with those of staff: a skeleton without accents and of letters and digits
    only, so that neither spaces, marks nor pictures between them make a difference. Empty for a name without any.
    """
    letters = normalized(skeleton(name), "NFKD")
    return skeleton("".join(character for character in letters if unicodedata.category(character)[0] in "LN"))


def claims_role(name: str) -> bool:
    """Whether a name says that its owner is staff, the site, a guest or a deleted account."""
    key = name_key(name)
    if key in reserved_keys() or any(word in key for word in role_keys_within()):
        return True
    folded = fold(without_invisible(name))
    words = (name_key(DIGITS_AROUND.sub("", word)) for word in NOT_IN_WORDS.split(folded))
    return bool(GUEST_NAME.fullmatch(folded)) or not role_keys().isdisjoint(words)


@cache
def reserved_keys() -> frozenset[str]:
    """The keys of the reserved names."""
    return frozenset(map(name_key, RESERVED))


@cache
def role_keys() -> frozenset[str]:
    """The keys of the words that claim a role."""
    return frozenset(map(name_key, ROLE_WORDS))


@cache
def role_keys_within() -> tuple[str, ...]:
    """The keys of the words that claim a role also as a part of another word."""
    return tuple(map(name_key, ROLE_WORDS_WITHIN))


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
