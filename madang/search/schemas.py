"""JSON schemas of search results."""

from typing import Protocol

from markupsafe import escape
from sqlalchemy import Row

from madang.accounts.schemas import author
from madang.boards.queries import nav_boards
from madang.core.rest.schemas import ListQuery, Schema, choice, computed, moment, text, texts, whole, within

from .queries.search import KINDS
from .queries.tokenizer import Segments


class HitLike(Protocol):
    """A search result with the row of its document."""

    @property
    def row(self) -> Row: ...


def _plain(segments: Segments) -> str:
    return "".join(words for words, _is_hit in segments)


def _marked(segments: Segments) -> str:
    return "".join(f"<mark>{escape(words)}</mark>" if is_hit else str(escape(words)) for words, is_hit in segments)


def _board(hit: HitLike) -> str:
    return next((board.slug for board in nav_boards() if board.id == hit.row.board_id), "")


def _tags(hit: HitLike) -> list[str]:
    return hit.row.tag_names.split() if hit.row.page_id == hit.row.post_id else []


class HitSchema(Schema):
    """A search result."""

    kind = within("row", text("`question`, `answer`, `comment`, `talk`, `notice` or `gallery`.", "answer"))
    post_id = within("row", whole("The post's number; null for a comment.", 13, allow_none=True))
    comment_id = within("row", whole("The comment's number; null for a post.", 31, allow_none=True))
    page_id = within("row", whole("The number of the post on whose page it is shown.", 12))
    board = computed(text("The board's slug.", "qa"), _board)
    path = text("The path of its page on this site.", "/posts/12/how-do-i-move-a-yard#answer-13")
    title = computed(text("The title of that page.", "How do I move a yard?"), lambda hit: _plain(hit.title))
    title_html = computed(
        text("The title as safe HTML with the words of the query marked.", "How do I move a <mark>yard</mark>?"),
        lambda hit: _marked(hit.title),
    )
    snippet = computed(
        text("An excerpt around the words of the query.", "Lift the yard gently."), lambda hit: _plain(hit.snippet)
    )
    snippet_html = computed(
        text("The excerpt as safe HTML with the words of the query marked.", "Lift the <mark>yard</mark> gently."),
        lambda hit: _marked(hit.snippet),
    )
    tags = computed(texts("Its tags.", ["python"]), _tags)
    author = within("row", author(metadata={"description": "Who wrote it."}))
    score = within("row", whole("Votes up minus votes down.", 3))
    answer_count = within("row", whole("How many answers the page has.", 1))
    created_at = within("row", moment("When it was written."))


class HitQuery(ListQuery):
    """The search query and its filters."""

    q = text("Words that must all occur; words in quotation marks must be adjacent.", "yard", load_default="")
    kind = choice(
        "Only results of this kind; `talk` is every post that is neither question nor answer.",
        *(kind for kind in KINDS if kind),
        load_default=None,
    )


class SimilarQuestionSchema(Schema):
    """A question similar to another."""

    id = whole("Its number.", 7)
    title = text("The title.", "How does one carry a yard?")
    score = whole("Votes up minus votes down.", 5)
    answer_count = whole("How many answers it has.", 2)
    accepted_answer_id = whole("The accepted answer, if there is one.", 9, allow_none=True)


class TitleQuery(ListQuery):
    """The title of a question that is being written."""

    title = text("Its title so far.", "How do I move a yard?", load_default="")
