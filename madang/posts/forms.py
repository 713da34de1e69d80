"""HTML forms of posts: write, edit, answer, close, move."""

from collections.abc import Mapping
from datetime import datetime
from functools import cache
from typing import Protocol, Self, TypeVar

from flask_wtf.file import MultipleFileField
from markupsafe import Markup
from wtforms import HiddenField, IntegerField, SelectField, StringField, TextAreaField
from wtforms.validators import Length

from madang.core.actor import Actor
from madang.core.i18n import _
from madang.core.markdown.renderer import MAX_BODY
from madang.core.web.forms import Form, choices
from madang.core.web.slots import Slot

from .models import CLOSE_REASONS, SUMMARY_MAX, TITLE_MAX, Post


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
    """A new post on a board."""

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


class PostPart(Protocol):
    """Fields that another slice adds to the form of a post other than an answer, and what becomes of them.

    Each field is a text, empty unless somebody filled it in, so that drafts keep it; its name begins with that of the
    slice.
    """

    fields: type[Form]

    def values_of(self, post: Post) -> Mapping[str, str]:
        """The values of the fields with which the edit of `post` begins."""
        ...

    def render(self, form: PostForm, post: Post | None) -> Markup:
        """The HTML of the fields in the form of a new post, or of the edit of `post`."""
        ...

    def errors(self, form: PostForm, kind: str) -> Mapping[str, str]:
        """What is wrong with the fields, by name, for a post of `kind`."""
        ...

    def save(self, form: PostForm, post: Post, *, actor: Actor, now: datetime) -> None:
        """Save the fields with `post`, in the transaction that saves it. May refuse as an operation does."""
        ...


POST_PARTS: Slot[PostPart] = Slot("post_parts")
F = TypeVar("F", bound=PostForm)


def with_parts(form_class: type[F]) -> type[F]:
    """`form_class` with the fields that other slices add."""
    fields = tuple(part.fields for part in POST_PARTS.fillings())
    return _with_fields(form_class, fields)  # type: ignore[arg-type]  # mypy takes `__hash__` of an instance for the class's


@cache
def _with_fields(form_class: type[F], parts: tuple[type[Form], ...]) -> type[F]:
    return type(form_class.__name__, (form_class, *parts), {})


def part_names() -> list[str]:
    """The names of the fields that other slices add."""
    return [name for part in POST_PARTS.fillings() for name in part.fields(formdata=None).data]


def parts_of(kind: str) -> tuple[PostPart, ...]:
    """What other slices add to the form of a post of `kind`; nothing to an answer's."""
    return () if kind == "answer" else POST_PARTS.fillings()


def part_errors(form: PostForm, kind: str) -> dict[str, str]:
    """What is wrong with the fields that other slices added, for a post of `kind`."""
    return {name: error for part in parts_of(kind) for name, error in part.errors(form, kind).items()}


class AnswerForm(BodyForm):
    def set_labels(self) -> Self:
        super().set_labels()
        self.body.label.text = _("Your answer")
        return self


class CloseForm(Form):
    reason = SelectField("reason", choices=[], validate_choice=False)
    duplicate_of = StringField("duplicate_of", validators=[Length(max=300)])

    def set_labels(self) -> Self:
        self.reason.label.text = _("Reason")
        self.reason.choices = choices((reason, close_reason(reason)) for reason in CLOSE_REASONS)
        self.duplicate_of.label.text = _("Number or address of the question that it repeats")
        return self


class MoveForm(Form):
    board = SelectField("board", validate_choice=False)


def close_reason(reason: str) -> str:
    """The sentence for a close reason, in the current language."""
    return {
        "duplicate": _("It was asked before"),
        "off_topic": _("It does not belong here"),
        "unclear": _("It is not clear what is asked"),
        "opinion": _("It asks for opinions"),
        "solved_elsewhere": _("It has been settled elsewhere"),
    }[reason]
