"""What belongs to a person in to-dos: to-dos and their lists."""

from madang.core.ownership import BY_FOREIGN_KEY, DELETE_ROWS, NOTHING_MORE, Owned, Rows

from .models import Todo, TodoList
from .operations.merging import merge_owners

TODO_COLUMNS = (
    Todo.id,
    Todo.list_id,
    Todo.title,
    Todo.note,
    Todo.due_on,
    Todo.due_time,
    Todo.remind_at,
    Todo.done_at,
    Todo.link,
    Todo.created_at,
)

OWNED = (
    Owned(
        column=Todo.user_id,
        export=Rows("todos.json", TODO_COLUMNS, where=Todo.deleted_at.is_(None), order_by=Todo.position),
        on_merge=merge_owners,
        on_delete=DELETE_ROWS,
        on_removal=NOTHING_MORE,
        on_guest_delete=BY_FOREIGN_KEY,
    ),
    Owned(
        column=TodoList.user_id,
        export=Rows(
            "todo_lists.json",
            (TodoList.id, TodoList.name, TodoList.created_at),
            where=TodoList.deleted_at.is_(None),
            order_by=TodoList.position,
        ),
        on_merge=merge_owners,
        on_delete=DELETE_ROWS,
        on_removal=NOTHING_MORE,
        on_guest_delete=BY_FOREIGN_KEY,
    ),
)
