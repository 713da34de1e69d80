"""The engine of the application, and the session of the present context."""

from collections.abc import Sequence
from typing import Any

from flask import Flask, current_app, g
from sqlalchemy import (
    Connection,
    CursorResult,
    Engine,
    Executable,
    Row,
    create_engine,
)
from sqlalchemy.orm import Session, sessionmaker


class Database:
    """The engine of the application, and the session of the present context (a request, a job, a command).

    Written here because Flask-SQLAlchemy-Lite ends every context with an asynchronous function, for which Flask starts
    a thread: half a millisecond a page for sessions that nobody opened.
    """

    def init_app(self, app: Flask, url: str, **options: Any) -> None:
        """Connect `app` to the database at `url`; `options` are those of `create_engine`."""
        engine = create_engine(
            url, hide_parameters=True, **options
        )  # errors are logged: passwords' hashes, what was typed
        app.extensions["database"] = (engine, sessionmaker(engine, expire_on_commit=False, autoflush=False))
        app.teardown_appcontext(self._close)

    @property
    def engine(self) -> Engine:
        return current_app.extensions["database"][0]

    @property
    def session(self) -> Session:
        """The session of this context; made when first asked for, closed with the context."""
        session = g.get("session")
        if session is None:
            self.end_reading()
            session = g.session = current_app.extensions["database"][1]()
        return session

    @property
    def has_session(self) -> bool:
        """Whether anything in this context may have written."""
        return "session" in g

    def rows(self, statement: Executable, values: dict[str, Any] | None = None) -> Sequence[Row]:
        """The rows of a select of columns, without the ORM's part in it: two thirds of the cost.

        A page that only reads needs no session, whose beginning and end cost a tenth of a millisecond.
        """
        return self._connection().execute(statement, values).all()

    def write(self, statement: Executable, values: Any = None) -> CursorResult[Any]:
        """Execute a statement that stands ready, in this context's transaction and without the ORM's part in it.

        What entities hold of these rows stays as it was. `values` are those of its `bindparam`s, or a list of such.
        """
        return self.session.connection().execute(statement, values)

    def _connection(self) -> Connection:
        if "session" in g:
            return g.session.connection()
        reader = g.get("reader")
        if reader is None:
            reader = g.reader = self.engine.connect()
        return reader

    def end_reading(self) -> None:
        """Give back the connection of a context that has only read so far."""
        reader = g.pop("reader", None)
        if reader is not None:
            reader.close()

    def _close(self, _error: BaseException | None) -> None:
        self.end_reading()
        session = g.pop("session", None)
        if session is not None:
            session.close()


db = Database()
