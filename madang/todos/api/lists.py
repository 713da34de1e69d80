"""Lists of to-dos, and saving for later, for programs."""

from typing import Any

from sqlalchemy import Row

from madang.core.clock import now
from madang.core.rest.auth import MESSAGES
from madang.core.rest.blueprint import PREFIX, ApiBlueprint, Created
from madang.core.rest.paging import Page, PageResult
from madang.core.rest.serialisation import require_unchanged
from madang.core.web.actor import current_actor
from madang.core.web.limits import limit_rate

from ..fragments import message_link, post_link
from ..operations.lists import delete_list, make_list, rename_list
from ..operations.saving import Link, forget_saved, save_for_later
from ..queries.todos import MESSAGE, POST, get_list, get_list_row, get_todo_row, list_rows
from ..schemas import ListOfTodosSchema, NewListOfTodosSchema, TodoSchema

bp = ApiBlueprint("lists", description="Lists of to-dos, and what one saves for later.")


@bp.get("/todo-lists", guests=True)
@bp.paginated(ListOfTodosSchema)
def list_todo_lists(page: Page) -> PageResult:
    """One's lists, with how much is to be done on each."""
    return PageResult(list_rows(current_actor()), None)


@bp.post("/todo-lists", guests=True)
@bp.body(NewListOfTodosSchema)
@bp.response(ListOfTodosSchema, 201)
def create_todo_list(wanted: dict[str, Any]) -> Created:
    """Make a list."""
    limit_rate("todo")
    todo_list = make_list(wanted["name"], actor=current_actor(), now=now())
    return Created(get_list_row(todo_list.id, current_actor()), f"{PREFIX}/todo-lists/{todo_list.id}")


@bp.get("/todo-lists/<int:list_id>", guests=True)
@bp.response(ListOfTodosSchema)
def get_one_todo_list(list_id: int) -> Row:
    """A list of one's own. What stands on it: `GET /todos?list=`."""
    return get_list_row(list_id, current_actor())


@bp.patch("/todo-lists/<int:list_id>", guests=True, if_match=True)
@bp.body(NewListOfTodosSchema)
@bp.response(ListOfTodosSchema)
def rename_one_todo_list(wanted: dict[str, str], list_id: int) -> Row:
    """Give a list another name."""
    require_unchanged(ListOfTodosSchema, get_list_row(list_id, current_actor()))
    rename_list(get_list(list_id, current_actor()), wanted["name"], actor=current_actor())
    return get_list_row(list_id, current_actor())


@bp.delete("/todo-lists/<int:list_id>", guests=True)
@bp.response(None)
def delete_one_todo_list(list_id: int) -> None:
    """Take a list away with what stands on it. For a week `POST /todos/restorations` brings both back."""
    delete_list(get_list(list_id, current_actor()), actor=current_actor(), now=now())


@bp.put("/posts/<int:post_id>/save", guests=True)
@bp.response(TodoSchema)
def save_one_post(post_id: int) -> Row:
    """Save a post for later: the to-do that points at it."""
    return _save(post_link(post_id, current_actor()))


def _save(link: Link) -> Row:
    limit_rate("todo")
    todo, _is_new = save_for_later(link, actor=current_actor(), now=now())
    return get_todo_row(todo.id, current_actor())


@bp.delete("/posts/<int:post_id>/save", guests=True)
@bp.response(None)
def unsave_one_post(post_id: int) -> None:
    """Take a post off one's to-dos."""
    _forget(POST, post_id)


def _forget(kind: str, link_id: int) -> None:
    limit_rate("todo")
    forget_saved(kind, link_id, actor=current_actor(), now=now())


@bp.put("/conversations/<int:conversation_id>/messages/<int:message_id>/save", guests=True, scope=MESSAGES)
@bp.response(TodoSchema)
def save_one_message(conversation_id: int, message_id: int) -> Row:
    """Save a message for later: the to-do that points at it."""
    return _save(message_link(conversation_id, message_id, current_actor()))


@bp.delete("/conversations/<int:conversation_id>/messages/<int:message_id>/save", guests=True, scope=MESSAGES)
@bp.response(None)
def unsave_one_message(conversation_id: int, message_id: int) -> None:
    """Take a message off one's to-dos."""
    _forget(MESSAGE, message_link(conversation_id, message_id, current_actor()).id)
