"""Tokenizer of the search index and of queries, the same for every database.

Words of scripts with spaces are one token each. Runs of Korean, Chinese and Japanese characters become bigrams, so that
`서버` finds `서버를` and words inside longer ones.
"""

import re
from bisect import bisect_right
from collections.abc import Iterator
from itertools import islice

from madang.core.markdown.cjk import CJK_LETTERS
from madang.core.text import fold

MAX_TOKENS = 16_000  # PostgreSQL stores no position above 16,383
MAX_TOKEN = 40
MAX_TERMS = 16
MAX_PHRASE = 40
MAX_MARKED_RUNS = 20  # matching a long phrase takes seconds on a text that repeats nearly all of it
CJK_RUN = f"[{CJK_LETTERS}]+"
WORD_CHARACTER = f"[^\\W_{CJK_LETTERS}]"
NAMED_BY_SIGNS = {"c++": "cplusplus", "c#": "csharp", "f#": "fsharp"}
RUN = re.compile(rf"(?<!{WORD_CHARACTER})(?:c\+\+|[cf]#)|{CJK_RUN}|{WORD_CHARACTER}+")
QUERY_WORD = re.compile(r'"([^"]*)"?|([^\s"]+)')
CJK_START = re.compile(CJK_RUN)
BETWEEN_RUNS = r"[\W_]{0,5}"
SPACES = re.compile(r"\s+")

Segments = list[tuple[str, bool]]


def tokens(text: str, limit: int = MAX_TOKENS) -> list[str]:
    """The first `limit` tokens of `text`."""
    return list(islice((token for run in RUN.findall(fold(text)) for token in tokens_of_run(run)), limit))


def query_terms(query: str) -> list[list[str]]:
    """The tokens of each word or "quoted phrase" of a query."""
    phrases = (tokens(word, MAX_PHRASE) for word in query_words(query))
    return [phrase for phrase in phrases if phrase]


def dialect_token(token: str, dialect: str) -> str:
    """`token` as it is written to the full-text index of `dialect`.

    InnoDB ignores words of fewer than three letters and its stop words; a prefix avoids both.
    """
    return f"t_{token}" if dialect in ("mysql", "mariadb") else token


def mark(text: str, query: str) -> Segments:
    """`text` in segments, each with whether it is a hit of the query."""
    return segments(text, hits(text, query))


def snippet(text: str, query: str, length: int = 200) -> Segments:
    """The excerpt of about `length` characters with the most hits, on one line, in segments as by `mark`."""
    text = SPACES.sub(" ", text).strip()
    spans = hits(text, query)
    start = window_start(text, spans, length)
    end = word_end(text, start + length)
    inside = [(a - start, b - start) for a, b in spans if a >= start and b <= end]
    pieces = segments(text[start:end], inside)
    return [("…", False)] * (start > 0) + pieces + [("…", False)] * (end < len(text))


def tokens_of_run(run: str) -> Iterator[str]:
    if not CJK_START.match(run):
        yield NAMED_BY_SIGNS.get(run, run)[:MAX_TOKEN]
    elif len(run) == 1:
        yield run
    else:
        yield from (run[start : start + 2] for start in range(len(run) - 1))


def query_words(query: str) -> list[str]:
    """The words and quoted phrases of a query, at most `MAX_TERMS`."""
    matches = islice(QUERY_WORD.finditer(query), MAX_TERMS)
    return [match[1] if match[1] is not None else match[2] for match in matches]


def hits(text: str, query: str) -> list[tuple[int, int]]:
    """The spans (start, end) of the words of the query in `text`."""
    patterns = set(patterns_of(query))
    if not patterns:
        return []
    folded, origins = folded_with_origins(text)
    spans = (match.span() for match in re.finditer("|".join(sorted(patterns, key=len, reverse=True)), folded))
    return [(origins[start], origins[end - 1] + 1) for start, end in spans]


def patterns_of(query: str) -> Iterator[str]:
    """The words of the query as regular expressions: CJK runs match inside words, others only whole words."""
    remaining = MAX_MARKED_RUNS
    for word in query_words(query):
        runs = RUN.findall(fold(word))[:remaining]
        remaining -= len(runs)
        if runs:
            yield BETWEEN_RUNS.join(run_pattern(run) for run in runs)


def run_pattern(run: str) -> str:
    if CJK_START.match(run):
        return re.escape(run)
    return f"(?<!{WORD_CHARACTER}){re.escape(run)}(?!{WORD_CHARACTER})"


def folded_with_origins(text: str) -> tuple[str, list[int]]:
    """The folded text, and for each of its characters the index of the original one.

    Folding may change the length: `ﬁ` becomes `fi`.
    """
    pieces = [fold(character) for character in text]
    origins = [index for index, piece in enumerate(pieces) for _ in piece]
    return "".join(pieces), origins


def segments(text: str, spans: list[tuple[int, int]]) -> Segments:
    """`text` in segments, those of `spans` marked as hits."""
    pieces: Segments = []
    done = 0
    for start, end in spans:
        pieces += [(text[done:start], False), (text[max(start, done) : end], True)]
        done = max(done, end)
    pieces.append((text[done:], False))
    return [piece for piece in pieces if piece[0]]


def window_start(text: str, spans: list[tuple[int, int]], length: int) -> int:
    """The start of the excerpt of `length` characters, shortly before the hit that most others follow closely."""
    if not spans or spans[-1][1] <= length:
        return 0
    starts = [start for start, _ in spans]
    reach = length * 3 // 4
    best = max(range(len(starts)), key=lambda i: (bisect_right(starts, starts[i] + reach) - i, -i))
    start = max(0, min(starts[best] - length // 4, len(text) - length))
    space = text.find(" ", start, starts[best])
    return space + 1 if start and space >= 0 else start


def word_end(text: str, end: int) -> int:
    """The end of the last whole word before `end`, or `end` if none ends within 20 characters."""
    if end >= len(text):
        return len(text)
    space = text.rfind(" ", end - 20, end + 1)
    return space if space > 0 else end
