"""The shapes of what was found in the API."""

from typing import Any

from markupsafe import escape

from madang.accounts.schemas import author
from madang.boards.queries import nav_boards
from madang.core.rest.schemas import ListQuery, Schema, choice, computed, moment, text, texts, whole, within

from .queries.search import KINDS
from .queries.tokenizer import Segments


def _plain(segments: Segments) -> str:
    return "".join(words for words, _is_hit in segments)


def _marked(segments: Segments) -> str:
    return "".join(f"<mark>{escape(words)}</mark>" if is_hit else str(escape(words)) for words, is_hit in segments)


def _board(hit: Any) -> str:
    return next((board.slug for board in nav_boards() if board.id == hit.row.board_id), "")


def _tags(hit: Any) -> list[str]:
    return hit.row.tag_names.split() if hit.row.page_id == hit.row.post_id else []


class HitSchema(Schema):
    """Something that was found."""

    kind = within("row", text("`question`, `answer`, `comment`, `talk`, `notice` or `gallery`.", "answer"))
    post_id = within("row", whole("The post that was found; null for a comment.", 13, allow_none=True))
    comment_id = within("row", whole("The comment that was found.", 31, allow_none=True))
    page_id = within("row", whole("The post on whose page it stands.", 12))
    board = computed(text("The board's word in addresses.", "qa"), _board)
    path = text("Where people read it on this site.", "/posts/12/how-do-i-move-a-yard#answer-13")
    title = computed(text("The title of that page.", "How do I move a yard?"), lambda hit: _plain(hit.title))
    title_html = computed(
        text("The same as safe HTML with what was found marked.", "How do I move a <mark>yard</mark>?"),
        lambda hit: _marked(hit.title),
    )
    snippet = computed(text("Some of its words.", "Lift the yard gently."), lambda hit: _plain(hit.snippet))
    snippet_html = computed(
        text("The same as safe HTML with what was found marked.", "Lift the <mark>yard</mark> gently."),
        lambda hit: _marked(hit.snippet),
    )
    tags = computed(texts("Its tags.", ["python"]), _tags)
    author = within("row", author(metadata={"description": "Who wrote it."}))
    score = within("row", whole("Votes up minus votes down.", 3))
    answer_count = within("row", whole("How many answers the page has.", 1))
    created_at = within("row", moment("When it was written."))


class HitQuery(ListQuery):
    """What is looked for."""

    q = text('Words, all of which must be there; "phrases" stand side by side.', "yard", load_default="")
    kind = choice(
        "Only of this kind; `talk` is everything that is neither question nor answer.",
        *(kind for kind in KINDS if kind),
        load_default=None,
    )


class SimilarQuestionSchema(Schema):
    """A question that resembles another."""

    id = whole("Its number.", 7)
    title = text("The title.", "How does one carry a yard?")
    score = whole("Votes up minus votes down.", 5)
    answer_count = whole("How many answers it has.", 2)
    accepted_answer_id = whole("The answer that helped, if one is marked.", 9, allow_none=True)


class TitleQuery(ListQuery):
    """A question that is still being written."""

    title = text("Its title so far.", "How do I move a yard?", load_default="")
