"""Pages of to-dos and lists."""

import re
from datetime import UTC, date, datetime, time
from urllib.parse import urlencode, urlsplit

from flask import Blueprint, flash, jsonify, redirect, render_template, request, url_for
from sqlalchemy import Row
from werkzeug.wrappers import Response as AnyResponse

from madang.core.clock import now
from madang.core.errors import InvalidInput, NotFound
from madang.core.i18n import _, current_zone
from madang.core.local_time import format_moment, format_time, local_now
from madang.core.web.actor import current_actor, identity_required
from madang.core.web.api_twins import api_twin
from madang.core.web.constants import is_htmx
from madang.core.web.forms import submitted_toggle
from madang.core.web.ids import parse_id
from madang.core.web.pagination import list_page
from madang.core.web.request_limits import limited_rate
from madang.core.web.suspension import readable_while_suspended
from madang.core.web.urls import return_path

from ..forms import ListForm, TodoForm
from ..fragments import items, open_counts, sections
from ..models import Todo, TodoList
from ..operations.lists import default_list, delete_list, make_list, rename_list
from ..operations.todos import (
    add_todo,
    complete_todo,
    delete_done,
    delete_todo,
    edit_todo,
    move_todo,
    reopen_todo,
    restore_deleted,
)
from ..queries.todos import (
    done_count,
    done_ids,
    done_rows,
    get_list,
    get_todo,
    list_rows,
    open_ids,
    open_rows,
    rows_on,
)

bp = Blueprint("todos", __name__)
PER_PAGE = 100
HOME = "/todos"


@bp.get("/todos")
@identity_required
@readable_while_suspended
def todos() -> str:
    return _overview(TodoForm(formdata=None), ListForm(formdata=None))


def _overview(form: TodoForm, list_form: ListForm) -> str:
    actor, (today, clock) = current_actor(), _local_now()
    lists = list_rows(actor)
    page = list_page(sum(row.open_count for row in lists), PER_PAGE)
    ranked = sections(open_rows(actor, today, clock, page), today, actor)
    return _page("todos/todos.html", form, lists, sections=ranked, page=page, list_form=list_form.set_labels())


def _local_now() -> tuple[date, time]:
    return local_now(now(), current_zone())


def _page(template: str, form: TodoForm, lists: list[Row], **values: object) -> str:
    """A page with the form for a new to-do, the lists, and a button to undo the last deletion."""
    choices = [(str(row.id), row.name) for row in lists]
    deleted_at = _moment(request.args.get("deleted", ""))
    added = request.args.get("added", "")
    return render_template(
        template,
        form=form.set_labels(choices),
        lists=lists,
        zone=current_zone().replace("_", " "),
        deleted_at=deleted_at.isoformat() if deleted_at else "",
        added_id=int(added) if re.fullmatch("[0-9]{1,19}", added) else 0,
        **values,
    )


@bp.post("/todos", endpoint="add")
@api_twin("POST /todos")
@identity_required
def add() -> AnyResponse | tuple[str, int]:
    form, actor = TodoForm(), current_actor()
    with form.submitted(), limited_rate("todo"):
        todo_list = _named_list(form) or default_list(actor, now=now())
        todo = add_todo(todo_list, form.wish(), actor=actor, zone=current_zone(), now=now())
        return redirect(f"{_back()}?added={todo.id}")
    return _overview(form, ListForm(formdata=None)), form.status


def _named_list(form: TodoForm) -> TodoList | None:
    """The list chosen in a form, None if none is. Raises `InvalidInput`."""
    list_id = form.text("list_id")
    if not list_id:
        return None
    try:
        return get_list(parse_id(list_id), current_actor())
    except NotFound:
        raise InvalidInput(_("This list no longer exists. Please choose another.")) from None


def _back() -> str:
    """The path of the page of to-dos that sent the form."""
    path = urlsplit(return_path()).path
    return path if path == HOME or path.startswith((f"{HOME}/lists/", f"{HOME}/done")) else HOME


@bp.get("/todos/done")
@identity_required
def done() -> str:
    actor, (today, _clock) = current_actor(), _local_now()
    page = list_page(done_count(actor), PER_PAGE)
    done_items = items(done_rows(actor, page), today, actor)
    return _page("todos/done.html", TodoForm(formdata=None), list_rows(actor), items=done_items, page=page)


@bp.get("/todos/lists/<int:list_id>")
@identity_required
@readable_while_suspended
def show_list(list_id: int) -> str:
    todo_list = get_list(list_id, current_actor())
    return _list_page(todo_list, ListForm(data={"name": todo_list.name}, formdata=None))


def _list_page(todo_list: TodoList, list_form: ListForm) -> str:
    actor, (today, _clock) = current_actor(), _local_now()
    lists = list_rows(actor)
    page = list_page(next((row.open_count for row in lists if row.id == todo_list.id), 0), PER_PAGE)
    form = TodoForm(data={"list_id": str(todo_list.id)}, formdata=None)
    return _page(
        "todos/list.html",
        form,
        lists,
        todo_list=todo_list,
        items=items(rows_on(todo_list, actor, page), today, actor),
        page=page,
        list_form=list_form.set_labels(),
    )


