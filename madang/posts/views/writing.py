"""Pages to write a post, ask a question and answer one."""

from collections.abc import Sequence
from datetime import datetime
from functools import partial

from flask import Blueprint, redirect, render_template, request
from flask_login import login_required
from werkzeug.wrappers import Response as AnyResponse
from wtforms import SelectChoice

from madang.boards.models import Board
from madang.boards.queries import boards_of, get_board, visible_boards
from madang.core.clock import now
from madang.core.errors import InvalidInput, NotFound, reporting
from madang.core.i18n import _
from madang.core.web.actor import current_actor
from madang.core.web.api_twins import api_twin
from madang.core.web.request_limits import limited_rate
from madang.core.web.suspension import readable_while_suspended

from ..forms import AnswerForm, PostForm
from ..fragments.addresses import answer_path, post_path
from ..fragments.drafts import DraftEntry, offered_drafts
from ..fragments.slots import POST_PARTS, part_errors, part_values, parts_of, with_parts
from ..models import POST_KIND_BY_BOARD_KIND, Post
from ..operations.answering import post_answer, require_can_answer
from ..operations.drafting import NEW_POST, NEW_POST_PLACE, discard_draft, new_post_place
from ..operations.publishing import publish_post
from ..policies import can_post_on
from ..queries.drafts import NO_DRAFT, draft_of
from ..queries.posts import get_page_row, get_post
from .drafting import redirect_after_posting
from .pictures import attach_form_pictures
from .reading import render_post

bp = Blueprint("writing", __name__)


@bp.get("/posts/new")
@login_required
def new() -> str:
    slug = request.args.get("board", "")
    board = get_board(slug, current_actor()) if slug else None
    return _new_page(board.slug if board else "", board.kind if board else None)


@bp.get("/questions/ask")
@login_required
def ask() -> str:
    boards = boards_of("qa", current_actor())
    slug = next((board.slug for board in boards if not board.is_archived), "")
    return _new_page(slug, "qa")


def _new_page(slug: str, board_kind: str | None) -> str:
    """The form of a new post on the board `slug`, with the draft that the address names.

    If it names none, the page offers the unfinished texts for boards of `board_kind`, or of all kinds.
    """
    actor, place = current_actor(), request.args.get("draft", "")
    is_continued = NEW_POST_PLACE.fullmatch(place)
    draft = draft_of(actor, place) if is_continued else NO_DRAFT
    values = {"board": slug, **draft.fields, **part_values(None, draft.fields)}
    form = with_parts(PostForm)(data={**values, "draft": place if is_continued else new_post_place()}, formdata=None)
    offered = [] if is_continued else offered_drafts(actor, board_kind)
    return _form_page(form, draft.saved_at, offered)


@bp.post("/posts/new")
@bp.post("/questions/ask", endpoint="create_question")
@api_twin("POST /posts")
@login_required
def create() -> AnyResponse | str | tuple[str, int]:
    form = with_parts(PostForm)()
    if not NEW_POST_PLACE.fullmatch(form.text("draft")):
        form.draft.data = NEW_POST
    with form.submitted():
        if attach_form_pictures(form):
            return _form_page(form)
        with limited_rate("post"):
            post = _publish(form, _get_chosen_board(form))
        discard_draft(current_actor(), form.draft.data)
        return redirect_after_posting(post_path(post), form.draft.data)
    return _form_page(form), form.status


def _publish(form: PostForm, board: Board) -> Post:
    """Publish the post with what other slices added to its form; all errors are reported together."""
    actor, moment = current_actor(), now()
    words = {name: form.text(name) for name in ("title", "body", "tags")}
    with reporting(part_errors(form, POST_KIND_BY_BOARD_KIND[board.kind])):
        post = publish_post(board, actor=actor, **words, now=moment)
    for part in parts_of(post.kind):
        part.save(form, post, actor=actor, now=moment)
    return post


def _get_chosen_board(form: PostForm) -> Board:
    """The board chosen in the form. Raises `InvalidInput` (board)."""
    try:
        return get_board(form.text("board"), current_actor())
    except NotFound:
        raise InvalidInput(_("Please choose a board."), field="board") from None


def _form_page(form: PostForm, saved_at: datetime | None = None, offered: Sequence[DraftEntry] = ()) -> str:
    actor = current_actor()
    writable = [
        board for board in visible_boards(actor) if can_post_on(actor, board.kind, is_archived=board.is_archived)
    ]
    options = [SelectChoice(board.slug, board.name, render_kw={"data-kind": board.kind}) for board in writable]
    form.set_labels().board.choices = options
    by_preference = sorted(writable, key=lambda board: (board.slug != form.board.data, board.kind != "qa"))
    chosen = by_preference[0] if by_preference else None
    form.board.data, kind = (chosen.slug, chosen.kind) if chosen else ("", "qa")
    parts = [partial(part.render, form, None) for part in POST_PARTS.fillings()]
    return render_template(
        "posts/write.html", form=form, board_kind=kind, parts=parts, saved_at=saved_at, offered=offered
    )


@bp.get("/posts/<int:post_id>/answers")
@readable_while_suspended
def answers(post_id: int) -> AnyResponse:
    """Lead to the form: this is where people come back to after they had to log in once more to post an answer."""
    return redirect(f"/posts/{post_id}#write")


@bp.post("/posts/<int:post_id>/answers")
@api_twin("POST /posts/<int:post_id>/answers")
@login_required
def answer(post_id: int) -> AnyResponse | str | tuple[str, int]:
    actor, form = current_actor(), AnswerForm()
    question = get_post(post_id, actor)
    require_can_answer(question, actor)
    with form.submitted():
        if attach_form_pictures(form):
            return render_post(get_page_row(post_id, actor), form)
        with limited_rate("post"):
            posted = post_answer(question, actor=actor, body=form.text("body"), now=now())
        place = f"answer:{question.id}"
        discard_draft(actor, place)
        return redirect_after_posting(answer_path(posted, actor), place)
    return render_post(get_page_row(post_id, actor), form), form.status
