"""How many statements each thread has sent to the database, for the log and the metrics of requests."""

import threading

from sqlalchemy import Engine, event


class _Count(threading.local):
    value = 0


_count = _Count()


def statement_count() -> int:
    """The statements of this thread since it began; a request's are the difference between its end and its start."""
    return _count.value


def count_statements(engine: Engine) -> None:
    """Count the statements of `engine` from now on."""

    @event.listens_for(engine, "before_cursor_execute")
    def count(*_arguments: object) -> None:
        _count.value += 1
