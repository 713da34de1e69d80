"""The rows of one moment, in batches by their ids, so that the memory does not grow with the site."""

from collections.abc import Callable, Iterator, Mapping, Sequence

from sqlalchemy import Connection, Row, Select, bindparam, func, select
from sqlalchemy.orm import InstrumentedAttribute

from madang.core.db import Base

BATCH_ROWS = 200


class Source:
    """A connection within a snapshot. Calls `on_progress(done, total)` with the rows read and those there are."""

    def __init__(self, connection: Connection, on_progress: Callable[[int, int], object]) -> None:
        self.connection = connection
        self._on_progress = on_progress
        self._done = self._total = 0

    def expect(self, *tables: type[Base]) -> None:
        """Add the rows of tables to those that are there: each table once for each time that it will be read."""
        self._total += sum(self.count(select(table)) for table in tables)

    def count(self, statement: Select) -> int:
        counted = statement.with_only_columns(func.count(), maintain_column_froms=True)
        return self.connection.execute(counted).scalar_one()

    def batches(self, statement: Select, key: InstrumentedAttribute[int]) -> Iterator[Sequence[Row]]:
        """The rows of a statement in the order of `key`, the id of a table.

        The ids of a batch are read first: a database would sort all rows for each batch of a statement with conditions.
        """
        batch, last = select(key).where(key > bindparam("last")).order_by(key).limit(BATCH_ROWS), 0
        chosen = statement.where(key.in_(bindparam("batch", expanding=True))).order_by(key)
        while ids := [row[0] for row in self.rows(batch, {"last": last})]:
            rows, last = self.rows(chosen, {"batch": ids}), ids[-1]
            if rows:
                yield rows
            self._done += len(ids)
            self._on_progress(self._done, self._total)

    def rows(self, statement: Select, values: Mapping[str, object] | None = None) -> Sequence[Row]:
        return self.connection.execute(statement, values).all()
