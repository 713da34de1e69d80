"""The base class of HTML forms: shows the errors that operations raise at their fields."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from flask_wtf import FlaskForm
from wtforms import SelectChoice

from madang.core.db import rollback
from madang.core.errors import Conflict, InvalidInput, MadangError, RateLimited, Unavailable

SHOWN_ERRORS = (InvalidInput, RateLimited, Conflict, Unavailable)


class Form(FlaskForm):
    """A form that is shown again, with error messages and the submitted values, when its operation refuses."""

    class Meta:
        csrf = False  # `csrf.py` protects the whole application

    status = 200
    problem = ""

    @contextmanager
    def submitted(self) -> Iterator[None]:
        """Run an operation. An error that the person can correct is added to the form instead of raised."""
        try:
            yield
        except SHOWN_ERRORS as error:
            rollback()
            self.take(error)

    def take(self, error: MadangError) -> None:
        """Add the messages of `error` to their fields; a message that belongs to no field becomes `problem`."""
        self.status = error.status
        shown = [name for name in error.fields if name in self]
        for name in shown:
            self[name].errors = [*self[name].errors, error.fields[name]]
        if error.message and not (shown and error.message in error.fields.values()):
            self.problem = error.message
        elif not shown:
            self.problem = " ".join(error.fields.values())

    def text(self, name: str) -> str:
        """Return the submitted value of a field if it is a string, else an empty string."""
        value = self[name].data
        return value if isinstance(value, str) else ""


def choices(pairs: Iterable[tuple[str, str]]) -> list[SelectChoice]:
    """Return the options of a select field, from pairs of value and label."""
    return [SelectChoice(value, label) for value, label in pairs]
