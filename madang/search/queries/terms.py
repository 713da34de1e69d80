"""Parser of search queries."""

import re
from dataclasses import dataclass

from madang.core.markdown.cjk import CJK_LETTERS
from madang.core.text import clean_line

from .tokenizer import query_terms

MAX_QUERY_LENGTH = 200
ONE_SYLLABLE = re.compile(f"[{CJK_LETTERS}]")


@dataclass(frozen=True, slots=True)
class Term:
    """Tokens that must be adjacent. The last one of an open term is a prefix: `책` finds the indexed pair `책을`."""

    tokens: tuple[str, ...]
    is_open: bool = False


@dataclass(frozen=True, slots=True)
class SearchQuery:
    """A parsed query: its text with normalised spaces, and its terms."""

    text: str
    terms: tuple[Term, ...]

    @property
    def is_empty(self) -> bool:
        return not self.terms


def parse_query(text: str) -> SearchQuery:
    """Parse a query. Operators of the full-text engines have no meaning in it."""
    text = clean_line(text)[:MAX_QUERY_LENGTH]
    return SearchQuery(text, tuple(_term(run) for run in query_terms(text)))


def _term(run: list[str]) -> Term:
    return Term(tuple(run), is_open=len(run) == 1 and bool(ONE_SYLLABLE.fullmatch(run[0])))


def parse_name(text: str) -> SearchQuery:
    """Parse a query for people, whose last word may be incomplete."""
    query = parse_query(text)
    *whole, last = query.terms or (Term(()),)
    return SearchQuery(query.text, (*whole, Term(last.tokens, is_open=True))) if query.terms else query
