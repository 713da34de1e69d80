"""Events of to-dos."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class TodoDue:
    """The reminder of a to-do is due."""

    todo_id: int
    user_id: int
