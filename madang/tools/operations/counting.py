"""Counting the words of a text, and finding the text of a page."""

import html
import re
import unicodedata
from collections import Counter
from collections.abc import Iterator
from typing import Any

from madang.core.queue import progress

TOP = 20
WORD_MAX = 60
AT_ONCE = 20_000
# Vowel signs and accents that many scripts write as marks of their own; to `re` they are no letters.
MARKS = "".join(
    chr(code) for code in (*range(0x300, 0x1E00), *range(0xA000, 0xAC00)) if unicodedata.category(chr(code))[0] == "M"
)
LETTERS = rf"(?:[^\W_][{MARKS}]*)+"
WORD = re.compile(rf"{LETTERS}(?:['’\-]{LETTERS})*")
HUGE_NUMBER = re.compile(r"&#[xX]?[0-9a-fA-F]{8,};?")  # no letter has it, and Python refuses to read it
SYLLABLE = re.compile("[가-힣]+")
TAG = re.compile(r"[/!?]?([a-zA-Z][a-zA-Z0-9]*)?")
# These stand inside a word or beside it; any other tag parts what stands before it from what comes after.
WITHIN_WORDS = frozenset(
    {"a", "abbr", "acronym", "b", "bdi", "bdo", "big", "cite", "code", "data", "del", "dfn", "em", "font", "i"}
    | {"ins", "kbd", "mark", "nobr", "q", "s", "samp", "small", "span", "strike", "strong", "sub", "sup", "time"}
    | {"tt", "u", "var", "wbr"}
)
UNREAD = frozenset({"script", "style", "template", "noscript", "iframe", "object", "svg", "math", "title", "select"})
QUOTES_LOOKED_AT = 5


def count_words(text: str, *, from_percent: int = 0) -> dict[str, Any]:
    """The numbers of a text: words, characters with and without spaces, Hangul syllables, and the commonest words.

    Says how far it is, beginning at `from_percent`.
    """
    text = unicodedata.normalize("NFC", text)
    words: Counter[str] = Counter()
    syllables = solid = 0
    for start, piece in _pieces(text):
        progress(from_percent + (100 - from_percent) * start / len(text))
        words.update(word.casefold() for word in WORD.findall(piece))
        syllables += sum(map(len, SYLLABLE.findall(piece)))
        solid += len("".join(piece.split()))
    top = sorted(words.items(), key=lambda counted: (-counted[1], counted[0]))[:TOP]
    return {
        "words": words.total(),
        "different": len(words),
        "characters": len(text),
        "characters_without_spaces": solid,
        "hangul": syllables,
        "top": [[word[:WORD_MAX], times] for word, times in top],
    }


def _pieces(text: str) -> Iterator[tuple[int, str]]:
    """The text in pieces that end between words, with where they begin; a very long word is cut all the same."""
    start = 0
    while start < len(text):
        end = min(start + AT_ONCE, len(text))
        while end < len(text) and end - start < 2 * AT_ONCE and not text[end].isspace():
            end += 1
        yield start, text[start:end]
        start = end


def text_of_page(source: str) -> str:
    """What a reader sees of a page, without its markup. Passes once over the page, however broken that is."""
    return html.unescape(HUGE_NUMBER.sub("\ufffd", "".join(_visible(source))))


def _visible(source: str) -> Iterator[str]:
    position = 0
    while (start := source.find("<", position)) >= 0:
        yield source[position:start]
        if source.startswith("<!--", start):
            position = _behind(source, "-->", start + 4)
            continue
        sign = TAG.match(source, start + 1)
        name = (sign[1] or "").lower() if sign else ""
        if not name and source[start + 1 : start + 2] not in ("/", "!", "?"):
            yield "<"  # a sign of the text
            position = start + 1
            continue
        position = _end_of_tag(source, start)
        if name in UNREAD and source[start + 1] != "/":
            position = _behind_element(source, name, position)
        if name not in WITHIN_WORDS:
            yield " "
    yield source[position:]


def _behind(source: str, end: str, position: int) -> int:
    found = source.find(end, position)
    return len(source) if found < 0 else found + len(end)


def _end_of_tag(source: str, start: int) -> int:
    """Behind the tag's `>`; one that stands between quotes is none."""
    position = start
    for _quote in range(QUOTES_LOOKED_AT):
        position = _behind(source, ">", position)
        tag = source[start:position]
        if tag.count('"') % 2 == 0 or len(tag) > AT_ONCE:
            break
    return position


def _behind_element(source: str, name: str, position: int) -> int:
    found = re.compile(f"</{name}", re.I).search(source, position)
    return _behind(source, ">", found.start()) if found else len(source)
