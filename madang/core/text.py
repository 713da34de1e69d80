"""Clean the text that people send: Unicode normalisation, control characters, slugs, tags."""

import re
from itertools import islice
from typing import Literal
from unicodedata import category, combining, normalize

MAX_LINE = 10_000
MAX_SLUG = 80
MAX_TAG = 50
MAX_INITIAL = 12

C0_CONTROLS = "\x00-\x08\x0b\x0c\x0e-\x1f\x7f"
CONTROLS = re.compile(f"[{C0_CONTROLS}]")
SURROGATES = re.compile("[\ud800-\udfff]")
NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")  # XML 1.0, production 2
# Characters that print nothing: Default_Ignorable_Code_Point (Unicode, DerivedCoreProperties), format characters that
# have no glyph, C1 controls, joiners of single scripts, the null notehead.
IGNORABLE = (
    "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff"
    "\ufff0-\ufffb\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
)
INVISIBLE = f"{IGNORABLE}\x80-\x84\x86-\x9f\u2d7f\U00013430-\U00013442\U0001107f\U00016fe4\U0001d159"
BLANKS = "\u2800\u3164\uffa0"  # print the width of a letter, but nothing in it
PRINTS_NOTHING = re.compile(f"[{INVISIBLE}{BLANKS}]")
# What prints nothing but changes its neighbours: joiners in emoji and in scripts that join letters, variation selectors
# of emoji, ideographs and Mongolian letters, the tags of a flag.
EMOJI = "\u00a9\u00ae\u203c\u2049\u2122\u2139\u2190-\u2bff\u3030\u303d\u3297\u3299\U0001f000-\U0001faff"
IDEOGRAPHS = "\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
JOINING = (
    "\u0600-\u109f\u1780-\u18af\u1a20-\u1c4f\ua800-\ua8ff\ua980-\ua9ff\ufb50-\ufdcf\ufe70-\ufefc\U00010a00-\U00011fff"
)
NEEDED = "|".join(
    (
        f"(?:(?<=[{EMOJI}])|(?<=[{EMOJI}]\ufe0f))\u200d(?=[{EMOJI}])",
        f"(?<=[{EMOJI}])[\ufe0e\ufe0f]",
        "(?<=[#*0-9])\ufe0f(?=\u20e3)",
        f"(?<=[{JOINING}])[\u200c\u200d](?=[{JOINING}])",
        f"(?<=[{IDEOGRAPHS}])[\ufe00-\ufe02\U000e0100-\U000e01ef]",
        "(?<=[\u1800-\u18aa])[\u180b-\u180d\u180f]",
        "(?<=\U0001f3f4)[\U000e0020-\U000e007e]{1,10}\U000e007f",
    )
)
# Blocks of nothing but pictures and ideographs: Python may not know their latest ones.
PROBABLY_PRINTS = re.compile(f"[{EMOJI}{IDEOGRAPHS}]")
# The format characters that print: signs above or around numbers, verses and words.
PRINTING_FORMATS = "\u0600-\u0605\u06dd\u070f\u0890\u0891\u08e2\U000110bd\U000110cd"
PRINTS_AS_FORMAT = re.compile(f"[{PRINTING_FORMATS}]")
LOST = "\ufffc\ufffd"  # an embedded object, a character that could not be read
NOT_NEEDED = re.compile(f"(?P<needed>{NEEDED})|[{INVISIBLE}]")
# Normalisation is quadratic in the length of a run of accents, so a run longer than any language's is cut (UAX #15,
# "stream-safe text"). Some letters are accents only after decomposition.
ACCENTS = "".join(letter for letter in map(chr, range(0x300, 0x1F000)) if combining(normalize("NFKD", letter)[0]))
MAX_ACCENTS = 30
TOO_MANY_ACCENTS = re.compile(f"([{ACCENTS}]{{{MAX_ACCENTS}}})[{ACCENTS}]+")
WHITE_SPACE = re.compile(f"[\\s\x85\u2028\u2029{BLANKS}]+")
NOT_IN_SLUG = re.compile("-+")
TAG_SIGNS = "#＃﹟"
DOT_ABOVE = "\u0307"  # case folding leaves it behind a Turkish capital I
IN_TAGS = "+#.-"
# What extends a character (grapheme cluster): joiners, variation selectors, skin tones, tags; flags are two letters.
EXTENDS = re.compile("[\u200d\ufe0e\ufe0f\U0001f3fb-\U0001f3ff\U000e0020-\U000e007f]")
REGIONAL = re.compile("[\U0001f1e6-\U0001f1ff]")
JOINER = "\u200d"


