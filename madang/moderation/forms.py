"""HTML forms of a flag and of a request for deletion."""

from wtforms import RadioField, TextAreaField
from wtforms.validators import Length

from madang.core.i18n import _
from madang.core.web.forms import Form, choices

from .models import NOTE_MAX, REASONS
from .sentences import reason_label


class FlagForm(Form):
    reason = RadioField("reason", choices=[], validate_choice=False)
    note = TextAreaField("note", validators=[Length(max=NOTE_MAX)])

    def set_labels(self) -> "FlagForm":
        self.reason.label.text = _("What is wrong with it?")
        self.reason.choices = choices((reason, reason_label(reason)) for reason in REASONS)
        self.note.label.text = _("A note to the moderators")
        return self


class DeletionRequestForm(Form):
    note = TextAreaField("note", validators=[Length(max=NOTE_MAX)])

    def set_labels(self) -> "DeletionRequestForm":
        self.note.label.text = _("Why should it be deleted?")
        return self
