"""HTML forms of posts: write, edit, answer, close, move."""

from typing import Self

from flask_wtf.file import MultipleFileField
from wtforms import HiddenField, IntegerField, SelectField, StringField, TextAreaField
from wtforms.validators import Length

from madang.core.i18n import _
from madang.core.markdown.renderer import MAX_BODY
from madang.core.web.forms import Form, choices

from .models import CLOSE_REASONS, SUMMARY_MAX, TITLE_MAX
from .sentences import close_reason


class BodyForm(Form):
    """A text with picture uploads for browsers without JavaScript. `added` counts the pictures put into the text."""

    body = TextAreaField("body", validators=[Length(max=MAX_BODY)])
    pictures = MultipleFileField("pictures")
    added = 0

    def add(self, picture: str) -> None:
        """Append the Markdown of a picture to the text unless the text has it."""
        body = self.text("body")
        if picture not in body:
            self.body.data = f"{body.rstrip()}\n\n{picture}\n".lstrip()
        self.added += 1

    def set_labels(self) -> Self:
        """Set the labels in the current language."""
        self.pictures.label.text = _("Pictures")
        return self


class PostForm(BodyForm):
    """A new post on a board; `draft` is the place of its draft."""

    draft = HiddenField("draft")
    board = SelectField("board", validate_choice=False)
    title = StringField("title", validators=[Length(max=TITLE_MAX)])
    tags = StringField("tags", validators=[Length(max=200)])

    def set_labels(self) -> Self:
        super().set_labels()
        self.board.label.text = _("Board")
        self.title.label.text = _("Title")
        self.body.label.text = _("Text")
        self.tags.label.text = _("Tags")
        return self


class EditForm(PostForm):
    """An edit of a post; `version` is the version that the editor started from."""

    version = IntegerField("version", widget=HiddenField.widget)
    summary = StringField("summary", validators=[Length(max=SUMMARY_MAX)])

    def set_labels(self) -> Self:
        super().set_labels()
        self.summary.label.text = _("What did you change?")
        return self


class AnswerForm(BodyForm):
    def set_labels(self) -> Self:
        super().set_labels()
        self.body.label.text = _("Your answer")
        return self


class CloseForm(Form):
    reason = SelectField("reason", choices=[], validate_choice=False)
    duplicate_of = StringField("duplicate_of", validators=[Length(max=300)])
    original = HiddenField("original")  # the id of the question that was chosen

    def set_labels(self) -> Self:
        self.reason.label.text = _("Reason")
        self.reason.choices = choices((reason, close_reason(reason)) for reason in CLOSE_REASONS)
        self.duplicate_of.label.text = _("Duplicate of")
        return self


class MoveForm(Form):
    board = SelectField("board", validate_choice=False)
    confirmed = HiddenField("confirmed")  # that more people will see the post
