"""The full-text engines of the three databases, asked for the same thing.

Tokens are letters and digits alone (`queries/tokenizer.py`), so that none of them can be an operator of any engine.
"""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, column, desc, func, literal_column, select, table
from sqlalchemy.dialects.mysql import match

from madang.core.db import db

from ..models import SearchDocument
from .terms import SearchQuery, Term
from .tokenizer import dialect_token

TITLE, AUTHOR, BODY = 8.0, 2.0, 1.0  # what a hit in each weighs
LAST_FEW = 5_000  # so many of the newest hits are put in order; a word in more documents says little about any

_fts5 = table("search_index", column("rowid"))
_vector: ColumnElement[Any] = literal_column("search_documents.ft_vector")
_simple: ColumnElement[Any] = literal_column("'simple'::regconfig")


@dataclass(frozen=True, slots=True)
class SearchCriteria:
    """What is looked for: every term or any of them, everywhere or in titles, people or what they wrote."""

    query: SearchQuery
    kinds: tuple[str, ...] = ()
    people: bool = False
    titles_only: bool = False
    any_of: bool = False


def dialect() -> str:
    """The database's dialect: sqlite, postgresql, mysql or mariadb."""
    return db.engine.dialect.name


def best_hits(wanted: SearchCriteria, dialect: str, limit: int) -> Select:
    """The documents that are found, best first, as rows of `id` and `score`."""
    hits = _ENGINES[dialect](wanted).limit(LAST_FEW).subquery()
    return select(hits.c.id, hits.c.score).order_by(hits.c.score.desc(), hits.c.id.desc()).limit(limit)


def _newest(hits: Select, id_column: Any, wanted: SearchCriteria) -> Select:
    hits = hits.where(id_column < 0 if wanted.people else id_column > 0)
    if wanted.kinds:
        hits = hits.where(SearchDocument.kind.in_(wanted.kinds))
    return hits.order_by(desc(id_column))


def _sqlite(wanted: SearchCriteria) -> Select:
    terms = (f'"{" ".join(term.tokens)}"{"*" if term.is_open else ""}' for term in wanted.query.terms)
    asked = (" OR " if wanted.any_of else " AND ").join(terms)
    score: ColumnElement[Any] = literal_column(f"-bm25(search_index, {TITLE}, {BODY}, {AUTHOR})")
    hits = select(_fts5.c.rowid.label("id"), score.label("score"))
    if wanted.kinds:
        hits = hits.join(SearchDocument, SearchDocument.id == _fts5.c.rowid)
    asked = f"{{title_tokens}} : ({asked})" if wanted.titles_only else asked
    return _newest(hits.where(literal_column("search_index").op("MATCH")(asked)), _fts5.c.rowid, wanted)


def _postgresql(wanted: SearchCriteria) -> Select:
    operator = "||" if wanted.any_of else "&&"
    first, *others = (_tsquery(term, wanted.titles_only) for term in wanted.query.terms)
    asked = first
    for other in others:
        asked = asked.op(operator)(other)
    weights: ColumnElement[Any] = literal_column(f"'{{0, {BODY / TITLE}, {AUTHOR / TITLE}, 1}}'::float4[]")
    score = func.ts_rank(weights, _vector, asked, 1)
    hits = select(SearchDocument.id.label("id"), score.label("score")).where(_vector.op("@@")(asked))
    return _newest(hits, SearchDocument.id, wanted)


def _tsquery(term: Term, titles_only: bool) -> ColumnElement[Any]:
    if not term.is_open and not titles_only:
        return func.phraseto_tsquery(_simple, " ".join(term.tokens))
    ending = ":" + "*" * term.is_open + "A" * titles_only
    *whole, last = term.tokens
    return func.to_tsquery(_simple, " <-> ".join([*whole, last + ending]))


def _mysql(wanted: SearchCriteria) -> Select:
    needed = "" if wanted.any_of else "+"
    asked = " ".join(needed + _boolean(term) for term in wanted.query.terms)
    columns = SearchDocument.__table__.c
    in_title = match(columns.title_tokens, against=asked).in_boolean_mode()
    anywhere = match(columns.title_tokens, columns.body_tokens, columns.author_tokens, against=asked).in_boolean_mode()
    score = in_title if wanted.titles_only else anywhere + in_title * TITLE
    hits = select(SearchDocument.id.label("id"), score.label("score"))
    return _newest(hits.where(in_title if wanted.titles_only else anywhere), SearchDocument.id, wanted)


def _boolean(term: Term) -> str:
    words = " ".join(dialect_token(token, "mysql") for token in term.tokens)
    if len(term.tokens) == 1:
        return words + "*" * term.is_open
    return f'"{words}"'  # InnoDB has no open phrases


_ENGINES = {"sqlite": _sqlite, "postgresql": _postgresql, "mysql": _mysql, "mariadb": _mysql}