def well_formed(text: str) -> str:
    """Replace lone surrogates, which cannot be encoded, by U+FFFD."""
    return SURROGATES.sub("\ufffd", text)


def normalized(text: str, form: Literal["NFC", "NFD", "NFKC", "NFKD"] = "NFC") -> str:
    """`text` in a Unicode normalisation form, with at most MAX_ACCENTS accents on a letter to bound the time."""
    return text if text.isascii() else normalize(form, TOO_MANY_ACCENTS.sub(r"\1", text))


def fold(text: str) -> str:
    """`text` for comparison of spellings: NFKC, case folded."""
    return normalized(normalized(text, "NFKC").casefold(), "NFKC")


def clean_line(text: str) -> str:
    """Clean a one-line field: NFC, white space collapsed and trimmed, no control characters, and nothing that does not
    print (it can make one name look like another) but what its neighbours need. Empty if nothing in it prints.

    Cut at MAX_LINE characters, which no field accepts, to bound the time.
    """
    visible = NOT_NEEDED.sub(lambda found: found["needed"] or "", well_formed(text[:MAX_LINE]))
    line = WHITE_SPACE.sub(" ", clean_body(visible)).strip()
    return line if prints(line) else ""


def clean_body(text: str) -> str:
    """Clean a multi-line text: NFC, `\\n` line ends, no control characters but tabs, no lone surrogates, at most
    MAX_ACCENTS accents on a letter. Empty if nothing in it prints.

    Leading spaces stay: in Markdown four of them mean code.
    """
    text = well_formed(text).replace("\r\n", "\n").replace("\r", "\n")
    text = normalized(CONTROLS.sub("", text)).lstrip("\n").rstrip()
    return text if prints(text) else ""


def without_invisible(text: str) -> str:
    """`text` without the characters that print nothing, also where neighbours need them; for names, tags and keys."""
    return PRINTS_NOTHING.sub("", text)


def count_visible(text: str) -> int:
    """The number of characters that print something; marks that modify another character do not count."""
    return sum(map(prints_itself, text))


def prints(text: str, least: int = 1) -> bool:
    """Whether at least `least` characters of `text` print something."""
    return sum(1 for _character in islice(filter(prints_itself, text), least)) == least


def prints_itself(character: str) -> bool:
    """Whether a character prints by itself: it is no white space, no mark, and fonts have a glyph for it.

    They have none for unassigned, private-use and surrogate code points.
    """
    kind = category(character)
    if kind in ("Cc", "Cs", "Co"):
        return False
    if kind in ("Cn", "Cf"):
        return (PROBABLY_PRINTS if kind == "Cn" else PRINTS_AS_FORMAT).match(character) is not None
    return kind[0] not in "ZM" and character not in LOST and not PRINTS_NOTHING.match(character)


def slugify(title: str) -> str:
    """A title as a URL slug: letters and digits of any script in lower case, joined by hyphens."""
    letters = normalized(without_invisible(SURROGATES.sub("", title))).lower()
    words = NOT_IN_SLUG.sub("-", "".join(each if is_of_word(each) else "-" for each in letters)).strip("-")
    return cut_at_hyphen(words, MAX_SLUG)


def is_of_tag(character: str) -> bool:
    """Whether a tag may have the character."""
    return character in IN_TAGS or is_of_word(character)


def is_of_word(character: str) -> bool:
    """Whether the character is a letter, a digit or a vowel sign or accent, which is none for `\\w`."""
    return character.isalnum() or category(character) in ("Mn", "Mc")


def cut_at_hyphen(words: str, length: int) -> str:
    """Cut a slug to `length` characters, at a hyphen if it has one."""
    if len(words) <= length:
        return words
    whole, _, _ = words[: length + 1].rpartition("-")
    return whole or words[:length]


def normalize_tag(text: str) -> str | None:
    """A tag's stored form (`Visual Studio` -> `visual-studio`, `C++` -> `c++`, `＃Straße` -> `strasse`).

    In NFKC, case folded, without number signs in front; None for an invalid one.
    """
    letters = fold(without_invisible(clean_line(text))).replace(f"i{DOT_ABOVE}", "i")
    tag = re.sub(r"[\s-]+", "-", letters).lstrip("#-").rstrip("-")
    fits = 1 <= len(tag) <= MAX_TAG and all(map(is_of_tag, tag))
    return tag if fits and category(tag[0])[0] != "M" and any(map(str.isalnum, tag)) else None


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
