"""Full-text queries with the same meaning for SQLite's FTS5, PostgreSQL and MySQL.

Tokens are letters and digits only (`queries/tokenizer.py`), so that none of them can be an operator of any engine.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Select, column, desc, func, literal_column, or_, select, table
from sqlalchemy.dialects.mysql import match
from sqlalchemy.orm import InstrumentedAttribute, aliased

from madang.core.db import db
from madang.posts.models import Post

from ..models import SearchDocument
from .terms import SearchQuery, Term
from .tokenizer import dialect_token

TITLE, AUTHOR, BODY = 8.0, 2.0, 1.0  # the weights of hits
MAX_RANKED = 5_000  # only the newest hits are ranked; a word in more documents says little about any of them
IdColumn = ColumnElement[int] | InstrumentedAttribute[int]

_fts5 = table("search_index", column("rowid"))
_vector: ColumnElement[str] = literal_column("search_documents.ft_vector")
_simple: ColumnElement[str] = literal_column("'simple'::regconfig")


@dataclass(frozen=True, slots=True)
class SearchCriteria:
    """A query and its options: kinds of content (empty for all) or people, only in titles, any term instead of all.

    Nothing is found on the boards `hidden_board_ids`.
    """

    query: SearchQuery
    hidden_board_ids: tuple[int, ...] = ()
    kinds: tuple[str, ...] = ()
    is_for_people: bool = False
    is_title_only: bool = False
    matches_any: bool = False


def dialect() -> str:
    """The database's dialect: sqlite, postgresql, mysql or mariadb."""
    return db.engine.dialect.name


def best_hits(criteria: SearchCriteria, dialect: str, limit: int, *, ranked: int = MAX_RANKED) -> Select:
    """Select the matching documents, best first of the `ranked` newest, as rows of `id` and `score`."""
    hits = _ENGINES[dialect](criteria).limit(ranked).subquery()
    return select(hits.c.id, hits.c.score).order_by(hits.c.score.desc(), hits.c.id.desc()).limit(limit)


def matching_ids(criteria: SearchCriteria, dialect: str, limit: int) -> Select:
    """Select the ids of the newest matching documents."""
    hits = _ENGINES[dialect](criteria).limit(limit).subquery()
    return select(hits.c.id)


def _newest(hits: Select, id_column: IdColumn, criteria: SearchCriteria) -> Select:
    hits = hits.where(id_column < 0 if criteria.is_for_people else id_column > 0)
    if criteria.kinds:
        hits = hits.where(SearchDocument.kind.in_(criteria.kinds))
    if criteria.hidden_board_ids:
        page = aliased(Post)
        hits = hits.join(page, page.id == SearchDocument.page_post_id)
        hits = hits.where(page.board_id.not_in(criteria.hidden_board_ids))
    return hits.order_by(desc(id_column))


def _sqlite(criteria: SearchCriteria) -> Select:
    terms = (f'"{" ".join(term.tokens)}"{"*" if term.is_open else ""}' for term in criteria.query.terms)
    expression = (" OR " if criteria.matches_any else " AND ").join(terms)
    score: ColumnElement[float] = literal_column(f"-bm25(search_index, {TITLE}, {BODY}, {AUTHOR})")
    hits = select(_fts5.c.rowid.label("id"), score.label("score"))
    if criteria.kinds or criteria.hidden_board_ids:
        hits = hits.join(SearchDocument, SearchDocument.id == _fts5.c.rowid)
    expression = f"{{title_tokens}} : ({expression})" if criteria.is_title_only else expression
    return _newest(hits.where(literal_column("search_index").op("MATCH")(expression)), _fts5.c.rowid, criteria)


def _postgresql(criteria: SearchCriteria) -> Select:
    operator = "||" if criteria.matches_any else "&&"
    expression, *others = (_tsquery(term, criteria.is_title_only) for term in criteria.query.terms)
    for other in others:
        expression = expression.op(operator)(other)
    weights: ColumnElement[str] = literal_column(f"'{{0, {BODY / TITLE}, {AUTHOR / TITLE}, 1}}'::float4[]")
    score = func.ts_rank(weights, _vector, expression, 1)
    hits = select(SearchDocument.id.label("id"), score.label("score")).where(_vector.op("@@")(expression))
    return _newest(hits, SearchDocument.id, criteria)


def _tsquery(term: Term, is_title_only: bool) -> ColumnElement[str]:
    if not term.is_open and not is_title_only:
        return func.phraseto_tsquery(_simple, " ".join(term.tokens))
    ending = ":" + "*" * term.is_open + "A" * is_title_only
    *whole, last = term.tokens
    return func.to_tsquery(_simple, " <-> ".join([*whole, last + ending]))


def _mysql(criteria: SearchCriteria) -> Select:
    """InnoDB takes seconds for a phrase of common tokens: all tokens are matched, and then their order is compared."""
    required = "" if criteria.matches_any else "+"
    expression = " ".join(required + word for term in criteria.query.terms for word in _boolean_words(term))
    columns = SearchDocument.__table__.c
    in_title = match(columns.title_tokens, against=expression).in_boolean_mode()
    all_columns = (columns.title_tokens, columns.body_tokens, columns.author_tokens)
    anywhere = match(*all_columns, against=expression).in_boolean_mode()
    score = in_title if criteria.is_title_only else anywhere + in_title * TITLE
    hits = select(SearchDocument.id.label("id"), score.label("score"))
    hits = hits.where(in_title if criteria.is_title_only else anywhere)
    if not criteria.matches_any:
        searched = all_columns[:1] if criteria.is_title_only else all_columns
        hits = hits.where(*(_are_adjacent(term, searched) for term in criteria.query.terms if len(term.tokens) > 1))
    return _newest(hits, SearchDocument.id, criteria)


def _boolean_words(term: Term) -> list[str]:
    words = [dialect_token(token, "mysql") for token in term.tokens]
    return [*words[:-1], words[-1] + "*" * term.is_open]


def _are_adjacent(term: Term, columns: Sequence[ColumnElement[str]]) -> ColumnElement[bool]:
    words = " ".join(dialect_token(token, "mysql") for token in term.tokens)
    ending = "" if term.is_open else " "
    return or_(*(func.concat(" ", column, " ").like(f"% {words}{ending}%") for column in columns))


_ENGINES = {"sqlite": _sqlite, "postgresql": _postgresql, "mysql": _mysql, "mariadb": _mysql}
