"""The base class of HTML forms: shows the errors that operations raise at their fields."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import TypeVar

from flask import Response, after_this_request, flash, request
from flask_wtf import FlaskForm
from markupsafe import Markup
from wtforms import Field, SelectChoice

from madang.core.db import rollback
from madang.core.errors import Conflict, InvalidInput, MadangError, RateLimited, Unavailable
from madang.core.i18n import _

T = TypeVar("T")
UNDO = "undo "  # begins the category of a message with a button; the address follows
SHOWN_ERRORS = (InvalidInput, RateLimited, Conflict, Unavailable)


class Form(FlaskForm):
    """A form that is shown again, with error messages and the submitted values, when its operation refuses."""

    class Meta(FlaskForm.Meta):
        csrf = False  # `csrf.py` protects the whole application
        has_focus = False

        def takes_focus(self, field: Field) -> bool:
            """Whether this is the first wrong field of the form that is printed: it gets the focus."""
            is_first = bool(field.errors) and not self.has_focus
            self.has_focus = self.has_focus or is_first
            return is_first

        def render_field(self, field: Field, render_kw: dict[str, object]) -> Markup:
            """Print a field. A wrong one says so, and the first of them has the focus when the page opens."""
            if field.errors:
                render_kw = {**render_kw, "aria_invalid": "true"}
            if self.takes_focus(field):
                render_kw = {**render_kw, "autofocus": True}
            return super().render_field(field, render_kw)

    status = 200
    problem = ""
    seconds_to_wait = 0

    @contextmanager
    def submitted(self) -> Iterator[None]:
        """Run an operation. An error that the person can correct is added to the form instead of raised."""
        try:
            yield
        except SHOWN_ERRORS as error:
            rollback()
            self.take(error)

    def take(self, error: MadangError) -> None:
        """Add the messages of `error` to their fields; a message that belongs to no field becomes `problem`.

        What else the error tells programs becomes the value of the hidden field of that name.
        """
        self.status, self.seconds_to_wait = error.status, getattr(error, "retry_after", 0)
        shown = [name for name in error.fields if name in self]
        for name in shown:
            self[name].errors = [*self[name].errors, error.fields[name]]
        if error.message and not (shown and error.message in error.fields.values()):
            self.problem = error.message
        elif not shown:
            self.problem = " ".join(error.fields.values())
        for name, value in error.members.items():
            self[name].data = value
        if self.seconds_to_wait:
            after_this_request(self._set_retry_after)

    def _set_retry_after(self, response: Response) -> Response:
        response.headers["Retry-After"] = str(self.seconds_to_wait)
        return response

    def text(self, name: str) -> str:
        """Return the submitted value of a field if it is a string, else an empty string."""
        value = self[name].data
        return value if isinstance(value, str) else ""


def flash_with_undo(message: str, url: str) -> None:
    """Flash that something was deleted, with a button that POSTs to `url` to bring it back."""
    flash(message, UNDO + url)


def choices(pairs: Iterable[tuple[str, str]]) -> list[SelectChoice]:
    """Return the options of a select field, from pairs of value and label."""
    return [SelectChoice(value, label) for value, label in pairs]


def submitted_value(values: Mapping[str, T]) -> T:
    """Return what the pressed button means by `values`. Raises `InvalidInput` (value) for any other or no button."""
    if (text := request.form.get("value", "")) not in values:
        raise InvalidInput(_("Please go back and use the buttons on the page."), field="value")
    return values[text]


def submitted_toggle() -> bool:
    """Return whether the button of a toggle sets its state (`value` 1) or takes it back (0).

    Every form with one button for a state and its opposite calls it. Raises `InvalidInput` (value).
    """
    return submitted_value({"1": True, "0": False})
