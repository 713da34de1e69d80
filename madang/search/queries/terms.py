"""What somebody typed into the box, read."""

import re
from dataclasses import dataclass

from madang.core.markdown.cjk import CJK_LETTERS
from madang.core.text import clean_line

from .tokenizer import query_terms, tokens

LONGEST_QUERY = 200
ONE_SYLLABLE = re.compile(f"[{CJK_LETTERS}]")


@dataclass(frozen=True, slots=True)
class Term:
    """A run of neighbouring tokens. An open one may go on: `책` finds `책을`, which the index keeps as one pair."""

    tokens: tuple[str, ...]
    is_open: bool = False


@dataclass(frozen=True, slots=True)
class SearchQuery:
    """The words of a search, all of which must be found. What narrows a search further is read into here too."""

    text: str
    terms: tuple[Term, ...]

    @property
    def is_empty(self) -> bool:
        return not self.terms


def read_query(text: str) -> SearchQuery:
    """Read a search. Whatever is typed is words: signs that full-text engines understand mean nothing here."""
    text = clean_line(text)[:LONGEST_QUERY]
    return SearchQuery(text, tuple(_term(run) for run in query_terms(text)))


def _term(run: list[str]) -> Term:
    return Term(tuple(run), is_open=len(run) == 1 and bool(ONE_SYLLABLE.fullmatch(run[0])))


def read_name(text: str) -> SearchQuery:
    """Read a search for people, whose last word may still be incomplete."""
    query = read_query(text)
    *whole, last = query.terms or (Term(()),)
    return SearchQuery(query.text, (*whole, Term(last.tokens, is_open=True))) if query.terms else query


def read_title(text: str, most: int = 12) -> SearchQuery:
    """Read a title for what resembles it: single tokens, any of which may be found."""
    found = dict.fromkeys(tokens(text[:LONGEST_QUERY]))
    return SearchQuery(text, tuple(Term((token,)) for token in list(found)[:most]))
