"""No new connections to a database server that has just failed: requests do not queue for it."""

from collections.abc import Callable

from sqlalchemy import Engine, event
from sqlalchemy.engine.interfaces import DBAPIConnection, Dialect
from sqlalchemy.pool import ConnectionPoolEntry

from madang.core.circuit_breaker import CircuitBreaker

OPEN_SECONDS = 1.0  # a server that starts again is found again within this time
DOWN = "The database does not answer%s: pages say so until it does"
UP = "The database answers again"


def connect_through_breaker(engine: Engine, make_connection: Callable[..., DBAPIConnection]) -> None:
    """Let `engine` try one new connection a second while its server cannot be reached.

    An attempt takes up to the connection timeout; each thread of a process may wait for one of its own.
    """
    breaker = CircuitBreaker("madang.database", DOWN, UP, open_seconds=OPEN_SECONDS)

    @event.listens_for(engine, "do_connect")
    def connect(
        dialect: Dialect, _record: ConnectionPoolEntry, arguments: list[object], options: dict[str, object]
    ) -> DBAPIConnection:
        driver = dialect.loaded_dbapi
        if breaker.is_open:
            raise driver.OperationalError("the database has just failed to answer")
        try:
            connection = make_connection(*arguments, **options)
        except driver.Error as error:
            breaker.record_failure(error)
            raise
        breaker.record_success()
        return connection
