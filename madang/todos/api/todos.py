"""API of to-dos: create, edit, complete, order, delete and restore."""

from datetime import datetime
from typing import TypedDict

from sqlalchemy import Row

from madang.core.clock import now
from madang.core.errors import InvalidInput, NotFound
from madang.core.i18n import _
from madang.core.local_time import format_exact, format_time
from madang.core.rest.access import may_read_messages
from madang.core.rest.blueprint import PREFIX, ApiBlueprint, Created
from madang.core.rest.pagination import Page, PageResult
from madang.core.rest.serialisation import require_unchanged
from madang.core.web.actor import current_actor
from madang.core.web.request_limits import limited_rate

from ..models import Todo, TodoList
from ..operations.lists import default_list
from ..operations.todos import (
    TodoInput,
    add_todo,
    complete_todo,
    delete_done,
    delete_todo,
    edit_todo,
    move_todo,
    reopen_todo,
    restore_deleted,
)
from ..queries.keyset import todo_keyset, todos_after
from ..queries.todos import get_list, get_todo, get_todo_row, rows_of
from ..schemas import EditedTodoSchema, NewTodoSchema, PositionSchema, RestorationSchema, TodoQuery, TodoSchema

bp = ApiBlueprint("todos", description="The caller's to-dos.")
UTC_ZONE = "UTC"


class TodoPayload(TypedDict, total=False):
    """The fields of a to-do in a request."""

    title: str
    note: str
    due_date: str | None
    due_time: str | None
    remind_at: datetime | None
    list_id: int | None


@bp.get("/todos", guests=True)
@bp.paginated(TodoSchema, TodoQuery)
def list_todos(page: Page) -> PageResult:
    """The caller's to-dos."""
    todo_list = _chosen_list(page["list"], "list")
    state, sort = page["state"], page["sort"]
    list_id = todo_list.id if todo_list else None
    keyset = todo_keyset(state, sort)
    after = page.after(keyset.types)
    mine = rows_of(current_actor(), with_messages=may_read_messages())
    rows = todos_after(mine, state=state, sort=sort, list_id=list_id, after=after, limit=page.more)
    return page.of(rows, keyset.key_of)


def _row(todo_id: int) -> Row:
    """A to-do as the caller's credential may read it."""
    return get_todo_row(todo_id, current_actor(), with_messages=may_read_messages())


def _chosen_list(list_id: int | None, field: str = "list_id") -> TodoList | None:
    """The caller's list with this id, None without an id. Raises `InvalidInput`."""
    try:
        return None if list_id is None else get_list(list_id, current_actor())
    except NotFound:
        raise InvalidInput(_("This list no longer exists. Please choose another."), field=field) from None


@bp.post("/todos", guests=True)
@bp.body(NewTodoSchema)
@bp.response(TodoSchema, 201)
@limited_rate("todo")
def create_todo(payload: TodoPayload) -> Created:
    """Add a to-do at the top of a list."""
    actor = current_actor()
    todo_list = _chosen_list(payload["list_id"]) or default_list(actor, now=now())
    todo = add_todo(todo_list, _wish(payload), actor=actor, zone=UTC_ZONE, now=now())
    return Created(_row(todo.id), f"{PREFIX}/todos/{todo.id}")


def _wish(payload: TodoPayload) -> TodoInput:
    """The payload in the form of the pages' input, with the reminder in UTC."""
    day, clock = payload["due_date"] or "", payload["due_time"] or ""
    return TodoInput(payload["title"], payload["note"], day, clock, format_exact(payload["remind_at"]))


@bp.get("/todos/<int:todo_id>", guests=True)
@bp.response(TodoSchema)
def get_one_todo(todo_id: int) -> Row:
    """One of the caller's to-dos."""
    return _row(todo_id)


@bp.patch("/todos/<int:todo_id>", guests=True, if_match=True)
@bp.body(EditedTodoSchema)
@bp.response(TodoSchema)
def edit_one_todo(payload: TodoPayload, todo_id: int) -> Row:
    """Change a to-do; fields that are left out stay as they are."""
    actor, present = current_actor(), get_todo_row(todo_id, current_actor())
    require_unchanged(TodoSchema, _row(todo_id))
    todo_list = _chosen_list(payload.get("list_id")) or get_list(present.list_id, actor)
    wish = _wish(_payload_of(present) | payload)
    edit_todo(get_todo(todo_id, actor), wish, todo_list, zone=UTC_ZONE, now=now())
    return _row(todo_id)


def _payload_of(todo: Row) -> TodoPayload:
    """The payload that would create the to-do as it is."""
    return {
        "title": todo.title,
        "note": todo.note,
        "due_date": todo.due_on.isoformat() if todo.due_on else None,
        "due_time": format_time(todo.due_time) or None,
        "remind_at": todo.remind_at,
    }


@bp.delete("/todos/<int:todo_id>", guests=True)
@bp.response(None)
def delete_one_todo(todo_id: int) -> None:
    """Delete a to-do. For a week `POST /todos/restorations` restores it."""
    delete_todo(get_todo(todo_id, current_actor()), now=now())


@bp.put("/todos/<int:todo_id>/done", guests=True)
@bp.response(TodoSchema)
def tick_todo(todo_id: int) -> Row:
    """Mark a to-do as done."""
    complete_todo(get_todo(todo_id, current_actor()), now=now())
    return _row(todo_id)


@bp.delete("/todos/<int:todo_id>/done", guests=True)
@bp.response(None)
def untick_todo(todo_id: int) -> None:
    """Mark a to-do as open again."""
    reopen_todo(get_todo(todo_id, current_actor()), now=now())


@bp.put("/todos/<int:todo_id>/position", guests=True)
@bp.body(PositionSchema)
@bp.response(TodoSchema)
def move_one_todo(payload: dict[str, int | None], todo_id: int) -> Row:
    """Move a to-do directly before or after another in the caller's own order."""
    todo = get_todo(todo_id, current_actor())
    if (payload["before"] is None) == (payload["after"] is None):
        raise InvalidInput(_("Please give one to-do to place this one before or after."), field="before")
    neighbours = {name: _neighbour(name, number) for name, number in payload.items()}
    move_todo(todo, **neighbours, actor=current_actor())
    return _row(todo_id)


def _neighbour(field: str, todo_id: int | None) -> Todo | None:
    try:
        return None if todo_id is None else get_todo(todo_id, current_actor())
    except NotFound:
        raise InvalidInput(_("This to-do no longer exists. Please choose another."), field=field) from None


@bp.delete("/todos/done", guests=True)
@bp.response(None)
def delete_done_todos() -> None:
    """Delete all to-dos that are done."""
    delete_done(actor=current_actor(), now=now())


@bp.post("/todos/restorations", guests=True)
@bp.alt_response(404)
@bp.body(RestorationSchema)
@bp.response(None)
def restore_todos(payload: dict[str, datetime]) -> None:
    """Restore what was deleted in one step: a to-do, a list with its to-dos, or all that were done."""
    if not restore_deleted(payload["deleted_at"], actor=current_actor()):
        raise NotFound(_("There is nothing left to undo."))
