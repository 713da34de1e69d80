"""JSON schemas of to-dos and lists."""

from madang.core.local_time import format_time
from madang.core.rest.schemas import (
    ListQuery,
    Schema,
    choice_field,
    computed_field,
    id_field,
    integer_field,
    moment_field,
    query_integer_field,
    text_field,
)

from .queries.keyset import SORTS, STATES


class TodoSchema(Schema):
    """A to-do."""

    id = integer_field("The to-do's number.", 9)
    title = text_field(
        "What is to be done; empty for a saved message, whose text it is, if a token has no scope `messages`.",
        "Water the yard",
    )
    note = text_field("A note.", "Not at noon.")
    due_date = computed_field(
        text_field("The day on which it is due, in the owner's time zone.", "2026-11-21", allow_none=True),
        lambda row: row.due_on.isoformat() if row.due_on else None,
    )
    due_time = computed_field(
        text_field("The time of that day, with seconds if it has some (15:30:45).", "15:30", allow_none=True),
        lambda row: format_time(row.due_time) or None,
    )
    remind_at = moment_field("When the reminder is sent.", allow_none=True)
    list_id = integer_field("The number of its list.", 2)
    list_name = text_field("The name of its list.", "To-dos")
    link = text_field("The path of the page that it links to.", "/posts/12", allow_none=True)
    done_at = moment_field("When it was marked as done.", allow_none=True)
    created_at = moment_field("When it was created.")
    deleted_at = moment_field("When it was deleted; it can be restored for a week.", allow_none=True)


class TodoQuery(ListQuery):
    """Filters and order of to-dos."""

    state = choice_field("Only to-dos in this state.", *STATES, load_default="open")
    sort = choice_field("The order of open to-dos: the caller's own, or by day.", *SORTS, load_default="position")
    list = query_integer_field("Only to-dos on this list.", 2, load_default=None)


class NewTodoSchema(Schema):
    """A to-do to create."""

    title = text_field("What is to be done.", "Water the yard", required=True)
    note = text_field("A note.", "Not at noon.", load_default="")
    due_date = text_field("The day on which it is due.", "2026-11-21", load_default=None, allow_none=True)
    due_time = text_field("The time of that day.", "15:30", load_default=None, allow_none=True)
    remind_at = moment_field("When to send a reminder.", load_default=None, allow_none=True)
    list_id = id_field("The list; the caller's first list by default.", 2, load_default=None, allow_none=True)


class EditedTodoSchema(Schema):
    """Changes to a to-do; fields that are left out stay as they are."""

    title = text_field("What is to be done.", "Water the yard")
    note = text_field("A note.", "Not at noon.")
    due_date = text_field("The day on which it is due; null for none.", "2026-11-21", allow_none=True)
    due_time = text_field("The time of that day; null for none.", "15:30", allow_none=True)
    remind_at = moment_field("When to send a reminder; null for never.", allow_none=True)
    list_id = id_field("The list.", 2)


class PositionSchema(Schema):
    """The new position of a to-do in the caller's own order; exactly one of the two."""

    before = id_field("Directly before this to-do.", 7, load_default=None, allow_none=True)
    after = id_field("Directly after this to-do.", 8, load_default=None, allow_none=True)


class RestorationSchema(Schema):
    """A deletion to undo."""

    deleted_at = moment_field("The `deleted_at` of what was deleted together.", required=True)


class ListOfTodosSchema(Schema):
    """A to-do list."""

    id = integer_field("The list's number.", 2)
    name = text_field("The list's name.", "To-dos")
    open_count = integer_field("The number of open to-dos on it.", 4)


class NewListOfTodosSchema(Schema):
    """A list to create, or its new name."""

    name = text_field("The list's name.", "To-dos", required=True)
