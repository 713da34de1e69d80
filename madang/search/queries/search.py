"""Search for content and people."""

from dataclasses import dataclass, field

from sqlalchemy import Row, case, func, select
from sqlalchemy.orm import aliased

from madang.accounts.models import User
from madang.accounts.queries.users import AUTHOR_COLUMNS
from madang.boards.queries import hidden_board_ids
from madang.comments.models import COMMENT_VISIBLE, Comment
from madang.core.actor import Actor
from madang.core.db import db
from madang.posts.models import VISIBLE, Post
from madang.posts.queries.visibility import on_visible_boards

from ..models import SearchDocument
from .fulltext import SearchCriteria, best_hits, dialect
from .terms import SearchQuery

KINDS: dict[str, tuple[str, ...]] = {
    "": (),
    "question": ("question",),
    "answer": ("answer",),
    "comment": ("comment",),
    "talk": ("talk", "notice", "gallery"),
}
MAX_HITS = 1_000
MAX_HTML = 24_000  # characters of a hit that are read for its snippet
MAX_PEOPLE = 5
MAX_NAMESAKES = 50
_Page = aliased(Post)


@dataclass(frozen=True, slots=True)
class SearchResults:
    """The ids of the matching documents, best first; `has_more` if there are more than `MAX_HITS`."""

    ids: list[int] = field(default_factory=list)
    has_more: bool = False


def search_documents(query: SearchQuery, actor: Actor, kind: str = "") -> SearchResults:
    """Search for content that the actor may see with all the words of the query; `kind` is a key of `KINDS`."""
    if query.is_empty:
        return SearchResults()
    ids = _ids(SearchCriteria(query, hidden_board_ids(actor), kinds=KINDS[kind]), MAX_HITS + 1)
    return SearchResults(ids[:MAX_HITS], len(ids) > MAX_HITS)


def slice_results(
    results: SearchResults, after: tuple[int, int] | None, limit: int
) -> tuple[list[int], tuple[int, int] | None]:
    """The next `limit` document ids after the key `after`, and the key of the last one if there are more.

    A key is a document's id and its index in the results. If the document has been deleted since, the slice begins at
    the index, where the next document is now.
    """
    start = 0
    if after is not None:
        document_id, index = after
        start = results.ids.index(document_id) + 1 if document_id in results.ids else index
    end = start + limit
    return results.ids[start:end], (results.ids[end - 1], end - 1) if end < len(results.ids) else None


def _ids(criteria: SearchCriteria, limit: int) -> list[int]:
    return [row.id for row in db.session.execute(best_hits(criteria, dialect(), limit))]


# The columns of a hit: the content, and the title of the post on whose page it is shown.
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
        func.substr(func.coalesce(Comment.body_html, Post.body_html), 1, MAX_HTML).label("body_html"),
        func.coalesce(Comment.score, Post.score).label("score"),
        case((Comment.id.is_not(None), Comment.author_name), else_=Post.author_name).label("author_name"),
        *AUTHOR_COLUMNS,
    )
    .join(_Page, _Page.id == SearchDocument.page_post_id)
    .outerjoin(Post, Post.id == SearchDocument.post_id)
    .outerjoin(Comment, Comment.id == SearchDocument.comment_id)
    .outerjoin(User, User.id == func.coalesce(Comment.author_id, Post.author_id))
    .where(
        _Page.state == VISIBLE,
        func.coalesce(Post.state, VISIBLE) == VISIBLE,
        func.coalesce(Comment.state, COMMENT_VISIBLE) == COMMENT_VISIBLE,
    )
)


def hit_rows(ids: list[int], actor: Actor) -> list[Row]:
    """The rows that pages show of those of these documents that the actor may see, in the order of `ids`."""
    hits = on_visible_boards(_HITS.where(SearchDocument.id.in_(ids)), actor, _Page.board_id)
    rows = {row.id: row for row in db.rows(hits)} if ids else {}
    return [rows[number] for number in ids if number in rows]


def people_named(name: SearchQuery, limit: int = MAX_PEOPLE) -> list[Row]:
    """The people whose names have all these words, by reputation."""
    if name.is_empty:
        return []
    ids = [-number for number in _ids(SearchCriteria(name, is_for_people=True), MAX_NAMESAKES)]
    columns = select(
        User.id, User.username, User.display_name, User.role, User.avatar_file, User.reputation, User.question_count,
        User.answer_count,
    )  # fmt: skip
    people = columns.where(User.id.in_(ids), User.is_account())
    return list(db.session.execute(people.order_by(User.reputation.desc(), User.id).limit(limit)).all())
