"""Which letters a username may have beside each other, so that none can be taken for letters of another script.

UTS #39: letters of the recommended scripts (UAX #31, table 5), of one script or of those that are written together
("highly restrictive"), digits of one system, and marks only on letters that have such marks. The scripts come from the
Unicode table that the confusable-homoglyphs package carries.
"""

import json
import unicodedata
from bisect import bisect_right
from functools import cache
from importlib.resources import files
from itertools import pairwise

from madang.core.text import normalized

from .look_alikes import as_it_looks, skeleton

COMMON, INHERITED = "COMMON", "INHERITED"
RECOMMENDED = frozenset(
    {"ARABIC", "ARMENIAN", "BENGALI", "BOPOMOFO", "CYRILLIC", "DEVANAGARI", "ETHIOPIC", "GEORGIAN", "GREEK", "GUJARATI"}
    | {"GURMUKHI", "HAN", "HANGUL", "HEBREW", "HIRAGANA", "KANNADA", "KATAKANA", "KHMER", "LAO", "LATIN", "MALAYALAM"}
    | {"MYANMAR", "ORIYA", "SINHALA", "TAMIL", "TELUGU", "THAANA", "THAI", "TIBETAN"}
)
WRITTEN_TOGETHER = (
    frozenset({"LATIN", "HAN", "HANGUL"}),
    frozenset({"LATIN", "HAN", "HIRAGANA", "KATAKANA"}),
    frozenset({"LATIN", "HAN", "BOPOMOFO"}),
)
LETTERS_WITH_ACCENTS = frozenset({"LATIN", "GREEK", "CYRILLIC"})
LETTERS_WITHOUT_MARKS = frozenset({"HAN", "HANGUL", "BOPOMOFO"})
KANA = frozenset({"HIRAGANA", "KATAKANA"})
LETTERS_OF_ASCII_DIGITS = LETTERS_WITH_ACCENTS | LETTERS_WITHOUT_MARKS | KANA
ACCENTS = range(0x300, 0x370)
SOUND_MARKS = (0x3099, 0x309A)  # of Kana
MAX_MARKS = 4  # on a letter (UTS #39, 5.4)
# Latin letters of phonetic alphabets and old books, which look like others: IPA, Phonetic Extensions, Latin Extended-C
# to E. Some of them are letters of languages.
TECHNICAL = (range(0x250, 0x2B0), range(0x1D00, 0x1DC0), range(0x2C60, 0x2C80), range(0xA720, 0xA800),
             range(0xAB30, 0xAB70))  # fmt: skip
OF_SEVERAL_SCRIPTS = frozenset("ー〆ｰʻʼ")
OF_LANGUAGES = frozenset("əɓɖɗɛɣɔʋɩʊʔ")


def mixes_scripts(name: str) -> bool:
    """Whether a name has letters that are not written beside each other, or letters and marks that no name has."""
    letters = [each for each in name if unicodedata.category(each)[0] == "L"]
    scripts = {script_of(letter) for letter in letters} - {COMMON, INHERITED}
    is_together = len(scripts) < 2 or any(scripts <= together for together in WRITTEN_TOGETHER)
    if not (is_together and scripts <= RECOMMENDED) or any(map(is_technical, letters)):
        return True
    if any(script_of(each) == COMMON and each not in OF_SEVERAL_SCRIPTS for each in letters):
        return True
    return not (_has_digits_of_one_system(name, scripts) and _has_marks_of_its_letters(name))


def looks_like_ascii(name: str) -> bool:
    """Whether a name of another script looks like one of A to Z by its capitals only: `ΒΟΒΒΥ`.

    Its key is made of the small letters, so that it would not be that of its twin.
    """
    looks = as_it_looks(name)
    return not name.isascii() and looks.isascii() and skeleton(looks) != skeleton(name)


def is_technical(letter: str) -> bool:
    return letter not in OF_LANGUAGES and any(ord(letter) in block for block in TECHNICAL)


def _has_digits_of_one_system(name: str, scripts: set[str]) -> bool:
    """Whether all digits are from 0 to 9, full-width ones included, or those of the one script of the name."""
    digits = [each for each in normalized(name, "NFKC") if unicodedata.category(each) == "Nd" and not each.isascii()]
    if not digits:
        return True
    systems = {ord(each) - unicodedata.digit(each) for each in name if unicodedata.category(each) == "Nd"}
    of_scripts = {script_of(each) for each in digits} - {COMMON, INHERITED}
    return len(systems) == 1 and of_scripts <= scripts and not scripts & LETTERS_OF_ASCII_DIGITS


def _has_marks_of_its_letters(name: str) -> bool:
    """Whether each mark stands on a letter that can have it, at most `MAX_MARKS` on one and none twice in a row."""
    base, count, text = "", 0, normalized(name, "NFD")
    if any(one == other and unicodedata.category(one)[0] == "M" for one, other in pairwise(text)):
        return False
    for character in text:
        if unicodedata.category(character)[0] != "M":
            base, count = character, 0
        elif (count := count + 1) > MAX_MARKS or not _can_have(base, character):
            return False
    return True


def _can_have(base: str, mark: str) -> bool:
    script = script_of(base) if base else COMMON
    if script in LETTERS_WITHOUT_MARKS:
        return False
    if ord(mark) in ACCENTS:
        return script in LETTERS_WITH_ACCENTS
    if ord(mark) in SOUND_MARKS:
        return script in KANA
    of_mark = script_of(mark)
    if of_mark == INHERITED:  # Arabic vowel signs, Vedic accents
        return unicodedata.name(mark, "").startswith(script)
    return of_mark == script


def script_of(character: str) -> str:
    """The script of a character in capitals (`LATIN`); `UNKNOWN` for one that the table does not have."""
    starts, ranges = _scripts()
    first, last, script = ranges[bisect_right(starts, ord(character)) - 1]
    return script if first <= ord(character) <= last else "UNKNOWN"


@cache
def _scripts() -> tuple[list[int], list[tuple[int, int, str]]]:
    table = json.loads(files("confusable_homoglyphs").joinpath("categories.json").read_text(encoding="utf-8"))
    names = table["iso_15924_aliases"]
    ranges = sorted(
        (int(first), int(last), names[script]) for first, last, script, _kind in table["code_points_ranges"]
    )
    return [first for first, _last, _script in ranges], ranges
