"""JSON schemas of search results."""

from typing import Protocol

from markupsafe import escape
from sqlalchemy import Row

from madang.accounts.schemas import author
from madang.boards.queries import slug_of
from madang.core.rest.schemas import (
    ListQuery,
    Schema,
    choice_field,
    computed_field,
    integer_field,
    moment_field,
    text_field,
    text_list_field,
    within,
)

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
    return slug_of(hit.row.board_id)


def _tags(hit: HitLike) -> list[str]:
    return hit.row.tag_names.split() if hit.row.page_id == hit.row.post_id else []


class HitSchema(Schema):
    """A search result."""

    kind = within("row", text_field("`question`, `answer`, `comment`, `talk`, `notice` or `gallery`.", "answer"))
    post_id = within("row", integer_field("The post's number; null for a comment.", 13, allow_none=True))
    comment_id = within("row", integer_field("The comment's number; null for a post.", 31, allow_none=True))
    page_id = within("row", integer_field("The number of the post on whose page it is shown.", 12))
    board = computed_field(text_field("The board's slug.", "qa"), _board)
    path = text_field("The path of its page on this site.", "/posts/12/how-do-i-move-a-yard#answer-13")
    title = computed_field(
        text_field("The title of that page.", "How do I move a yard?"), lambda hit: _plain(hit.title)
    )
    title_html = computed_field(
        text_field("The title as safe HTML with the words of the query marked.", "How do I move a <mark>yard</mark>?"),
        lambda hit: _marked(hit.title),
    )
    snippet = computed_field(
        text_field("An excerpt around the words of the query.", "Lift the yard gently."),
        lambda hit: _plain(hit.snippet),
    )
    snippet_html = computed_field(
        text_field(
            "The excerpt as safe HTML with the words of the query marked.", "Lift the <mark>yard</mark> gently."
        ),
        lambda hit: _marked(hit.snippet),
    )
    tags = computed_field(text_list_field("Its tags.", ["python"]), _tags)
    author = within("row", author(metadata={"description": "Who wrote it."}))
    score = within("row", integer_field("Votes up minus votes down.", 3))
    answer_count = within("row", integer_field("How many answers the page has.", 1))
    created_at = within("row", moment_field("When it was written."))


class HitQuery(ListQuery):
    """The search query and its filters."""

    q = text_field("Words that must all occur; words in quotation marks must be adjacent.", "yard", load_default="")
    kind = choice_field(
        "Only results of this kind; `talk` is every post that is neither question nor answer.",
        *(kind for kind in KINDS if kind),
        load_default=None,
    )


class SimilarQuestionSchema(Schema):
    """A question similar to another."""

    id = integer_field("Its number.", 7)
    title = text_field("The title.", "How does one carry a yard?")
    score = integer_field("Votes up minus votes down.", 5)
    answer_count = integer_field("How many answers it has.", 2)
    accepted_answer_id = integer_field("The accepted answer, if there is one.", 9, allow_none=True)


class TitleQuery(ListQuery):
    """The title of a question that is being written."""

    title = text_field("Its title so far.", "How do I move a yard?", load_default="")
