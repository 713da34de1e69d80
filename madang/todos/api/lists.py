"""API of to-do lists and of saving posts and messages for later."""

from sqlalchemy import Row

from madang.core.clock import now
from madang.core.rest.access import MESSAGES
from madang.core.rest.blueprint import PREFIX, ApiBlueprint, Created
from madang.core.rest.pagination import Page, PageResult
from madang.core.rest.serialisation import require_unchanged
from madang.core.web.actor import current_actor
from madang.core.web.request_limits import limited_rate

from ..fragments import message_link, post_link
from ..operations.lists import delete_list, make_list, rename_list
from ..operations.saving import Link, save_for_later, unsave
from ..queries.todos import MESSAGE, POST, get_list, get_list_row, get_todo_row, list_rows
from ..schemas import ListOfTodosSchema, NewListOfTodosSchema, TodoSchema

bp = ApiBlueprint("lists", description="To-do lists, and posts and messages saved for later.")


@bp.get("/todo-lists", guests=True)
@bp.paginated(ListOfTodosSchema)
def list_todo_lists(page: Page) -> PageResult:
    """The caller's lists with the number of open to-dos on each."""
    return page.whole(list_rows(current_actor()))


@bp.post("/todo-lists", guests=True)
@bp.body(NewListOfTodosSchema)
@bp.response(ListOfTodosSchema, 201)
@limited_rate("todo")
def create_todo_list(payload: dict[str, str]) -> Created:
    """Create a list."""
    todo_list = make_list(payload["name"], actor=current_actor(), now=now())
    return Created(get_list_row(todo_list.id, current_actor()), f"{PREFIX}/todo-lists/{todo_list.id}")


@bp.get("/todo-lists/<int:list_id>", guests=True)
@bp.response(ListOfTodosSchema)
def get_one_todo_list(list_id: int) -> Row:
    """One of the caller's lists. Its to-dos: `GET /todos?list=`."""
    return get_list_row(list_id, current_actor())


@bp.patch("/todo-lists/<int:list_id>", guests=True, if_match=True)
@bp.body(NewListOfTodosSchema)
@bp.response(ListOfTodosSchema)
def rename_one_todo_list(payload: dict[str, str], list_id: int) -> Row:
    """Rename a list."""
    require_unchanged(ListOfTodosSchema, get_list_row(list_id, current_actor()))
    rename_list(get_list(list_id, current_actor()), payload["name"], actor=current_actor())
    return get_list_row(list_id, current_actor())


@bp.delete("/todo-lists/<int:list_id>", guests=True)
@bp.response(None)
def delete_one_todo_list(list_id: int) -> None:
    """Delete a list with its to-dos. For a week `POST /todos/restorations` restores both."""
    delete_list(get_list(list_id, current_actor()), actor=current_actor(), now=now())


@bp.put("/posts/<int:post_id>/save", guests=True)
@bp.response(TodoSchema)
def save_one_post(post_id: int) -> Row:
    """Save a post for later. Returns the to-do that links to it."""
    return _save(post_link(post_id, current_actor()))


@limited_rate("todo")
def _save(link: Link) -> Row:
    todo, _is_new = save_for_later(link, actor=current_actor(), now=now())
    return get_todo_row(todo.id, current_actor())


@bp.delete("/posts/<int:post_id>/save", guests=True)
@bp.response(None)
def unsave_one_post(post_id: int) -> None:
    """Delete the to-do of a saved post."""
    _unsave(POST, post_id)


@limited_rate("todo")
def _unsave(kind: str, link_id: int) -> None:
    unsave(kind, link_id, actor=current_actor(), now=now())


@bp.put("/conversations/<int:conversation_id>/messages/<int:message_id>/save", guests=True, scope=MESSAGES)
@bp.response(TodoSchema)
def save_one_message(conversation_id: int, message_id: int) -> Row:
    """Save a message for later. Returns the to-do that links to it."""
    return _save(message_link(conversation_id, message_id, current_actor()))


@bp.delete("/conversations/<int:conversation_id>/messages/<int:message_id>/save", guests=True, scope=MESSAGES)
@bp.response(None)
def unsave_one_message(conversation_id: int, message_id: int) -> None:
    """Delete the to-do of a saved message."""
    _unsave(MESSAGE, message_link(conversation_id, message_id, current_actor()).id)
