"""Finding what was written, and people."""

from dataclasses import dataclass, field
from functools import lru_cache
from time import monotonic
from typing import Any

from sqlalchemy import Row, case, func, select
from sqlalchemy.orm import aliased

from madang.accounts.models import User
from madang.accounts.queries.users import AUTHOR
from madang.comments.models import VISIBLE as VISIBLE_COMMENT
from madang.comments.models import Comment
from madang.core.db import db
from madang.posts.models import VISIBLE, Post

from ..models import SearchDocument
from .fulltext import SearchCriteria, best_hits, dialect
from .terms import SearchQuery, read_title

KINDS: dict[str, tuple[str, ...]] = {
    "": (),
    "question": ("question",),
    "answer": ("answer",),
    "comment": ("comment",),
    "talk": ("talk", "notice", "gallery"),
}
MOST_HITS = 1_000
MOST_PEOPLE = 5
NAMESAKES = 50
MOST_SIMILAR = 5
SIMILAR_KEPT_SECONDS = 600
_Page = aliased(Post)


@dataclass(frozen=True, slots=True)
class SearchResults:
    """The numbers of the documents that were found, best first; `has_more` if there are more than are listed."""

    ids: list[int] = field(default_factory=list)
    has_more: bool = False


def find(query: SearchQuery, kind: str = "") -> SearchResults:
    """Look for everything that has all the words of the query."""
    if query.is_empty:
        return SearchResults()
    ids = _ids(SearchCriteria(query, kinds=KINDS[kind]), MOST_HITS + 1)
    return SearchResults(ids[:MOST_HITS], len(ids) > MOST_HITS)


def part_of(
    found: SearchResults, after: tuple[int, int] | None, limit: int
) -> tuple[list[int], tuple[int, int] | None]:
    """The next `limit` documents of what was found, and the key of the last if there are more.

    A key is a document and its place. What was found has no order but its own: where the document is gone meanwhile,
    the next stands in its place.
    """
    start = 0
    if after is not None:
        number, place = after
        start = found.ids.index(number) + 1 if number in found.ids else place
    end = start + limit
    return found.ids[start:end], (found.ids[end - 1], end - 1) if end < len(found.ids) else None


def _ids(wanted: SearchCriteria, limit: int) -> list[int]:
    return [row.id for row in db.session.execute(best_hits(wanted, dialect(), limit))]


# A hit as its page prints it: what was written, and the title of the post on whose page it stands.
_HITS = (
    select(
        SearchDocument.id,
        SearchDocument.kind,
        SearchDocument.created_at,
        SearchDocument.post_id,
        SearchDocument.comment_id,
        _Page.id.label("page_id"),
        _Page.title,
        _Page.board_id,
        _Page.answer_count,
        _Page.tag_names,
        func.coalesce(Comment.body_html, Post.body_html).label("body_html"),
        func.coalesce(Comment.score, Post.score).label("score"),
        case((Comment.id.is_not(None), Comment.author_name), else_=Post.author_name).label("author_name"),
        *AUTHOR,
    )
    .join(_Page, _Page.id == SearchDocument.page_post_id)
    .outerjoin(Post, Post.id == SearchDocument.post_id)
    .outerjoin(Comment, Comment.id == SearchDocument.comment_id)
    .outerjoin(User, User.id == func.coalesce(Comment.author_id, Post.author_id))
    .where(
        _Page.state == VISIBLE,
        func.coalesce(Post.state, VISIBLE) == VISIBLE,
        func.coalesce(Comment.state, VISIBLE_COMMENT) == VISIBLE_COMMENT,
    )
)


def hit_rows(ids: list[int]) -> list[Row]:
    """What a page prints of these documents, in their order."""
    rows = {row.id: row for row in db.session.execute(_HITS.where(SearchDocument.id.in_(ids)))} if ids else {}
    return [rows[number] for number in ids if number in rows]


def people_named(name: SearchQuery, limit: int = MOST_PEOPLE) -> list[Row]:
    """People whose name has these words, of which the last may be incomplete; the best known first."""
    if name.is_empty:
        return []
    ids = [-number for number in _ids(SearchCriteria(name, people=True), NAMESAKES)]
    columns = select(
        User.id, User.username, User.display_name, User.avatar_file, User.reputation, User.question_count,
        User.answer_count,
    )  # fmt: skip
    people = columns.where(User.id.in_(ids), User.is_account())
    return list(db.session.execute(people.order_by(User.reputation.desc(), User.id).limit(limit)).all())


def similar_questions(title: str, *, besides: int | None = None, limit: int = MOST_SIMILAR) -> list[Row]:
    """Questions whose titles share the most, and the rarest, words with `title`."""
    return _questions(_similar_ids(title, besides, limit))


def similar_to(question: Any) -> list[Row]:
    """Questions that resemble this one; which ones they are is looked up once in ten minutes in this process."""
    return _questions(_kept_similar_ids(question.id, question.title, int(monotonic() // SIMILAR_KEPT_SECONDS)))


@lru_cache(maxsize=8192)
def _kept_similar_ids(question_id: int, title: str, _period: int) -> tuple[int, ...]:
    return _similar_ids(title, question_id, MOST_SIMILAR)


def _similar_ids(title: str, besides: int | None, limit: int) -> tuple[int, ...]:
    query = read_title(title)
    if query.is_empty:
        return ()
    wanted = SearchCriteria(query, kinds=KINDS["question"], titles_only=True, any_of=True)
    found = best_hits(wanted, dialect(), limit + 1).subquery()
    ids = select(SearchDocument.post_id).join(found, found.c.id == SearchDocument.id)
    ordered = db.session.scalars(ids.order_by(found.c.score.desc(), found.c.id.desc()))
    return tuple(number for number in ordered if number is not None and number != besides)[:limit]


def _questions(ids: tuple[int, ...]) -> list[Row]:
    columns = select(Post.id, Post.title, Post.score, Post.answer_count, Post.accepted_answer_id)
    rows = {row.id: row for row in db.session.execute(columns.where(Post.id.in_(ids), Post.state == VISIBLE))}
    return [rows[number] for number in ids if number in rows]
