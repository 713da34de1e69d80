"""Staff pages: list, create, edit and delete boards."""

from flask import Blueprint, flash, redirect, render_template
from werkzeug.wrappers import Response as AnyResponse

from madang.boards.models import Board
from madang.boards.operations.managing import BoardSettings, create_board, edit_board, get_managed_board, managed_boards
from madang.boards.policies import EVERYONE
from madang.boards.queries import get_board
from madang.boards.sentences import readers_words
from madang.core.clock import now
from madang.core.errors import InvalidInput, NotFound
from madang.core.i18n import LOCALES, _, ngettext
from madang.core.site import site_locale
from madang.core.web.actor import current_actor
from madang.core.web.api_twins import api_twin
from madang.core.web.forms import choices
from madang.groups.queries import group_names
from madang.posts.operations.clearing_boards import (
    archive_for_clearing,
    change_board_kind,
    check_board_deletion,
    delete_board,
    has_posts,
)

from ..forms import BoardForm, BoardRemovalForm, board_kind_words
from ..jobs import clear_board
from .access import admin_required, confirmation_page, is_confirmed

bp = Blueprint("admin_boards", __name__, url_prefix="/admin/boards")


@bp.get("")
@admin_required
def boards() -> str:
    return render_template(
        "admin/boards.html",
        rows=managed_boards(current_actor()),
        kind_words=board_kind_words,
        readers_words=readers_words,
        groups=group_names(),
    )


@bp.get("/add")
@admin_required
def ask_add() -> str:
    return _board_page(None, BoardForm(data={"kind": "talk"}, formdata=None))


def _board_page(board: Board | None, form: BoardForm) -> str:
    is_filled = board is not None and has_posts(board)
    if board and is_filled:
        form.kind.data = board.kind
    return render_template(
        "admin/board.html", board=board, form=form.set_labels(), is_filled=is_filled, locales=_locales()
    )


def _locales() -> list[str]:
    """The languages, the site's first."""
    return sorted(LOCALES, key=lambda locale: locale != site_locale())


@bp.post("/add")
@api_twin("POST /admin/boards")
@admin_required
def add() -> AnyResponse | str | tuple[str, int]:
    form = BoardForm()
    with form.submitted():
        board = create_board(
            actor=current_actor(),
            slug=form.text("slug"),
            kind=form.text("kind"),
            name=form.texts("name"),
            description=form.texts("description"),
            settings=_settings(form),
            now=now(),
        )
        if not is_confirmed():
            lines = [
                _(
                    "A board named “%(name)s” will be created at %(path)s.",
                    name=board.name,
                    path=f"/boards/{board.slug}",
                ),
                _("Kind of board: %(kind)s.", kind=board_kind_words(board.kind)),
                _("Who may see it: %(readers)s.", readers=readers_words(board, group_names())),
            ]
            return confirmation_page(form, lines, title=_("Add this board?"), ok=_("Add"), back="/admin/boards")
        flash(_("The board has been created."), "success")
        return redirect("/admin/boards")
    return _board_page(None, form), form.status


def _settings(form: BoardForm, board: Board | None = None) -> BoardSettings:
    """The submitted settings of a `board`, or of a new one."""
    former = board or BoardSettings()
    has_readers = bool(form.text("readers"))
    return BoardSettings(
        uses_math=bool(form.uses_math.data),
        asks_before_vote=bool(form.asks_before_vote.data),
        readers=form.text("readers") if has_readers else former.readers,
        reader_group_ids=form.group_ids() if has_readers else former.reader_group_ids,
    )


@bp.get("/<int:board_id>")
@admin_required
def board(board_id: int) -> str:
    board = get_managed_board(board_id, current_actor())
    values: dict[str, object] = {"slug": board.slug, "kind": board.kind}
    values |= {f"name_{locale}": text for locale, text in board.names.items()}
    values |= {f"description_{locale}": text for locale, text in board.descriptions.items()}
    values |= {"position": str(board.position), "archived": board.is_archived, "uses_math": board.uses_math}
    values |= {"asks_before_vote": board.asks_before_vote, "readers": board.readers}
    values |= {"reader_group_ids": [str(each) for each in board.reader_group_ids]}
    return _board_page(board, BoardForm(data=values, formdata=None))


