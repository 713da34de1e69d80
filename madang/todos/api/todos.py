"""To-dos for programs: writing, doing, ordering, taking away and bringing back."""

from datetime import datetime
from typing import Any

from sqlalchemy import Row

from madang.core.clock import now
from madang.core.errors import InvalidInput, NotFound
from madang.core.i18n import _
from madang.core.rest.blueprint import PREFIX, ApiBlueprint, Created
from madang.core.rest.paging import Page, PageResult
from madang.core.rest.serialisation import require_unchanged
from madang.core.web.actor import current_actor
from madang.core.web.limits import limit_rate

from ..models import Todo, TodoList
from ..operations.lists import default_list
from ..operations.times import written
from ..operations.todos import (
    Wish,
    add_todo,
    delete_done,
    delete_todo,
    do_todo,
    edit_todo,
    move_todo,
    restore_deleted,
    undo_todo,
)
from ..queries.keyset import key_of, todos_after
from ..queries.todos import get_list, get_todo, get_todo_row
from ..schemas import EditedTodoSchema, NewTodoSchema, PositionSchema, RestorationSchema, TodoQuery, TodoSchema

bp = ApiBlueprint("todos", description="One's own to-dos and their lists.")
UTC_ZONE = "UTC"


@bp.get("/todos", guests=True)
@bp.paginated(TodoSchema, TodoQuery)
def list_todos(page: Page) -> PageResult:
    """One's to-dos."""
    todo_list = _chosen_list(page["list"], "list")
    state, sort = page["state"], page["sort"]
    list_id = todo_list.id if todo_list else None
    rows = todos_after(current_actor(), state=state, sort=sort, list_id=list_id, after=page.after, limit=page.more)
    return page.of(rows, lambda row: key_of(row, state, sort))


def _chosen_list(list_id: int | None, field: str = "list_id") -> TodoList | None:
    """The list that a caller names, if one is. Raises `InvalidInput`."""
    try:
        return None if list_id is None else get_list(list_id, current_actor())
    except NotFound:
        raise InvalidInput(_("This list is gone. Please choose another."), field=field) from None


@bp.post("/todos", guests=True)
@bp.body(NewTodoSchema)
@bp.response(TodoSchema, 201)
def create_todo(wanted: dict[str, Any]) -> Created:
    """Put something at the head of a list."""
    actor = current_actor()
    limit_rate("todo")
    todo_list = _chosen_list(wanted.pop("list_id")) or default_list(actor, now=now())
    todo = add_todo(todo_list, _wish(wanted), actor=actor, zone=UTC_ZONE, now=now())
    return Created(get_todo_row(todo.id, actor), f"{PREFIX}/todos/{todo.id}")


def _wish(wanted: dict[str, Any]) -> Wish:
    """A to-do as pages type it; moments are in UTC here."""
    remind_at: datetime | None = wanted["remind_at"]
    day, clock = wanted["due_date"] or "", wanted["due_time"] or ""
    return Wish(wanted["title"], wanted["note"], day, clock, written(remind_at, UTC_ZONE))


@bp.get("/todos/<int:todo_id>", guests=True)
@bp.response(TodoSchema)
def get_one_todo(todo_id: int) -> Row:
    """A to-do of one's own."""
    return get_todo_row(todo_id, current_actor())


@bp.patch("/todos/<int:todo_id>", guests=True, if_match=True)
@bp.body(EditedTodoSchema)
@bp.response(TodoSchema)
def edit_one_todo(wanted: dict[str, Any], todo_id: int) -> Row:
    """Give a to-do other words, another day, another list."""
    actor, present = current_actor(), get_todo_row(todo_id, current_actor())
    require_unchanged(TodoSchema, present)
    todo_list = _chosen_list(wanted.pop("list_id", None)) or get_list(present.list_id, actor)
    edit_todo(get_todo(todo_id, actor), _wish({**_words(present), **wanted}), todo_list, zone=UTC_ZONE, now=now())
    return get_todo_row(todo_id, actor)


def _words(todo: Row) -> dict[str, Any]:
    """A to-do as a caller would have written it."""
    return {
        "title": todo.title,
        "note": todo.note,
        "due_date": todo.due_on.isoformat() if todo.due_on else None,
        "due_time": f"{todo.due_time:%H:%M}" if todo.due_time else None,
        "remind_at": todo.remind_at,
    }


@bp.delete("/todos/<int:todo_id>", guests=True)
@bp.response(None)
def delete_one_todo(todo_id: int) -> None:
    """Take a to-do away. For a week `POST /todos/restorations` brings it back."""
    delete_todo(get_todo(todo_id, current_actor()), now=now())


@bp.put("/todos/<int:todo_id>/done", guests=True)
@bp.response(TodoSchema)
def tick_todo(todo_id: int) -> Row:
    """Tick a to-do."""
    do_todo(get_todo(todo_id, current_actor()), now=now())
    return get_todo_row(todo_id, current_actor())


@bp.delete("/todos/<int:todo_id>/done", guests=True)
@bp.response(None)
def untick_todo(todo_id: int) -> None:
    """Take the tick away."""
    undo_todo(get_todo(todo_id, current_actor()), now=now())


@bp.put("/todos/<int:todo_id>/position", guests=True)
@bp.body(PositionSchema)
@bp.response(TodoSchema)
def move_one_todo(wanted: dict[str, int | None], todo_id: int) -> Row:
    """Put a to-do right before or right after another in one's own order."""
    todo = get_todo(todo_id, current_actor())
    if (wanted["before"] is None) == (wanted["after"] is None):
        raise InvalidInput(_("Please name one to-do, before or after which this one shall stand."), field="before")
    neighbours = {name: _neighbour(name, number) for name, number in wanted.items()}
    move_todo(todo, **neighbours, actor=current_actor())
    return get_todo_row(todo_id, current_actor())


def _neighbour(field: str, todo_id: int | None) -> Todo | None:
    try:
        return None if todo_id is None else get_todo(todo_id, current_actor())
    except NotFound:
        raise InvalidInput(_("This to-do is gone. Please choose another."), field=field) from None


@bp.delete("/todos/done", guests=True)
@bp.response(None)
def delete_done_todos() -> None:
    """Take away all that is done."""
    delete_done(actor=current_actor(), now=now())


@bp.post("/todos/restorations", guests=True)
@bp.alt_response(404)
@bp.body(RestorationSchema)
@bp.response(None)
def restore_todos(wanted: dict[str, datetime]) -> None:
    """Bring back what was taken away together: a to-do, a list with what stood on it, all that was done."""
    if not restore_deleted(wanted["deleted_at"], actor=current_actor()):
        raise NotFound(_("There is nothing left to bring back."))
