"""The words by which the pages of an archive are found: those of the site's own search."""

from collections.abc import Iterator, Sequence

from sqlalchemy import BindParameter, bindparam

from madang.comments.models import Comment
from madang.core.db import db
from madang.posts.models import Post
from madang.search.models import SearchDocument
from madang.search.queries.fulltext import dialect

from .public import public_comments, public_posts

PREFIX = "t_"  # of a word in the full-text index of MySQL
_IDS: BindParameter[list[int]] = bindparam("ids", expanding=True)
_IS_ON_PAGES = SearchDocument.page_post_id.in_(_IDS)
_WORDS = (SearchDocument.page_post_id, SearchDocument.title_tokens, SearchDocument.body_tokens)
_STATEMENTS = (
    public_posts(*_WORDS).join(SearchDocument, SearchDocument.post_id == Post.id).where(_IS_ON_PAGES),
    public_comments(*_WORDS).join(SearchDocument, SearchDocument.comment_id == Comment.id).where(_IS_ON_PAGES),
)


def words_of_pages(post_ids: Sequence[int]) -> Iterator[tuple[int, list[str], list[str]]]:
    """The words in titles and texts on the pages of these posts, as (post, title's, text's), in several portions."""
    for statement in _STATEMENTS:
        for row in db.rows(statement, {"ids": post_ids}):
            yield row.page_post_id, _words(row.title_tokens), _words(row.body_tokens)


def _words(tokens: str) -> list[str]:
    words = tokens.split()
    return [word.removeprefix(PREFIX) for word in words] if dialect() in ("mysql", "mariadb") else words
