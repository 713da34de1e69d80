"""A person is reminded of a to-do."""

from madang.core.db import db
from madang.core.i18n import _
from madang.core.settings import setting
from madang.todos.models import Todo
from madang.todos.queries.todos import MESSAGE

from ..models.tables import Payload
from .base import EventKind, Ids, Notice


class TodoDue(EventKind):
    """A reminder, for the owner of the to-do; one whose time was changed notifies again."""

    name = "todo_due"
    position = 110
    icon = "clock-history"
    delay = None

    def label(self) -> str:
        return _("My reminder is due")

    def sentence(self, who: str, title: str, payload: Payload) -> str:
        """Without a title for a message, whose text is in the inbox only."""
        if not title:
            return _("Reminder of a saved message")
        return _("Reminder: %(title)s", title=title)

    def notice(self, ids: Ids) -> Notice | None:
        todo = db.session.get(Todo, ids["todo_id"])
        if todo is None or not setting("FEATURE_TODOS"):
            return None
        key = f"todo:{todo.id}:{todo.remind_at:%Y%m%d%H%M%S}"
        title = "" if todo.link_kind == MESSAGE else todo.title
        payload = {"todo_id": todo.id, "title": title, "url": f"/todos#todo-{todo.id}"}
        return Notice(kind=self.name, recipients=[ids["user_id"]], dedupe_key=key, group_key=key, payload=payload)
