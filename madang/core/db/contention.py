"""Errors that only say that others were at work at the same instant."""

from typing import Any

from sqlalchemy.exc import OperationalError

# Codes of PostgreSQL and MySQL: deadlock, serialization failure, a savepoint that a deadlock took away.
DEADLOCKS = {"40P01", "40001", 1213, 1305}


# The wait for a lock was too long; the last is what SQLite says.
LONG_WAITS = {"55P03", 1205, "database is locked"}


def is_deadlock(error: OperationalError) -> bool:
    """Whether a transaction was given up so that another could go on: done again, it goes through."""
    return bool(_codes(error) & DEADLOCKS)


def is_contention(error: OperationalError) -> bool:
    """Whether a statement failed only because of others at the same instant."""
    return bool(_codes(error) & (DEADLOCKS | LONG_WAITS))


def _codes(error: OperationalError) -> set[Any]:
    return {getattr(error.orig, "sqlstate", None), *getattr(error.orig, "args", ())[:1]}
