"""What the forms about posts carry."""

from wtforms import HiddenField, IntegerField, SelectField, StringField, TextAreaField
from wtforms.validators import Length

from madang.core.forms import Form, choices
from madang.core.i18n import _
from madang.core.markdown import MAX_BODY

from .models import CLOSE_REASONS, SUMMARY_MAX, TITLE_MAX


class PostForm(Form):
    """A post of a board."""

    board = SelectField("board", validate_choice=False)
    title = StringField("title", validators=[Length(max=TITLE_MAX)])
    body = TextAreaField("body", validators=[Length(max=MAX_BODY)])
    tags = StringField("tags", validators=[Length(max=200)])

    def say(self) -> "PostForm":
        """Labels in the present language."""
        self.board.label.text = _("Board")
        self.title.label.text = _("Title")
        self.body.label.text = _("Text")
        self.tags.label.text = _("Tags")
        return self


class EditForm(PostForm):
    """New words for a post; `version` is the text that the editor began with."""

    version = IntegerField("version", widget=HiddenField.widget)
    summary = StringField("summary", validators=[Length(max=SUMMARY_MAX)])

    def say(self) -> "EditForm":
        super().say()
        self.summary.label.text = _("What did you change?")
        return self


class AnswerForm(Form):
    body = TextAreaField("body", validators=[Length(max=MAX_BODY)])

    def say(self) -> "AnswerForm":
        self.body.label.text = _("Your answer")
        return self


class CloseForm(Form):
    reason = SelectField("reason", choices=[], validate_choice=False)
    duplicate_of = StringField("duplicate_of", validators=[Length(max=300)])

    def say(self) -> "CloseForm":
        self.reason.label.text = _("Reason")
        self.reason.choices = choices((reason, close_reason(reason)) for reason in CLOSE_REASONS)
        self.duplicate_of.label.text = _("Number or address of the question that it repeats")
        return self


class MoveForm(Form):
    board = SelectField("board", validate_choice=False)


def close_reason(reason: str) -> str:
    """A reason for closing, in words."""
    return {
        "duplicate": _("It was asked before"),
        "off_topic": _("It does not belong here"),
        "unclear": _("It is not clear what is asked"),
        "opinion": _("It asks for opinions"),
        "solved_elsewhere": _("It has been settled elsewhere"),
    }[reason]
