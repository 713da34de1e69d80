"""Forms of to-dos and lists."""

from wtforms import SelectField, StringField, TextAreaField
from wtforms.validators import Length

from madang.core.i18n import _
from madang.core.web.forms import Form

from .models import LIST_NAME_MAX, NOTE_MAX, TITLE_MAX
from .operations.todos import TodoInput


class TodoForm(Form):
    title = StringField("title", validators=[Length(max=TITLE_MAX)])
    note = TextAreaField("note", validators=[Length(max=NOTE_MAX)])
    due_date = StringField("due_date")
    due_time = StringField("due_time")
    remind_at = StringField("remind_at")
    list_id = SelectField("list_id", validate_choice=False)

    def set_labels(self, lists: list[tuple[str, str]]) -> "TodoForm":
        """Set the labels in the present language and the person's `lists` as (id, name) choices."""
        self.title.label.text = _("What needs to be done?")
        self.note.label.text = _("Notes")
        self.due_date.label.text = _("Due date")
        self.due_time.label.text = _("At")
        self.remind_at.label.text = _("Remind me at")
        self.list_id.label.text = _("List")
        self.list_id.choices = lists
        return self

    @property
    def errors_below(self) -> bool:
        """Whether a field other than the title has errors."""
        return any(field.errors for field in self if field is not self.title)

    def wish(self) -> TodoInput:
        names = ("title", "note", "due_date", "due_time", "remind_at")
        return TodoInput(**{name: self.text(name) for name in names})


class ListForm(Form):
    name = StringField("name", validators=[Length(max=LIST_NAME_MAX)])

    def set_labels(self) -> "ListForm":
        self.name.label.text = _("Name of the list")
        return self
