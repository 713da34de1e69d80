"""Pages to write a post, ask a question and answer one."""

from flask import Blueprint, redirect, render_template, request
from flask_login import login_required
from werkzeug.wrappers import Response as AnyResponse
from wtforms import SelectChoice

from madang.boards.models import Board
from madang.boards.queries import get_board, nav_boards
from madang.core.clock import now
from madang.core.errors import InvalidInput, NotFound, reporting
from madang.core.i18n import _
from madang.core.web.actor import current_actor
from madang.core.web.api_twins import api_twin
from madang.core.web.request_limits import limit_rate

from ..forms import AnswerForm, PostForm
from ..fragments.addresses import answer_path, post_path
from ..fragments.slots import POST_PARTS, part_errors, part_values, parts_of, with_parts
from ..models import POST_KIND_BY_BOARD_KIND, Post
from ..operations.answering import post_answer, require_can_answer
from ..operations.drafting import discard_draft
from ..operations.publishing import publish_post
from ..policies import can_post_on
from ..queries.drafts import draft_of
from ..queries.posts import get_page_row, get_post
from .pictures import attach_form_pictures
from .reading import render_post

bp = Blueprint("writing", __name__)


@bp.get("/posts/new")
@login_required
def new() -> str:
    slug = request.args.get("board", "")
    form = _new_form(slug)
    if slug:
        form.board.data = get_board(slug).slug
    return _form_page(form)


@bp.get("/questions/ask")
@login_required
def ask() -> str:
    form = _new_form("")
    form.board.data = next((board.slug for board in nav_boards() if board.kind == "qa" and not board.is_archived), "")
    return _form_page(form)


def _new_form(slug: str) -> PostForm:
    """The form of a new post on the board `slug`, with the person's draft."""
    draft = draft_of(current_actor(), "post")
    return with_parts(PostForm)(data={"board": slug, **draft, **part_values(None, draft)}, formdata=None)


@bp.post("/posts/new")
@bp.post("/questions/ask", endpoint="create_question")
@api_twin("POST /posts")
@login_required
def create() -> AnyResponse | str | tuple[str, int]:
    form = with_parts(PostForm)()
    with form.submitted():
        if attach_form_pictures(form):
            return _form_page(form)
        limit_rate("post")
        post = _publish(form, _get_chosen_board(form))
        discard_draft(current_actor(), "post")
        return redirect(post_path(post))
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
        return get_board(form.text("board"))
    except NotFound:
        raise InvalidInput(_("Please choose a board."), field="board") from None


def _form_page(form: PostForm) -> str:
    actor = current_actor()
    writable = [board for board in nav_boards() if can_post_on(actor, board.kind, is_archived=board.is_archived)]
    options = [SelectChoice(board.slug, board.name, render_kw={"data-kind": board.kind}) for board in writable]
    form.set_labels().board.choices = options
    kind = next((board.kind for board in nav_boards() if board.slug == form.board.data), "qa")
    parts = [part.render(form, None) for part in POST_PARTS.fillings()]
    return render_template("posts/write.html", form=form, board_kind=kind, parts=parts)


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
        limit_rate("post")
        posted = post_answer(question, actor=actor, body=form.text("body"), now=now())
        discard_draft(actor, f"answer:{question.id}")
        return redirect(answer_path(posted, actor))
    return render_post(get_page_row(post_id, actor), form), form.status
