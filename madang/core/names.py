"""The characters that a username may have; also where a mention of it ends in running text."""

from collections.abc import Iterator
from functools import cache
from itertools import groupby
from unicodedata import category

from .text import PRINTS_NOTHING, without_invisible

NAME_MARKS = "_.-"
CATEGORIES = frozenset({"Lu", "Ll", "Lt", "Lm", "Lo", "Mn", "Mc", "Nd"})
LAST_LETTER = 0x40000  # all letters and vowel signs of Unicode are in its first planes


def is_name_character(character: str) -> bool:
    """Whether the character is a letter (or vowel sign) or decimal digit of any script, or one of `_ . -`."""
    if PRINTS_NOTHING.match(character):
        return False
    return character in NAME_MARKS or category(character) in CATEGORIES


def _ranges(characters: str) -> Iterator[str]:
    for _distance, run in groupby(enumerate(characters), lambda pair: ord(pair[1]) - pair[0]):
        letters = [character for _index, character in run]
        yield f"{letters[0]}-{letters[-1]}"


@cache
def letters_of_names() -> str:
    """The letters, vowel signs and digits of usernames, for a class of a regular expression."""
    characters = (chr(code) for code in range(LAST_LETTER))
    return "".join(_ranges(without_invisible("".join(each for each in characters if category(each) in CATEGORIES))))
