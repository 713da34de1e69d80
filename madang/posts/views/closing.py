"""Pages and buttons to close and reopen a question, and the picker of the question that it repeats."""

import re
from urllib.parse import urlsplit

from flask import Blueprint, Response, current_app, jsonify, redirect, render_template, request
from flask_login import login_required
from sqlalchemy import Row
from werkzeug.wrappers import Response as AnyResponse

from madang.core.clock import now
from madang.core.errors import InvalidInput
from madang.core.i18n import _, ngettext
from madang.core.web.actor import current_actor
from madang.core.web.api_twins import api_twin

from ..forms import CloseForm
from ..fragments.addresses import post_path
from ..fragments.slots import QUESTION_SEARCH
from ..models import Post
from ..operations.moderating import close_question, reopen_question
from ..queries.posts import find_post, question_rows
from .moderating import get_moderated_post

bp = Blueprint("closing", __name__, url_prefix="/posts/<int:post_id>")
ADDRESS = re.compile(r"/?(?:posts|questions)/([0-9]{1,18})(?![0-9])")
NUMBER = re.compile("[0-9]{1,18}")
MAX_MATCHES = 8


@bp.get("/close")
@login_required
def ask_close(post_id: int) -> str:
    return _close_page(get_moderated_post(post_id), CloseForm(formdata=None), [])


def _close_page(post: Post, form: CloseForm, matches: list[Row]) -> str:
    shown = [(row, question_state(row)) for row in matches]
    return render_template("posts/close.html", post=post, form=form.set_labels(), back=post_path(post), matches=shown)


@bp.post("/close")
@api_twin("PUT /posts/<int:post_id>/close")
@login_required
def close(post_id: int) -> AnyResponse | tuple[str, int]:
    post, form, matches = get_moderated_post(post_id), CloseForm(), list[Row]()
    with form.submitted():
        original = None
        if form.reason.data == "duplicate":
            original = _chosen_original(form)
            matches = [] if original else _matches(form.text("duplicate_of"), post_id)
            if matches:
                raise InvalidInput(_("Please choose the question it duplicates."), field="duplicate_of")
        close_question(post, reason=form.text("reason"), duplicate_of=original, actor=current_actor(), now=now())
        return redirect(post_path(post))
    return _close_page(get_moderated_post(post_id), form, matches), form.status


def _chosen_original(form: CloseForm) -> Post | None:
    """The question that was chosen from matches, else the one whose address was typed; None for any other text."""
    chosen = NUMBER.fullmatch(form.text("original"))
    original_id = int(chosen[0]) if chosen else _id_in_address(form.text("duplicate_of"))
    post = find_post(original_id, current_actor()) if original_id else None
    return find_post(post.parent_id, current_actor()) if post and post.parent_id else post


def _id_in_address(text: str) -> int | None:
    """The id of the post with this address; None for a text that is none, and for an address of another site."""
    try:
        address = urlsplit(text.strip())
    except ValueError:
        return None
    hosts = ("", request.host, urlsplit(current_app.config["SITE_URL"] or "").netloc)
    found = ADDRESS.match(address.path) if address.netloc in hosts else None
    return int(found[1]) if found else None


@bp.get("/close/matches")
@login_required
def matches(post_id: int) -> Response:
    """Questions that `q` may mean, as JSON for the picker."""
    get_moderated_post(post_id)
    return jsonify(
        [
            {"id": row.id, "title": row.title, "excerpt": row.excerpt, "state": question_state(row)}
            for row in _matches(request.args.get("q", ""), post_id)
        ]
    )


def _matches(text: str, post_id: int) -> list[Row]:
    """The questions with this address, number or title, the best first; never the one that is to be closed."""
    number = NUMBER.fullmatch(text.strip())
    address = int(number[0]) if number else _id_in_address(text)
    named = [address] if address else []
    found = [post_id for search in QUESTION_SEARCH.fillings() for post_id in search(text, current_actor())]
    ids = [each for each in dict.fromkeys([*named, *found]) if each != post_id]
    return question_rows(ids[:MAX_MATCHES], current_actor())


def question_state(row: Row) -> str:
    """Whether a question is closed or solved, and how many answers it has, in a few words."""
    answers = ngettext("%(num)s answer", "%(num)s answers", row.answer_count)
    if row.closed_at is not None:
        return f"{_('Closed')} · {answers}"
    return f"{_('solved')} · {answers}" if row.accepted_answer_id is not None else answers


@bp.post("/reopen")
@api_twin("DELETE /posts/<int:post_id>/close")
@login_required
def reopen(post_id: int) -> AnyResponse:
    post = get_moderated_post(post_id)
    reopen_question(post, actor=current_actor())
    return redirect(post_path(post))
