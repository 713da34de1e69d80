"""Pages to write: ask, post, answer, edit, delete, look at revisions, and what the editor asks of the server."""

from itertools import zip_longest
from typing import Any

from flask import Blueprint, Response, jsonify, redirect, render_template, request, url_for
from flask_login import login_required
from werkzeug.datastructures import FileStorage
from werkzeug.wrappers import Response as AnyResponse

from madang.boards.queries import get_board, nav_boards
from madang.core.clock import now
from madang.core.errors import InvalidInput, NotFound, RateLimited, Unavailable, require
from madang.core.forms import choices
from madang.core.i18n import _
from madang.core.pagination import list_page
from madang.core.text import clean_line
from madang.core.web import current_actor, limit_rate, settle

from ..forms import AnswerForm, EditForm, PostForm, TextForm
from ..fragments import answer_path, path_of, post_path
from ..models import Post
from ..operations.accepting import accept_answer, unaccept_answer
from ..operations.attaching import attach_picture
from ..operations.drafting import forget_draft, keep_draft
from ..operations.publishing import (
    delete_post,
    edit_post,
    post_answer,
    publish_post,
    require_editor,
    require_open,
    restore_post,
    revert_post,
)
from ..operations.rendering import render_preview
from ..policies import can_delete_post, can_edit_post, can_post_on
from ..queries.diff import diff_lines
from ..queries.posts import draft_of, get_page_row, get_post, get_revision, revision_count, revision_rows
from .reading import render_post

bp = Blueprint("writing", __name__)
REVISIONS_PER_PAGE = 10  # comparing two long texts takes a tenth of a second


@bp.get("/posts/new")
@login_required
def new() -> str:
    slug = request.args.get("board", "")
    form = PostForm(data={"board": slug, **draft_of(current_actor(), "post")}, formdata=None)
    if slug:
        form.board.data = get_board(slug).slug
    return _write_page(form)


@bp.get("/questions/ask")
@login_required
def ask() -> str:
    form = PostForm(data=draft_of(current_actor(), "post"), formdata=None)
    form.board.data = next((board.slug for board in nav_boards() if board.kind == "qa" and not board.is_archived), "")
    return _write_page(form)


@bp.post("/posts/new")
@bp.post("/questions/ask", endpoint="create_question")
@login_required
def create() -> AnyResponse | str | tuple[str, int]:
    form = PostForm()
    with form.submitted():
        if _only_adds_pictures(form):
            return _write_page(form)
        limit_rate("post")
        post = publish_post(
            _chosen_board(form),
            actor=current_actor(),
            title=form.text("title"),
            body=form.text("body"),
            tags=form.text("tags"),
            now=now(),
        )
        forget_draft(current_actor(), "post")
        return redirect(post_path(post))
    return _write_page(form), form.status


def _only_adds_pictures(form: TextForm) -> bool:
    """Keep the pictures that came along with a text and put them at its end; whether that is all that was wanted.

    Those that can be taken are in the text from now on, whatever becomes of the rest. Raises `InvalidInput` (pictures).
    """
    chosen = form.pictures.data or []
    is_all = "add" in request.form
    try:
        refused = dict.fromkeys(words for file in chosen if (words := _take_picture(form, file)))
    except Unavailable:
        settle()
        raise
    if chosen:
        settle()
    if is_all and not chosen:
        raise InvalidInput(_("Please choose a picture."), field="pictures")
    if refused:
        raise InvalidInput(" ".join(refused), field="pictures")
    return is_all


def _take_picture(form: TextForm, file: FileStorage) -> str | None:
    """Put a picture at the end of a text; what is wrong with it, where something is."""
    try:
        limit_rate("upload")
        picture = attach_picture(file.stream, actor=current_actor(), now=now())
    except RateLimited as error:
        return error.message
    except InvalidInput as error:
        return f"{clean_line(file.filename or '')[:80]}: {' '.join(error.fields.values())}"
    form.add(picture.markdown(file.filename or ""))
    return None


def _chosen_board(form: PostForm) -> Any:
    try:
        return get_board(form.text("board"))
    except NotFound:
        raise InvalidInput(_("Please choose a board."), field="board") from None


def _write_page(form: PostForm) -> str:
    actor = current_actor()
    open_ones = [board for board in nav_boards() if can_post_on(actor, board.kind, is_archived=board.is_archived)]
    boards = [(board.slug, board.name) for board in open_ones]
    form.say().board.choices = choices(boards)
    kind = next((board.kind for board in nav_boards() if board.slug == form.board.data), "qa")
    return render_template("posts/write.html", form=form, board_kind=kind)


@bp.post("/posts/<int:post_id>/answers")
@login_required
def answer(post_id: int) -> AnyResponse | str | tuple[str, int]:
    actor, form = current_actor(), AnswerForm()
    question = get_post(post_id, actor)
    require_open(question, actor)
    with form.submitted():
        if _only_adds_pictures(form):
            return render_post(get_page_row(post_id, actor), form)
        limit_rate("post")
        posted = post_answer(question, actor=actor, body=form.text("body"), now=now())
        forget_draft(actor, f"answer:{question.id}")
        return redirect(answer_path(posted, actor))
    return render_post(get_page_row(post_id, actor), form), form.status


