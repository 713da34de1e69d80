"""Search results as pages and the API show them."""

from dataclasses import dataclass

from sqlalchemy import Row

from madang.core.actor import Actor
from madang.core.markdown.sanitizer import beginning, plain_text
from madang.posts.fragments.addresses import post_path
from madang.posts.queries.answers import ANSWERS_PER_PAGE

from .models import COMMENT
from .queries.search import MAX_HTML, hit_rows
from .queries.tokenizer import Segments, mark, snippet

MAX_SNIPPET_SOURCE = 8_000  # characters of a body; a hit after them is found but not quoted


@dataclass(frozen=True, slots=True)
class Hit:
    """One search result: its row, address, and title and snippet with marked words."""

    row: Row
    path: str
    title: Segments
    snippet: Segments


def hits_of(ids: list[int], words: str, actor: Actor) -> list[Hit]:
    """The results of those of the documents `ids` that the actor may see, with `words` marked."""
    return [
        Hit(row, _path(row), mark(row.title, words), snippet(_text_of(row)[:MAX_SNIPPET_SOURCE], words))
        for row in hit_rows(ids, actor)
    ]


def _text_of(row: Row) -> str:
    return plain_text(beginning(row.body_html, MAX_HTML))


def _path(row: Row) -> str:
    """The address of a hit; for a question with several pages of answers one that redirects to the right page."""
    is_comment = row.kind == COMMENT
    if row.answer_count > ANSWERS_PER_PAGE and row.page_id != row.post_id:
        return f"/comments/{row.comment_id}" if is_comment else f"/posts/{row.post_id}"
    anchor = f"comment-{row.comment_id}" if is_comment else f"answer-{row.post_id}" if row.kind == "answer" else None
    return post_path(_HitPage(row.page_id, row.title), anchor)


@dataclass(frozen=True, slots=True)
class _HitPage:
    id: int
    title: str
