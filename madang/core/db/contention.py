"""Database errors caused only by concurrent transactions: deadlocks and lock timeouts."""

from sqlalchemy.exc import OperationalError

# Codes of PostgreSQL and MySQL: deadlock, serialization failure, a savepoint that a deadlock rolled back.
DEADLOCKS = {"40P01", "40001", 1213, 1305}
# The last is SQLite's message.
LOCK_TIMEOUTS = {"55P03", 1205, "database is locked"}


def is_deadlock(error: OperationalError) -> bool:
    """Whether a transaction was rolled back so that another could continue; a retry succeeds."""
    return bool(_codes(error) & DEADLOCKS)


def is_contention(error: OperationalError) -> bool:
    """Whether a statement failed only because of concurrent transactions."""
    return bool(_codes(error) & (DEADLOCKS | LOCK_TIMEOUTS))


def _codes(error: OperationalError) -> set[object]:
    return {getattr(error.orig, "sqlstate", None), *getattr(error.orig, "args", ())[:1]}
