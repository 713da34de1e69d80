"""Forms carry what was typed; the rules stand in operations, whose sentences come back to the fields."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from flask_wtf import FlaskForm
from wtforms import SelectChoice

from madang.core.db import rollback
from madang.core.errors import Conflict, InvalidInput, MadangError, RateLimited, Unavailable

SHOWN_AGAIN = (InvalidInput, RateLimited, Conflict, Unavailable)


class Form(FlaskForm):
    """A form whose operation may refuse: the page is then shown again, with words and with what was typed."""

    class Meta:
        csrf = False  # the whole application is protected at its edge

    status = 200
    problem = ""

    @contextmanager
    def submitted(self) -> Iterator[None]:
        """Run an operation; a refusal that the person can mend is kept on the form instead of raised."""
        try:
            yield
        except SHOWN_AGAIN as error:
            rollback()
            self.take(error)

    def take(self, error: MadangError) -> None:
        """Put the sentences of `error` at their fields; what belongs to no field stands above the form."""
        self.status = error.status
        placed = False
        for name, message in error.fields.items():
            if name in self._fields:
                self._fields[name].errors = [*self._fields[name].errors, message]
                placed = True
        if error.message and not (placed and error.message in error.fields.values()):
            self.problem = error.message
        elif not placed:
            self.problem = " ".join(error.fields.values())

    def text(self, name: str) -> str:
        """What was typed into a field, as text."""
        value: Any = self._fields[name].data
        return value if isinstance(value, str) else ""


def choices(pairs: Iterable[tuple[str, str]]) -> list[SelectChoice]:
    """The options of a choice, from values and their labels."""
    return [SelectChoice(value, label) for value, label in pairs]
