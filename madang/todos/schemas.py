"""The shapes of to-dos in the API."""

from madang.core.rest.schemas import ListQuery, Schema, choice, computed, counted, id_of, moment, text, whole

from .queries.keyset import SORTS, STATES


class TodoSchema(Schema):
    """Something that one means to do."""

    id = whole("The to-do's number.", 9)
    title = text("What is to be done.", "Water the yard")
    note = text("A note.", "Not at noon.")
    due_date = computed(
        text("The day on which it is due, wherever one is.", "2026-11-21", allow_none=True),
        lambda row: row.due_on.isoformat() if row.due_on else None,
    )
    due_time = computed(
        text("The time of that day.", "15:30", allow_none=True),
        lambda row: f"{row.due_time:%H:%M}" if row.due_time else None,
    )
    remind_at = moment("When one is reminded.", allow_none=True)
    list_id = whole("The list on which it stands.", 2)
    list_name = text("What that is called.", "To-dos")
    link = text("The page that it is about.", "/posts/12", allow_none=True)
    done_at = moment("When it was ticked.", allow_none=True)
    created_at = moment("When it was written.")
    deleted_at = moment("When it was taken away; it can be brought back for a week.", allow_none=True)


class TodoQuery(ListQuery):
    """Which to-dos."""

    state = choice("What is to be done, what is done, or what was taken away.", *STATES, load_default="open")
    sort = choice("The order of what is to be done: one's own, or by day.", *SORTS, load_default="position")
    list = counted("Only on this list.", 2, load_default=None)


class NewTodoSchema(Schema):
    """A to-do to write."""

    title = text("What is to be done.", "Water the yard", required=True)
    note = text("A note.", "Not at noon.", load_default="")
    due_date = text("The day on which it is due.", "2026-11-21", load_default=None, allow_none=True)
    due_time = text("The time of that day.", "15:30", load_default=None, allow_none=True)
    remind_at = moment("When to be reminded, to the minute.", load_default=None, allow_none=True)
    list_id = id_of("The list; without it one's first.", 2, load_default=None, allow_none=True)


class EditedTodoSchema(Schema):
    """What to change of a to-do; what is left out stays."""

    title = text("What is to be done.", "Water the yard")
    note = text("A note.", "Not at noon.")
    due_date = text("The day on which it is due; null for none.", "2026-11-21", allow_none=True)
    due_time = text("The time of that day; null for none.", "15:30", allow_none=True)
    remind_at = moment("When to be reminded, to the minute; null for never.", allow_none=True)
    list_id = id_of("The list.", 2)


class PositionSchema(Schema):
    """Where to put a to-do in one's own order: one of the two."""

    before = id_of("Right before this to-do.", 7, load_default=None, allow_none=True)
    after = id_of("Right after this to-do.", 8, load_default=None, allow_none=True)


class RestorationSchema(Schema):
    """What to bring back."""

    deleted_at = moment("The `deleted_at` of what was taken away together.", required=True)


class ListOfTodosSchema(Schema):
    """A list of to-dos."""

    id = whole("The list's number.", 2)
    name = text("What it is called.", "To-dos")
    open_count = whole("How much is to be done on it.", 4)


class NewListOfTodosSchema(Schema):
    """A list to make, or its new name."""

    name = text("What to call it.", "To-dos", required=True)