@bp.post("/todos/lists", endpoint="make_list")
@api_twin("POST /todo-lists")
@identity_required
def add_list() -> AnyResponse | tuple[str, int]:
    form = ListForm()
    with form.submitted(), limited_rate("todo"):
        todo_list = make_list(form.text("name"), actor=current_actor(), now=now())
        return redirect(url_for("todos.show_list", list_id=todo_list.id))
    return _overview(TodoForm(formdata=None), form), form.status


@bp.post("/todos/lists/<int:list_id>", endpoint="rename_list")
@api_twin("PATCH /todo-lists/<int:list_id>")
@identity_required
def save_list(list_id: int) -> AnyResponse | tuple[str, int]:
    todo_list, form = get_list(list_id, current_actor()), ListForm()
    with form.submitted():
        rename_list(todo_list, form.text("name"), actor=current_actor())
        return redirect(url_for("todos.show_list", list_id=list_id))
    return _list_page(get_list(list_id, current_actor()), form), form.status


@bp.post("/todos/lists/<int:list_id>/delete", endpoint="delete_list")
@api_twin("DELETE /todo-lists/<int:list_id>")
@identity_required
def remove_list(list_id: int) -> AnyResponse:
    moment = now()
    delete_list(get_list(list_id, current_actor()), actor=current_actor(), now=moment)
    return _deleted(HOME, moment)


def _deleted(path: str, moment: datetime) -> AnyResponse:
    """Redirect to a page that offers to undo the deletion at that moment."""
    return redirect(f"{path}?{urlencode({'deleted': moment.isoformat()})}")


@bp.get("/todos/<int:todo_id>/edit")
@identity_required
def edit(todo_id: int) -> str:
    todo = get_todo(todo_id, current_actor())
    values = {
        "title": todo.title,
        "note": todo.note,
        "due_date": todo.due_on.isoformat() if todo.due_on else "",
        "due_time": format_time(todo.due_time),
        "remind_at": format_moment(todo.remind_at, current_zone()),
        "list_id": str(todo.list_id),
    }
    return _edit_page(todo, TodoForm(data=values, formdata=None))


def _edit_page(todo: Todo, form: TodoForm) -> str:
    return _page("todos/edit.html", form, list_rows(current_actor()), todo=todo, place=_place_of(todo))


def _place_of(todo: Todo) -> str:
    """The address of a to-do where it stands: among those that are done, or the open ones."""
    actor, path = current_actor(), "/todos/done" if todo.done_at else HOME
    ids = done_ids(actor) if todo.done_at else open_ids(actor, *_local_now())
    number = ids.index(todo.id) // PER_PAGE + 1
    return f"{path}?page={number}#todo-{todo.id}" if number > 1 else f"{path}#todo-{todo.id}"


@bp.post("/todos/<int:todo_id>/edit")
@api_twin("PATCH /todos/<int:todo_id>")
@identity_required
def save(todo_id: int) -> AnyResponse | tuple[str, int]:
    todo, form = get_todo(todo_id, current_actor()), TodoForm()
    with form.submitted():
        todo_list = _named_list(form) or get_list(todo.list_id, current_actor())
        edit_todo(todo, form.wish(), todo_list, zone=current_zone(), now=now())
        return redirect(_place_of(todo))
    return _edit_page(get_todo(todo_id, current_actor()), form), form.status


@bp.post("/todos/<int:todo_id>/done")
@api_twin("PUT /todos/<int:todo_id>/done", "DELETE /todos/<int:todo_id>/done")
@identity_required
def tick(todo_id: int) -> AnyResponse:
    todo = get_todo(todo_id, current_actor())
    if submitted_toggle():
        complete_todo(todo, now=now())
    else:
        reopen_todo(todo, now=now())
    return jsonify(counts=open_counts(list_rows(current_actor()))) if is_htmx() else redirect(_back())


@bp.post("/todos/<int:todo_id>/move")
@api_twin("PUT /todos/<int:todo_id>/position")
@identity_required
def move(todo_id: int) -> AnyResponse | tuple[str, int]:
    todo = get_todo(todo_id, current_actor())
    move_todo(todo, before=_neighbour("before"), after=_neighbour("after"), actor=current_actor())
    return ("", 204) if is_htmx() else redirect(f"{_back()}#todo-{todo_id}")


def _neighbour(name: str) -> Todo | None:
    todo_id = request.form.get(name, "")
    return get_todo(parse_id(todo_id), current_actor()) if todo_id else None


@bp.post("/todos/<int:todo_id>/delete")
@api_twin("DELETE /todos/<int:todo_id>")
@identity_required
def delete(todo_id: int) -> AnyResponse:
    moment = now()
    delete_todo(get_todo(todo_id, current_actor()), now=moment)
    return _deleted(_back(), moment)


@bp.post("/todos/done/delete", endpoint="delete_done")
@api_twin("DELETE /todos/done")
@identity_required
def remove_done() -> AnyResponse:
    moment = now()
    delete_done(actor=current_actor(), now=moment)
    return _deleted("/todos/done", moment)


@bp.post("/todos/restore")
@api_twin("POST /todos/restorations")
@identity_required
def restore() -> AnyResponse:
    moment = _moment(request.form.get("moment", ""))
    if moment is None or not restore_deleted(moment, actor=current_actor()):
        raise NotFound(_("There is nothing left to undo."))
    flash(_("It has been restored."), "success")
    return redirect(_back())


def _moment(text: str) -> datetime | None:
    """Parse the moment of a deletion; None if it is not in ISO format and UTC."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment if moment.tzinfo == UTC else None