@bp.post("/<int:board_id>", endpoint="save")
@api_twin("PATCH /admin/boards/<slug>")
@admin_required
def save(board_id: int) -> AnyResponse | str | tuple[str, int]:
    form, board, actor = BoardForm(), get_managed_board(board_id, current_actor()), current_actor()
    with form.submitted():
        former = board.slug
        change_board_kind(board, form.text("kind") or board.kind, actor=actor)
        changed = edit_board(
            board,
            actor=actor,
            slug=form.text("slug"),
            name=form.texts("name"),
            description=form.texts("description"),
            position=form.number(),
            is_archived=bool(form.archived.data),
            settings=_settings(form, board),
            now=now(),
        )
        if {"slug", "is_archived", "readers", "reader_group_ids"} & set(changed) and not is_confirmed():
            lines = _changes(board, changed, former)
            return confirmation_page(form, lines, title=_("Change this board?"), ok=_("Change"), back="/admin/boards")
        flash(_("The board has been changed."), "success")
        return redirect("/admin/boards")
    return _board_page(get_managed_board(board_id, current_actor()), form), form.status


def _changes(board: Board, changed: list[str], former: str) -> list[str]:
    """One sentence for each change that other people notice."""
    sentences = []
    if "slug" in changed:
        paths = {"old": f"/boards/{former}", "new": f"/boards/{board.slug}"}
        sentences.append(
            _("The board moves from %(old)s to %(new)s. Links to the old address will stop working.", **paths)
        )
    if {"readers", "reader_group_ids"} & set(changed):
        sentences.append(_readers_sentence(board))
    if "is_archived" in changed and board.is_archived:
        sentences.append(_("The board accepts no new posts. Existing posts can still be read, answered and voted on."))
    elif "is_archived" in changed:
        sentences.append(_("The board accepts new posts again."))
    return sentences


def _readers_sentence(board: Board) -> str:
    if board.readers == EVERYONE:
        return ngettext(
            "%(num)s post becomes readable for everyone, search engines too.",
            "%(num)s posts become readable for everyone, search engines too.",
            board.post_count,
        )
    return _(
        "From then on these alone see the board and what stands on it: %(readers)s. What others have read or been sent "
        "before stays with them.",
        readers=readers_words(board, group_names()),
    )


@bp.get("/<int:board_id>/delete")
@admin_required
def ask_delete(board_id: int) -> str:
    return _delete_page(get_managed_board(board_id, current_actor()), BoardRemovalForm(formdata=None))


def _delete_page(board: Board, form: BoardRemovalForm) -> str:
    rows = managed_boards(current_actor())
    others = [row for row in rows if row.kind == board.kind and row.id != board.id and not row.archived_at]
    form.move_to.label.text = _("Move its posts to")
    form.move_to.choices = choices([("", _("Choose a board")), *((row.slug, row.name) for row in others)])
    return render_template(
        "admin/board_delete.html", board=board, form=form, is_filled=has_posts(board), has_others=bool(others)
    )


@bp.post("/<int:board_id>/delete")
@api_twin("DELETE /admin/boards/<slug>")
@admin_required
def delete(board_id: int) -> AnyResponse | tuple[str, int]:
    form, board, actor = BoardRemovalForm(), get_managed_board(board_id, current_actor()), current_actor()
    with form.submitted():
        target = _find_target(form.text("move_to"))
        check_board_deletion(board, target, actor=actor)
        if target is not None:
            archive_for_clearing(board, target, actor=actor, now=now())
            job = clear_board.enqueue(owner_id=actor.id, board_id=board_id, target_id=target.id, actor_id=actor.id)
            return redirect(f"/jobs/{job.id}")
        delete_board(board, actor=actor)
        flash(_("The board has been deleted."), "success")
        return redirect("/admin/boards")
    return _delete_page(get_managed_board(board_id, current_actor()), form), form.status


def _find_target(slug: str) -> Board | None:
    """The board to move the posts to, or None for an empty `slug`. Raises `InvalidInput` (move_to)."""
    try:
        return get_board(slug, current_actor()) if slug else None
    except NotFound:
        raise InvalidInput(_("Please choose another board of the same kind."), field="move_to") from None
