"""One transaction per request, job or command, with callbacks before and after its commit."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from sqlalchemy.orm import Session

from .session import db


def after_commit(call: Callable[[], object]) -> None:
    """Run `call` after the current transaction is committed; drop it on rollback."""
    db.session.info.setdefault("after_commit", []).append(call)


def before_commit(call: Callable[[], object]) -> None:
    """Run `call` last in the current transaction, once however often it is registered.

    For work that takes a lock which every writer needs: it is held shortest, and always taken after all others.
    """
    db.session.info.setdefault("before_commit", {})[call] = None


def commit() -> None:
    """Commit the transaction, then run its `after_commit` callbacks. Called only at the edges."""
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
    """Roll back to the last commit and drop the callbacks."""
    if not db.has_session:
        db.end_reading()
        return
    session = db.session
    for callbacks in ("before_commit", "after_commit"):
        session.info.pop(callbacks, None)
    session.rollback()


@contextmanager
def transaction() -> Iterator[Session]:
    """A transaction outside a request's own: a job, a command, a counter written on the side."""
    try:
        yield db.session
    except BaseException:
        rollback()
        raise
    commit()
