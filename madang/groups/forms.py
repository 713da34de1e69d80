"""HTML forms of groups: ask to join, and add or invite people."""

from wtforms import StringField, TextAreaField
from wtforms.validators import Length

from madang.core.i18n import _
from madang.core.web.forms import Form

from .models import NOTE_MAX
from .operations.people import parse_names

FIELD_MAX = 1_000


class AskForm(Form):
    note = StringField("note", validators=[Length(max=NOTE_MAX)])

    def set_labels(self) -> "AskForm":
        self.note.label.text = _("A word to the owners")
        return self


class PeopleForm(Form):
    """People to add or to invite: a few names with completion, or many in `many`."""

    usernames = StringField("usernames", validators=[Length(max=FIELD_MAX)])
    many = TextAreaField("many")
    note = StringField("note", validators=[Length(max=NOTE_MAX)])

    def set_labels(self) -> "PeopleForm":
        self.usernames.label.text = _("Usernames")
        self.many.label.text = _("A list of usernames")
        self.note.label.text = _("A word to those you invite")
        return self

    def names(self) -> list[str]:
        """All names that were entered."""
        return parse_names(f"{self.text('usernames')} {self.text('many')}")
