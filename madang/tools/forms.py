"""Forms of the tools."""

from wtforms import StringField, TextAreaField
from wtforms.validators import Length

from madang.accounts.models import EMAIL_MAX
from madang.core.i18n import _
from madang.core.web.forms import Form

from .operations.addresses import URL_MAX
from .operations.enqueueing import BODY_MAX, SUBJECT_MAX, TEXT_MAX


class CountForm(Form):
    text = TextAreaField("text", validators=[Length(max=TEXT_MAX)])
    url = StringField("url", validators=[Length(max=URL_MAX)])

    def set_labels(self) -> "CountForm":
        """Set the labels in the present language."""
        self.text.label.text = _("Your text")
        self.url.label.text = _("Or the address of a web page")
        return self

    def input_text(self, name: str) -> str:
        """The same as `Form.text`, which a field of this name hides."""
        return Form.text(self, name)


class MailForm(Form):
    to = StringField("to", validators=[Length(max=EMAIL_MAX)])
    subject = StringField("subject", validators=[Length(max=SUBJECT_MAX)])
    body = TextAreaField("body", validators=[Length(max=BODY_MAX)])

    def set_labels(self) -> "MailForm":
        """Set the labels in the present language."""
        self.to.label.text = _("To")
        self.subject.label.text = _("Subject")
        self.body.label.text = _("Message")
        return self
