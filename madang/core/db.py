"""The database: one session a request, transactions that end at the edge, and three dialects that behave alike."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import cache
from typing import Annotated, Any, TypeVar

from flask import Flask, current_app, g
from sqlalchemy import (
    BigInteger,
    Connection,
    CursorResult,
    DateTime,
    Dialect,
    Engine,
    Executable,
    Integer,
    MetaData,
    Row,
    Select,
    String,
    Text,
    Update,
    bindparam,
    create_engine,
    inspect,
    select,
    update,
)
from sqlalchemy.dialects import mysql, postgresql, sqlite
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import DeclarativeBase, Session, mapped_column, sessionmaker
from sqlalchemy.orm.util import identity_key
from sqlalchemy.types import TypeDecorator, TypeEngine

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}
MYSQL_TABLE: dict[str, Any] = {"mysql_engine": "InnoDB", "mysql_charset": "utf8mb4", "mysql_collate": "utf8mb4_bin"}
# Codes of PostgreSQL and MySQL: deadlock, serialization failure, a savepoint that a deadlock took away.
DEADLOCKS = {"40P01", "40001", 1213, 1305}
# The wait for a lock was too long; the last is what SQLite says.
LONG_WAITS = {"55P03", 1205, "database is locked"}


class UtcDateTime(TypeDecorator[datetime]):
    """An aware moment in UTC, kept as a plain timestamp with microseconds."""

    impl = DateTime
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        if dialect.name in ("mysql", "mariadb"):
            return dialect.type_descriptor(mysql.DATETIME(fsp=6))
        return dialect.type_descriptor(DateTime())

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        return value.astimezone(UTC).replace(tzinfo=None) if value else None

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        return value.replace(tzinfo=UTC) if value else None

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[Any], datetime | None] | None:
        """SQLite keeps text, which is read at once: three steps in a list's every row took a tenth of its query."""
        return _read_text if dialect.name == "sqlite" else super().result_processor(dialect, coltype)


def _read_text(value: str | None) -> datetime | None:
    return datetime.fromisoformat(f"{value}+00:00") if value else None


BigId = BigInteger().with_variant(Integer, "sqlite")
LongText = Text().with_variant(mysql.MEDIUMTEXT(), "mysql", "mariadb")
Id = Annotated[int, mapped_column(BigId, primary_key=True)]


class Base(DeclarativeBase):
    metadata = MetaData(naming_convention=NAMING)
    type_annotation_map = {datetime: UtcDateTime(), str: String(255), int: BigId}
    __table_args__: Any = MYSQL_TABLE


def table_args(*constraints: Any) -> tuple[Any, ...]:
    """Constraints and indexes of a table, with the options every table has."""
    return (*constraints, MYSQL_TABLE)


Entity = TypeVar("Entity", bound=Base)


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


def upsert(table: type[Base], key: dict[str, Any], *, new: dict[str, Any], changes: dict[str, Any]) -> None:
    """Make the row of `key` with the values `new`, or make `changes` to it if there is one already.

    One statement, so that it holds for two at the same instant too. `key` names the columns of a unique key.
    """
    db.session.execute(_upserting(db.engine.dialect.name, table, tuple(key), {**key, **new}, changes))


def _upserting(
    dialect: str, table: type[Base], key: Sequence[str], values: dict[str, Any], changes: dict[str, Any]
) -> Any:
    kind = {"postgresql": postgresql, "sqlite": sqlite}.get(dialect)
    if kind is None:
        return mysql.insert(table.__table__).values(values).on_duplicate_key_update(changes)  # type: ignore[arg-type]
    return kind.insert(table.__table__).values(values).on_conflict_do_update(index_elements=key, set_=changes)


def add_if_new(table: type[Base], **values: Any) -> bool:
    """Insert a row unless its key is there already; whether it was new. One statement, as in `upsert`."""
    kind = {"postgresql": postgresql, "sqlite": sqlite}.get(db.engine.dialect.name)
    statement: Any
    if kind is None:
        statement = mysql.insert(table.__table__).values(values).prefix_with("IGNORE")  # type: ignore[arg-type]
    else:
        statement = kind.insert(table.__table__).values(values).on_conflict_do_nothing()
    # Inline and kept: else it asks for the new key, and on PostgreSQL the number of rows is lost (-1).
    kept = statement.inline().execution_options(preserve_rowcount=True)
    return db.session.connection().execute(kept).rowcount == 1


