"""What happens to to-dos."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class TodoDue:
    """The moment has come at which a person wanted to be reminded."""

    todo_id: int
    user_id: int
