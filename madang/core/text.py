"""Text as people send it, made fit to keep: one form of each letter, nothing unseen, keys to compare names by."""

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
BLANK_LETTERS = " \u115f\u1160\u2800\u3164\uffa0"  # a name of nothing but these would show as nothing
# Normalising takes the square of the length of a run of accents, so a run longer than any language's is cut (UAX #15,
# "stream-safe text"). Some letters are accents only after they are taken apart.
ACCENTS = "".join(letter for letter in map(chr, range(0x300, 0x1F000)) if combining(normalize("NFKD", letter)[0]))
MAX_ACCENTS = 30
TOO_MANY_ACCENTS = re.compile(f"([{ACCENTS}]{{{MAX_ACCENTS}}})[{ACCENTS}]+")
LINE_BREAKS = re.compile("[\\s\x85\u2028\u2029]+")
NOT_IN_SLUG = re.compile(r"[\W_]+")
NOT_IN_TAG = re.compile(r"[^\w+#.-]|_")
# A letter with what belongs to it: accents, a joined emoji, a flag of two letters.
EXTENDS = re.compile("[\u200d\ufe0e\ufe0f\U0001f3fb-\U0001f3ff\U000e0020-\U000e007f]")
REGIONAL = re.compile("[\U0001f1e6-\U0001f1ff]")
JOINER = "\u200d"


def well_formed(text: str) -> str:
    """`text` without halves of UTF-16 pairs, which no encoder takes."""
    return SURROGATES.sub("\ufffd", text)


def fold(text: str) -> str:
    """`text` in the one form by which spellings are compared: NFKC and case folded."""
    return normalize("NFKC", normalize("NFKC", text).casefold())


def clean_line(text: str) -> str:
    """A one-line field: NFC, each run of white space one space, no control characters, no marks that turn the writing
    direction (they can make one name look like another), trimmed. No field takes MAX_LINE characters: what is longer
    is cut, so that it is refused without being worked on.
    """
    visible = ZERO_WIDTH.sub("", BIDI_CONTROLS.sub("", clean_body(text[:MAX_LINE])))
    return LINE_BREAKS.sub(" ", visible).strip(BLANK_LETTERS)


def clean_body(text: str) -> str:
    """A text of many lines: NFC, `\\n` for every line end, no control characters but tabs, no lone surrogates,
    at most MAX_ACCENTS accents on a letter.

    Spaces that begin the first line stay: in Markdown four of them mean code.
    """
    text = well_formed(text).replace("\r\n", "\n").replace("\r", "\n")
    text = TOO_MANY_ACCENTS.sub(r"\1", CONTROLS.sub("", text))
    return normalize("NFC", text).lstrip("\n").rstrip()


def slugify(title: str) -> str:
    """A title for an address: letters and digits of any script in lower case, joined by hyphens."""
    words = NOT_IN_SLUG.sub("-", normalize("NFC", SURROGATES.sub("", title)).lower()).strip("-")
    return cut_at_hyphen(words, MAX_SLUG)


def cut_at_hyphen(words: str, length: int) -> str:
    if len(words) <= length:
        return words
    whole, _, _ = words[: length + 1].rpartition("-")
    return whole or words[:length]


def normalize_tag(text: str) -> str | None:
    """A tag as it is kept (`Visual Studio` -> `visual-studio`, `C++` -> `c++`), or None where it cannot be one."""
    tag = re.sub(r"[\s-]+", "-", normalize("NFC", clean_line(text).lower())).strip("-")
    fits = 1 <= len(tag) <= MAX_TAG and not NOT_IN_TAG.search(tag)
    return tag if fits and any(character.isalnum() for character in tag) else None


def email_key(address: str) -> str:
    """What two spellings of one mail address share."""
    return fold(address).strip()


def initial(name: str) -> str:
    """The first whole character of a name, for a drawn avatar; emoji and accents stay in one piece."""
    name = clean_line(name)
    end = 1
    while end < min(len(name), MAX_INITIAL) and belongs_to_former(name, end):
        end += 1
    return name[:end].upper() if len(name[:end].upper()) == len(name[:end]) else name[:end]


def belongs_to_former(text: str, position: int) -> bool:
    character, former = text[position], text[position - 1]
    if position == 1 and REGIONAL.match(former) and REGIONAL.match(character):
        return True
    return former == JOINER or bool(EXTENDS.match(character)) or category(character) in ("Mn", "Me", "Mc")
