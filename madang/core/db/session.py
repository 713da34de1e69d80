"""The application's engine, and the session of the current context."""

from collections.abc import Mapping, Sequence

from flask import Flask, current_app, g
from sqlalchemy import Connection, CursorResult, Engine, Executable, Row
from sqlalchemy.orm import Session, sessionmaker


class Database:
    """The application's engine, and one session for each context (a request, a job, a command).

    Written here because Flask-SQLAlchemy-Lite ends every context with an asynchronous function, for which Flask starts
    a thread: half a millisecond a page for sessions that nobody opened.
    """

    def init_app(self, app: Flask, engine: Engine) -> None:
        """Let `app` use `engine`."""
        app.extensions["database"] = (engine, sessionmaker(engine, expire_on_commit=False, autoflush=False))
        app.teardown_appcontext(self._close)

    @property
    def engine(self) -> Engine:
        return current_app.extensions["database"][0]

    @property
    def session(self) -> Session:
        """The session of this context; opened at the first access, closed with the context."""
        session = g.get("session")
        if session is None:
            self.end_reading()
            session = g.session = current_app.extensions["database"][1]()
        return session

    @property
    def has_session(self) -> bool:
        """Whether this context has opened a session and so may have written."""
        return "session" in g

    def rows(self, statement: Executable, values: Mapping[str, object] | None = None) -> Sequence[Row]:
        """The rows of a select of columns, without the cost of the ORM.

        Opens no session in a context that only reads: its beginning and end cost a tenth of a millisecond.
        """
        return self._connection().execute(statement, values).all()

    def write(
        self, statement: Executable, values: Mapping[str, object] | Sequence[Mapping[str, object]] | None = None
    ) -> CursorResult:
        """Execute a statement in this context's transaction, without the ORM: loaded entities are not updated.

        `values` are those of its `bindparam`s, or a list of such.
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
        """Return the connection of a context that has only read so far to the pool."""
        reader = g.pop("reader", None)
        if reader is not None:
            reader.close()

    def _close(self, _error: BaseException | None) -> None:
        self.end_reading()
        session = g.pop("session", None)
        if session is not None:
            session.close()


db = Database()
