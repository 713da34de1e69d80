"""Pages and buttons to moderate a post: lock, pin, move."""

from flask import Blueprint, redirect, render_template
from flask_login import login_required
from werkzeug.wrappers import Response as AnyResponse

from madang.boards.models import Board
from madang.boards.policies import is_wider
from madang.boards.queries import get_board, readers_of, visible_boards
from madang.boards.sentences import readers_words
from madang.core.clock import now
from madang.core.i18n import _
from madang.core.web.actor import current_actor
from madang.core.web.api_twins import api_twin
from madang.core.web.forms import choices, submitted_toggle
from madang.groups.queries import group_names

from ..forms import MoveForm
from ..fragments.addresses import post_path
from ..models import Post
from ..operations import moderating
from ..policies import require_moderator
from ..queries.posts import get_post

bp = Blueprint("moderating", __name__, url_prefix="/posts/<int:post_id>")


def get_moderated_post(post_id: int) -> Post:
    """The post, for a moderator. Raises `Forbidden`, and as `get_post` does."""
    require_moderator(current_actor())
    return get_post(post_id, current_actor())


@bp.post("/lock")
@api_twin("PUT /posts/<int:post_id>/lock", "DELETE /posts/<int:post_id>/lock")
@login_required
def lock(post_id: int) -> AnyResponse:
    post = get_moderated_post(post_id)
    if submitted_toggle():
        moderating.lock_post(post, actor=current_actor(), now=now())
    else:
        moderating.unlock_post(post, actor=current_actor())
    return redirect(post_path(post))


@bp.post("/pin")
@api_twin("PUT /posts/<int:post_id>/pin", "DELETE /posts/<int:post_id>/pin")
@login_required
def pin(post_id: int) -> AnyResponse:
    post = get_moderated_post(post_id)
    if submitted_toggle():
        moderating.pin_post(post, actor=current_actor(), now=now())
    else:
        moderating.unpin_post(post, actor=current_actor())
    return redirect(post_path(post))


@bp.get("/move")
@login_required
def ask_move(post_id: int) -> str:
    return _move_page(get_moderated_post(post_id), MoveForm(formdata=None))


def _move_page(post: Post, form: MoveForm, *, wider: Board | None = None) -> str:
    """The page that asks where to; and again if on the chosen board more people will see the post (`wider`)."""
    form.board.label.text = _("Board")
    others = [board for board in visible_boards(current_actor()) if board.id != post.board_id and not board.is_archived]
    form.board.choices = choices((board.slug, board.name) for board in others)
    readers = readers_words(wider, group_names()) if wider else ""
    return render_template("posts/move.html", post=post, form=form, back=post_path(post), readers=readers)


@bp.post("/move")
@api_twin("PUT /posts/<int:post_id>/board")
@login_required
def move(post_id: int) -> AnyResponse | str | tuple[str, int]:
    post, form = get_moderated_post(post_id), MoveForm()
    with form.submitted():
        board = get_board(form.text("board"), current_actor())
        if is_wider(board, than=readers_of(post.board_id)) and not form.confirmed.data:
            return _move_page(post, form, wider=board)
        moderating.move_post(post, board, actor=current_actor())
        return redirect(post_path(post))
    return _move_page(get_moderated_post(post_id), form), form.status
