"""Word counts of a text, and extraction of the text of an HTML page."""

import html
import re
import unicodedata
from collections import Counter
from collections.abc import Iterator

from madang.core.queue import progress
from madang.core.text import normalized

TOP_COUNT = 20
WORD_MAX = 60
CHUNK_SIZE = 20_000
# Combining vowel signs and accents of many scripts, which `\w` does not match.
MARKS = "".join(
    chr(code) for code in (*range(0x300, 0x1E00), *range(0xA000, 0xAC00)) if unicodedata.category(chr(code))[0] == "M"
)
LETTERS = rf"(?:[^\W_][{MARKS}]*)+"
WORD = re.compile(rf"{LETTERS}(?:['’\-]{LETTERS})*")
HUGE_REFERENCE = re.compile(r"&#[xX]?[0-9a-fA-F]{8,};?")  # beyond Unicode; `html.unescape` fails on very long ones
SYLLABLE = re.compile("[가-힣]+")
TAG = re.compile(r"[/!?]?([a-zA-Z][a-zA-Z0-9]*)?")
# These may occur inside a word; any other tag separates the words before and after it.
INLINE_ELEMENTS = frozenset(
    {"a", "abbr", "acronym", "b", "bdi", "bdo", "big", "cite", "code", "data", "del", "dfn", "em", "font", "i"}
    | {"ins", "kbd", "mark", "nobr", "q", "s", "samp", "small", "span", "strike", "strong", "sub", "sup", "time"}
    | {"tt", "u", "var", "wbr"}
)
HIDDEN_ELEMENTS = frozenset(
    {"script", "style", "template", "noscript", "iframe", "object", "svg", "math", "title", "select"}
)
MAX_QUOTED_SIGNS = 5


def count_words(text: str, *, from_percent: int = 0) -> dict[str, object]:
    """Count words, distinct words, characters with and without spaces, and Hangul syllables of a text.

    `top` of the result lists the most frequent words as [word, count]. Reports progress to the job from `from_percent`.
    """
    text = normalized(text)
    words: Counter[str] = Counter()
    syllable_count = nonspace_count = 0
    for start, chunk in _chunks(text):
        progress(from_percent + (100 - from_percent) * start / len(text))
        words.update(word.casefold() for word in WORD.findall(chunk))
        syllable_count += sum(map(len, SYLLABLE.findall(chunk)))
        nonspace_count += len("".join(chunk.split()))
    top = sorted(words.items(), key=lambda item: (-item[1], item[0]))[:TOP_COUNT]
    return {
        "words": words.total(),
        "different": len(words),
        "characters": len(text),
        "characters_without_spaces": nonspace_count,
        "hangul": syllable_count,
        "top": [[word[:WORD_MAX], times] for word, times in top],
    }


def _chunks(text: str) -> Iterator[tuple[int, str]]:
    """Chunks of the text that end between words, with their start; only a very long word is cut."""
    start = 0
    while start < len(text):
        end = min(start + CHUNK_SIZE, len(text))
        while end < len(text) and end - start < 2 * CHUNK_SIZE and not text[end].isspace():
            end += 1
        yield start, text[start:end]
        start = end


def extract_text(source: str) -> str:
    """The visible text of an HTML page, in one pass that takes linear time for malformed pages too."""
    return html.unescape(HUGE_REFERENCE.sub("\ufffd", "".join(_visible_text(source))))


def _visible_text(source: str) -> Iterator[str]:
    position = 0
    while (start := source.find("<", position)) >= 0:
        yield source[position:start]
        if source.startswith("<!--", start):
            position = _position_after(source, "-->", start + 4)
            continue
        tag = TAG.match(source, start + 1)
        name = (tag[1] or "").lower() if tag else ""
        if not name and source[start + 1 : start + 2] not in ("/", "!", "?"):
            yield "<"  # not a tag
            position = start + 1
            continue
        position = _end_of_tag(source, start)
        if name in HIDDEN_ELEMENTS and source[start + 1] != "/":
            position = _position_after_element(source, name, position)
        if name not in INLINE_ELEMENTS:
            yield " "
    yield source[position:]


def _position_after(source: str, end: str, position: int) -> int:
    index = source.find(end, position)
    return len(source) if index < 0 else index + len(end)


def _end_of_tag(source: str, start: int) -> int:
    """The position after the tag's `>`, ignoring those between quotation marks."""
    position = start
    for _quote in range(MAX_QUOTED_SIGNS):
        position = _position_after(source, ">", position)
        tag = source[start:position]
        if tag.count('"') % 2 == 0 or len(tag) > CHUNK_SIZE:
            break
    return position


def _position_after_element(source: str, name: str, position: int) -> int:
    end_tag = re.compile(f"</{name}", re.I).search(source, position)
    return _position_after(source, ">", end_tag.start()) if end_tag else len(source)