def add_all_if_new(table: type[Base], columns: Sequence[str], rows: Select) -> None:
    """Insert what `rows` selects for `columns`, apart from rows whose key is there already. One statement."""
    kind = {"postgresql": postgresql, "sqlite": sqlite}.get(db.engine.dialect.name)
    statement: Any
    if kind is None:
        statement = mysql.insert(table.__table__).from_select(columns, rows).prefix_with("IGNORE")  # type: ignore[arg-type]
    else:
        statement = kind.insert(table.__table__).from_select(columns, rows).on_conflict_do_nothing()
    db.session.execute(statement)


def add_to(table: type[Base], row_id: int, **amounts: int) -> None:
    """Add to columns of a row by `x = x + 1` in the database, so that two at the same instant both count."""
    db.write(_adding(table, tuple(amounts)), {"row_id": row_id, **{f"more_{name}": by for name, by in amounts.items()}})


@cache
def _adding(table: type[Base], names: tuple[str, ...]) -> Update:
    columns = table.__table__.c
    more = {name: columns[name] + bindparam(f"more_{name}", type_=columns[name].type) for name in names}
    return update(table.__table__).where(columns.id == bindparam("row_id")).values(more)  # type: ignore[arg-type]


def increase(table: type[Base], key: dict[str, int], column: str, by: int) -> None:
    """Add `by` to a counter's row, making the row where there is none yet; safe against others who do the same."""
    db.write(_increasing(db.engine.dialect.name, table, tuple(key), column), _named(key, by))


def increased(table: type[Base], key: dict[str, int], column: str, by: int) -> int:
    """Add as `increase` does, and give the sum; the row is held until the transaction ends."""
    dialect, names = db.engine.dialect.name, tuple(key)
    if dialect in ("sqlite", "postgresql"):
        giving = _increasing(dialect, table, names, column, gives_sum=True)
        return int(db.write(giving, _named(key, by)).scalar_one())
    increase(table, key, column, by)
    return int(db.write(_reading(table, names, column), _named(key, by)).scalar_one())


def _named(key: dict[str, int], by: int) -> dict[str, int]:
    return {"by": by, **{f"key_{name}": value for name, value in key.items()}}


@cache
def _increasing(dialect: str, table: type[Base], key: tuple[str, ...], column: str, *, gives_sum: bool = False) -> Any:
    columns = table.__table__.c
    by = bindparam("by", type_=columns[column].type)
    values = {**{name: bindparam(f"key_{name}") for name in key}, column: by}
    statement = _upserting(dialect, table, key, values, {column: columns[column] + by})
    return statement.returning(columns[column]) if gives_sum else statement


@cache
def _reading(table: type[Base], key: tuple[str, ...], column: str) -> Select:
    columns = table.__table__.c
    return select(columns[column]).where(*(columns[name] == bindparam(f"key_{name}") for name in key))


def lock(row: Base) -> None:
    """Hold `row` until the transaction ends, with its present values: nobody else can change it meanwhile."""
    mapper = inspect(type(row))
    values = zip(mapper.primary_key, mapper.primary_key_from_instance(row), strict=True)
    db.session.execute(_holding(type(row)), {f"key_{column.name}": value for column, value in values}).scalar_one()


@cache
def _holding(table: type[Base]) -> Select:
    """One row for update. `Session.refresh` builds this anew each time, for twice the cost."""
    keys = [column == bindparam(f"key_{column.name}") for column in inspect(table).primary_key]
    return select(table).where(*keys).with_for_update().execution_options(populate_existing=True)


def find(table: type[Entity], row_id: int) -> Entity | None:
    """The entity of that id, by a statement that stands ready: `Session.get` builds one each time it has to look."""
    if identity_key(table, row_id) in db.session.identity_map:
        return db.session.get(table, row_id)
    return db.session.execute(_finding(table), {"row_id": row_id}).scalar_one_or_none()


@cache
def _finding(table: type[Base]) -> Select:
    return select(table).where(table.__table__.c.id == bindparam("row_id"))


def is_deadlock(error: OperationalError) -> bool:
    """Whether a transaction was given up so that another could go on: done again, it goes through."""
    return bool(_codes(error) & DEADLOCKS)


def is_contention(error: OperationalError) -> bool:
    """Whether a statement failed only because of others at the same instant."""
    return bool(_codes(error) & (DEADLOCKS | LONG_WAITS))


def _codes(error: OperationalError) -> set[Any]:
    return {getattr(error.orig, "sqlstate", None), *getattr(error.orig, "args", ())[:1]}
