"""HTML forms for messages, new conversations and reports."""

from wtforms import StringField, TextAreaField
from wtforms.validators import Length

from madang.core.i18n import _
from madang.core.web.forms import Form

from .models import BODY_MAX, REASON_MAX, TITLE_MAX

TO_MAX = 1_000


class MessageForm(Form):
    body = TextAreaField("body", validators=[Length(max=BODY_MAX)])

    def set_labels(self) -> "MessageForm":
        self.body.label.text = _("Your message")
        return self


class NewConversationForm(MessageForm):
    to = StringField("to", validators=[Length(max=TO_MAX)])
    title = StringField("title", validators=[Length(max=TITLE_MAX)])

    def set_labels(self) -> "NewConversationForm":
        super().set_labels()
        self.to.label.text = _("To")
        self.title.label.text = _("Title")
        return self


class ReportForm(Form):
    reason = TextAreaField("reason", validators=[Length(max=REASON_MAX)])

    def set_labels(self) -> "ReportForm":
        self.reason.label.text = _("What is wrong with it?")
        return self
