"""Clean the text that people send: Unicode normalisation, control characters, slugs, tags, keys for comparison."""

import re
from unicodedata import category, combining, normalize

MAX_LINE = 10_000
MAX_SLUG = 80
MAX_TAG = 30
MAX_INITIAL = 12

C0_CONTROLS = "\x00-\x08\x0b\x0c\x0e-\x1f\x7f"
CONTROLS = re.compile(f"[{C0_CONTROLS}]")
SURROGATES = re.compile("[\ud800-\udfff]")
BIDI_CONTROLS = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
ZERO_WIDTH = re.compile("[\u200b\u2060\ufeff]")
BLANK_LETTERS = " \u115f\u1160\u2800\u3164\uffa0"  # a name of only these would be invisible
# Normalisation is quadratic in the length of a run of accents, so a run longer than any language's is cut (UAX #15,
# "stream-safe text"). Some letters are accents only after decomposition.
ACCENTS = "".join(letter for letter in map(chr, range(0x300, 0x1F000)) if combining(normalize("NFKD", letter)[0]))
MAX_ACCENTS = 30
TOO_MANY_ACCENTS = re.compile(f"([{ACCENTS}]{{{MAX_ACCENTS}}})[{ACCENTS}]+")
LINE_BREAKS = re.compile("[\\s\x85\u2028\u2029]+")
NOT_IN_SLUG = re.compile(r"[\W_]+")
NOT_IN_TAG = re.compile(r"[^\w+#.-]|_")
# What extends a character (grapheme cluster): joiners, variation selectors, skin tones, tags; flags are two letters.
EXTENDS = re.compile("[\u200d\ufe0e\ufe0f\U0001f3fb-\U0001f3ff\U000e0020-\U000e007f]")
REGIONAL = re.compile("[\U0001f1e6-\U0001f1ff]")
JOINER = "\u200d"


def well_formed(text: str) -> str:
    """Replace lone surrogates, which cannot be encoded, by U+FFFD."""
    return SURROGATES.sub("\ufffd", text)


def fold(text: str) -> str:
    """`text` for comparison of spellings: NFKC, case folded."""
    return normalize("NFKC", normalize("NFKC", text).casefold())


def clean_line(text: str) -> str:
    """Clean a one-line field: NFC, white space collapsed and trimmed, no control characters, no bidirectional marks
    (they can make one name look like another). Cut at MAX_LINE characters, which no field accepts, to bound the time.
    """
    visible = ZERO_WIDTH.sub("", BIDI_CONTROLS.sub("", clean_body(text[:MAX_LINE])))
    return LINE_BREAKS.sub(" ", visible).strip(BLANK_LETTERS)


def clean_body(text: str) -> str:
    """Clean a multi-line text: NFC, `\\n` line ends, no control characters but tabs, no lone surrogates, at most
    MAX_ACCENTS accents on a letter.

    Leading spaces stay: in Markdown four of them mean code.
    """
    text = well_formed(text).replace("\r\n", "\n").replace("\r", "\n")
    text = TOO_MANY_ACCENTS.sub(r"\1", CONTROLS.sub("", text))
    return normalize("NFC", text).lstrip("\n").rstrip()


def slugify(title: str) -> str:
    """A title as a URL slug: letters and digits of any script in lower case, joined by hyphens."""
    words = NOT_IN_SLUG.sub("-", normalize("NFC", SURROGATES.sub("", title)).lower()).strip("-")
    return cut_at_hyphen(words, MAX_SLUG)


def cut_at_hyphen(words: str, length: int) -> str:
    """Cut a slug to `length` characters, at a hyphen if it has one."""
    if len(words) <= length:
        return words
    whole, _, _ = words[: length + 1].rpartition("-")
    return whole or words[:length]


def normalize_tag(text: str) -> str | None:
    """A tag's stored form (`Visual Studio` -> `visual-studio`, `C++` -> `c++`); None for an invalid one."""
    tag = re.sub(r"[\s-]+", "-", normalize("NFC", clean_line(text).lower())).strip("-")
    fits = 1 <= len(tag) <= MAX_TAG and not NOT_IN_TAG.search(tag)
    return tag if fits and any(character.isalnum() for character in tag) else None


def email_key(address: str) -> str:
    """The key by which mail addresses are compared."""
    return fold(address).strip()


def initial(name: str) -> str:
    """The first grapheme cluster of a name, for a drawn avatar: an emoji or accented letter stays whole."""
    name = clean_line(name)
    end = 1
    while end < min(len(name), MAX_INITIAL) and extends_previous(name, end):
        end += 1
    return name[:end].upper() if len(name[:end].upper()) == len(name[:end]) else name[:end]


def extends_previous(text: str, position: int) -> bool:
    character, previous = text[position], text[position - 1]
    if position == 1 and REGIONAL.match(previous) and REGIONAL.match(character):
        return True
    return previous == JOINER or bool(EXTENDS.match(character)) or category(character) in ("Mn", "Me", "Mc")