@bp.get("/posts/<int:post_id>/edit")
@login_required
def edit(post_id: int) -> str:
    actor = current_actor()
    post = get_post(post_id, actor)
    require_editor(post, actor)
    words = {"title": post.title, "body": post.body, "tags": post.tag_names.replace(" ", ", "), "version": post.version}
    draft = draft_of(actor, f"edit:{post.id}:{post.version}")
    return _edit_page(post, EditForm(data={**words, **draft}, formdata=None))


@bp.post("/posts/<int:post_id>/edit")
@login_required
def save(post_id: int) -> AnyResponse | str | tuple[str, int]:
    actor, form = current_actor(), EditForm()
    post = get_post(post_id, actor)
    require_editor(post, actor)
    version = form.version.data or 0
    with form.submitted():
        if _only_adds_pictures(form):
            return _edit_page(post, form)
        limit_rate("post")
        edit_post(
            post,
            actor=actor,
            title=form.text("title"),
            body=form.text("body"),
            tags=form.text("tags"),
            summary=form.text("summary"),
            version=version,
            now=now(),
        )
        forget_draft(actor, f"edit:{post.id}:{version}")
        return redirect(path_of(post, current_actor()))
    return _edit_page(get_post(post_id, actor), form), form.status


def _edit_page(post: Post, form: EditForm) -> str:
    """The editor. After a conflict it shows what the other one saved beside what was typed, and goes on from there."""
    theirs = None
    if form.status == 409:
        theirs = diff_lines(form.text("body"), post.body)
        form.version.data = post.version
    return render_template(
        "posts/edit.html", form=form.say(), post=post, theirs=theirs, back=path_of(post, current_actor())
    )


@bp.get("/posts/<int:post_id>/delete")
@login_required
def ask_delete(post_id: int) -> str:
    actor = current_actor()
    post = get_post(post_id, actor)
    require(can_delete_post(actor, post), _("Others have answered, or this is not yours: you cannot delete it."))
    return render_template("posts/delete.html", post=post, back=path_of(post, current_actor()))


@bp.post("/posts/<int:post_id>/delete")
@login_required
def delete(post_id: int) -> AnyResponse:
    actor = current_actor()
    post = get_post(post_id, actor)
    delete_post(post, actor=actor, now=now())
    return redirect(post_path(get_post(post.parent_id, actor)) if post.parent_id else _board_path(post))


def _board_path(post: Post) -> str:
    slug = next((board.slug for board in nav_boards() if board.id == post.board_id), None)
    return url_for("posts.board", slug=slug) if slug else url_for("posts.home")


@bp.post("/posts/<int:post_id>/restore")
@login_required
def restore(post_id: int) -> AnyResponse:
    post = get_post(post_id, current_actor())
    restore_post(post, actor=current_actor(), now=now())
    return redirect(path_of(post, current_actor()))


@bp.post("/posts/<int:post_id>/accept")
@login_required
def accept(post_id: int) -> AnyResponse:
    actor = current_actor()
    answer = get_post(post_id, actor)
    if request.form.get("value", "1") == "0":
        unaccept_answer(answer, actor=actor)
    else:
        accept_answer(answer, actor=actor, now=now())
    return redirect(answer_path(answer, actor), 303)


@bp.get("/posts/<int:post_id>/revisions")
def revisions(post_id: int) -> str:
    actor = current_actor()
    post = get_post(post_id, actor)
    page = list_page(revision_count(post), REVISIONS_PER_PAGE)
    rows = revision_rows(post, page)
    pairs = list(zip_longest(rows, rows[1:]))[: page.size]
    changes = [(row, _changes(row, before)) for row, before in pairs]
    return render_template(
        "posts/revisions.html",
        post=post,
        changes=changes,
        page=page,
        can_edit=can_edit_post(actor, post),
        back=path_of(post, current_actor()),
    )


def _changes(row: Any, before: Any) -> dict[str, Any]:
    """What a revision changed in the one before it."""
    if before is None:
        return {"title": None, "tags": None, "lines": diff_lines("", row.body)}
    return {
        "title": (before.title, row.title) if before.title != row.title else None,
        "tags": (before.tag_names, row.tag_names) if before.tag_names != row.tag_names else None,
        "lines": diff_lines(before.body, row.body) if before.body != row.body else [],
    }


@bp.post("/posts/<int:post_id>/revisions/<int:number>/revert")
@login_required
def revert(post_id: int, number: int) -> AnyResponse:
    actor = current_actor()
    limit_rate("post")
    post = get_post(post_id, actor)
    revert_post(post, get_revision(post, number), actor=actor, now=now())
    return redirect(path_of(post, current_actor()))


@bp.post("/posts/preview")
@login_required
def preview() -> str:
    limit_rate("preview")
    return render_preview(request.form.get("body", ""))


@bp.post("/posts/drafts")
@login_required
def draft() -> Response:
    limit_rate("draft")
    fields = {name: request.form.get(name, "") for name in ("board", "title", "body", "tags") if name in request.form}
    keep_draft(current_actor(), request.form.get("key", ""), fields, now=now())
    return Response(status=204)


@bp.post("/files")
@login_required
def upload() -> tuple[Response, int]:
    limit_rate("upload")
    file = request.files.get("file")
    if file is None:
        raise InvalidInput(_("Please choose a picture."), field="file")
    picture = attach_picture(file.stream, actor=current_actor(), now=now())
    told = {
        "id": picture.id,
        "url": picture.url,
        "thumbnail_url": picture.thumbnail_url,
        "width": picture.width,
        "height": picture.height,
        "type": picture.content_type,
        "size": picture.byte_count,
        "markdown": picture.markdown(),
    }
    return jsonify(told), 201
