"""Keys by which names are compared: equal for names that look alike.

Look-alike letters come from the Unicode table of confusables (UTS #39) that the confusable-homoglyphs package carries.
"""

import json
import re
import unicodedata
from functools import cache, lru_cache
from importlib.resources import files

from madang.core.text import fold, normalized, without_invisible

DOT_ABOVE = "\u0307"  # casefolding leaves it behind a Turkish capital I
DIRECTION_MARK = "\u200e"
# Look-alikes within ASCII; UTS #39 folds them only by way of capitals.
ASCII_TWINS = {"i": "l", "1": "l", "|": "l", "0": "o", "m": "rn", "ĸ": "k"}
PROTOTYPES_OF_ASCII = {"rn": "m", "ĸ": "k"}  # what UTS #39 takes for the prototypes of m and k
# Letters that look like these within a word; too little alike to keep usernames apart.
ALIKE_IN_WORDS = dict(zip("пмтвΛΔ∆ʌᗩᗪᗰᑎᔕᖴᖇᗴᗷᑌ", "nmtbaaaaadmnsfrebu", strict=True))
KATAKANA = {code: code + 0x60 for code in range(0x3041, 0x3097)}
LATIN = re.compile("[A-Za-z]")
ALIKE_IN_HANGUL = str.maketrans("ㅇㅣㅡ", "ol-")  # beside letters from A to Z
SMALL_CAPITAL = re.compile(r"LATIN LETTER SMALL CAPITAL ([A-Z])")
# The letter that a character is a form of, by its name: ᴀ, đ, ɩ, 🅐, 🅰, 🇦.
FORM_OF_LETTER = re.compile(r".*\b(?:LATIN|REGIONAL INDICATOR SYMBOL) .*?\bLETTER (?:[A-Z]+ )*?([A-Z])(?: WITH .+)?")
LETTER_SYMBOLS = "So"  # the category of letters in circles and squares, and of the letters of flags


def skeleton(name: str) -> str:
    """The key that names are compared by: equal for names that differ only in case or in look-alike letters.

    `i`, `l` and `1` count as one letter, since a capital I looks like an l: Bill and Biil cannot both sign up.
    Characters that print nothing are left out.
    """
    folded = fold(without_invisible(name)).replace(f"i{DOT_ABOVE}", "i")
    alike = "".join(look_alikes().get(character, character) for character in folded)
    alike = normalized(alike.casefold(), "NFKC")
    return "".join(ASCII_TWINS.get(character, character) for character in alike)


def skeletons_alike(name: str) -> list[str]:
    """The skeletons that nobody may have beside `name`: its own, and that of what it looks like with its capitals.

    The second is no part of `skeleton`, by which stored keys and the hashes of retired names are made.
    """
    return list(dict.fromkeys([skeleton(name), skeleton(as_it_looks(name))]))


def as_it_looks(name: str) -> str:
    """`name` with the letters of A to Z that its letters look like as they are written: a Greek `Β` as a B, its small
    letter as itself; small capitals as plain letters (UTS #39 knows only some of them: ᴀ, but not ɴ).
    """
    visible = without_invisible(name)
    if LATIN.search(visible):
        visible = visible.translate(ALIKE_IN_HANGUL)
    return "".join(map(_letter_seen, visible))


def _letter_seen(character: str) -> str:
    if character.isascii():
        return character
    if form := SMALL_CAPITAL.fullmatch(unicodedata.name(character, "")):
        return form[1]
    alike = look_alikes().get(character, character)
    return alike if alike.isascii() else character


def name_keys(name: str) -> frozenset[str]:
    """The keys by which names are compared with those of staff and of the site, without spaces. See `spellings`."""
    return frozenset(letter_key(spelling) for spelling in spellings(name))


def letter_key(spelling: str) -> str:
    """A spelling without spaces, with one letter for those that look alike within ASCII."""
    return "".join(ASCII_TWINS.get(character, character) for character in spelling if character != " ")


def spellings(name: str) -> frozenset[str]:
    """How a name can be read in plain letters and digits: lower case, without accents, one space between words.

    A capital is read as what it looks like and as its small letter: a Greek `Μ` looks like an M, its `μ` like a u.
    Symbols, numbers in circles and raised letters are read as letters (`🅐dmin`) and as no letters (`Kim 🇰🇷`, `mod™`);
    Hiragana as Katakana.
    """
    visible = without_invisible(name)
    bare = "".join(" " if is_decoration(each) else each for each in visible)
    return frozenset(spelling for each in {visible, bare} for spelling in _spellings(each))


def is_decoration(character: str) -> bool:
    """Whether a character can stand beside letters without being read: a symbol, a number in a circle, a raised letter.

    Normalisation makes letters of many: `™` is TM, `№` is No, `ᴬ` is A.
    """
    if character.isascii():
        return character == "|"
    kind = unicodedata.category(character)
    return kind[0] == "S" or kind in ("No", "Lm")


def _spellings(visible: str) -> frozenset[str]:
    decomposed = normalized(visible, "NFKD")
    letters = "".join(character for character in decomposed if unicodedata.category(character)[0] != "M")
    if letters.isascii():
        return frozenset({_plain_words(letters.lower())})
    letters = normalized(letters, "NFC").translate(KATAKANA)
    without_symbols = "".join(each for each in letters if unicodedata.category(each) != LETTER_SYMBOLS)
    return frozenset(
        _plain_words("".join(map(plain_letter, text)))
        for each in (letters, without_symbols)
        for text in (each, each.casefold())
    )


def _plain_words(text: str) -> str:
    text = normalized(text.casefold(), "NFKC")
    kept = (character if _is_letter_or_digit(character) else " " for character in text if not _is_stroke(character))
    return " ".join("".join(kept).split())


def _is_letter_or_digit(character: str) -> bool:
    return character == "|" or unicodedata.category(character)[0] in "LN"


def _is_stroke(character: str) -> bool:
    """Whether a character lengthens or marks its neighbours: Arabic tatweel, modifier letters such as `ʼ`."""
    return not character.isascii() and unicodedata.category(character) in ("Lm", "Sk", "Mn", "Mc", "Me")


@lru_cache(maxsize=4096)
def plain_letter(character: str) -> str:
    """The ASCII letter or digit that a character is a form of or looks like; else the character itself."""
    if character.isascii():
        return character
    digit = unicodedata.digit(character, None)
    if digit is not None:
        return str(digit)
    if character in ALIKE_IN_WORDS:
        return ALIKE_IN_WORDS[character]
    form = FORM_OF_LETTER.fullmatch(unicodedata.name(character, ""))
    if form:
        return form[1].lower()
    alike = look_alikes().get(character, character)
    return PROTOTYPES_OF_ASCII.get(alike, alike)


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
