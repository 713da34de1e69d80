"""One transaction per request, job or command; what waits for its commit."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from sqlalchemy.orm import Session

from .session import db


def after_commit(call: Callable[[], object]) -> None:
    """Run `call` once the present transaction is safely in the database; forget it if it is not."""
    db.session.info.setdefault("after_commit", []).append(call)


def before_commit(call: Callable[[], object]) -> None:
    """Run `call` as the last work of the present transaction, once however often it is asked for.

    For what takes a lock that everybody needs: it is held for the shortest time, and always taken after all others.
    """
    db.session.info.setdefault("before_commit", {})[call] = None


def commit() -> None:
    """End the transaction for good, then do what waited for it. The edges alone call this."""
    if not db.has_session:
        db.end_reading()
        return
    session = db.session
    for call in session.info.pop("before_commit", {}):
        call()
    session.commit()
    for call in session.info.pop("after_commit", []):
        call()


def rollback() -> None:
    """Take back everything since the last commit, and forget what waited for it."""
    if not db.has_session:
        db.end_reading()
        return
    session = db.session
    for waiting in ("before_commit", "after_commit"):
        session.info.pop(waiting, None)
    session.rollback()


@contextmanager
def transaction() -> Iterator[Session]:
    """One transaction for work outside a request: a job, a command, a count that is written in passing."""
    try:
        yield db.session
    except BaseException:
        rollback()
        raise
    commit()
