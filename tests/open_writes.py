"""Refuse what waits for others in a transaction that has written: on SQLite nobody else could write meanwhile."""

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

from madang.core.db import db

P = ParamSpec("P")
T = TypeVar("T")


def without_open_writes(function: Callable[P, T]) -> Callable[P, T]:
    """Let `function` fail in a transaction that has written. SQLite alone tells, and is the one that suffers most."""

    @wraps(function)
    def call(*arguments: P.args, **options: P.kwargs) -> T:
        if db.has_session and db.engine.dialect.name == "sqlite":
            connection = db.session.connection().connection.driver_connection
            assert not connection.in_transaction, "a mail is sent in a transaction that has written"
        return function(*arguments, **options)

    return call
