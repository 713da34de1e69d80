"""Verify and repair the counters that slices declare, by counting the rows they stand for.

Operations update counters with every write. `madang check --counts` compares them; an import rewrites them.
"""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from sqlalchemy import Row, bindparam, delete, insert, select, update

from madang.core.db import db, transaction
from madang.core.db.counting import CountedTable, Counter, counters

BATCH_SIZE = 2_000


class Difference(NamedTuple):
    """A counter whose stored value differs from the counted one; `key` identifies its row."""

    table: str
    key: str
    column: str
    stored: int
    counted: int

    def __str__(self) -> str:
        return f"{self.table} {self.key}: {self.column} is {self.stored}, counted {self.counted}"


def differences() -> Iterator[Difference]:
    """Yield every counter whose stored value is wrong."""
    for counter in counters():
        if isinstance(counter, CountedTable):
            yield from _wrong_counts(counter)
            continue
        for rows in _wrong_rows(counter):
            for row_id, stored, counted in rows:
                yield Difference(counter.table.__tablename__, str(row_id), counter.column, stored, counted)


def repair_counters() -> int:
    """Correct every wrong counter, in many transactions. Returns how many were wrong."""
    repaired_count = 0
    for counter in counters():
        if isinstance(counter, CountedTable):
            repaired_count += _rewrite(counter)
        else:
            repaired_count += sum(_repair(counter, rows) for rows in _wrong_rows(counter))
    return repaired_count


def _wrong_rows(counter: Counter) -> Iterator[Sequence[Row]]:
    """Rows (id, stored, counted) whose counter is wrong, up to `BATCH_SIZE` at a time."""
    ids = counter.table.__table__.c.id
    stored = getattr(counter.table, counter.column)
    last = 0
    while True:
        wrong = select(ids, stored, counter.counted).where(ids > last, stored != counter.counted)
        rows = db.session.execute(wrong.order_by(ids).limit(BATCH_SIZE)).all()
        if not rows:
            return
        yield rows
        last = rows[-1][0]


def _repair(counter: Counter, rows: Sequence[Row]) -> int:
    """Write the counted values, except where the stored value has changed meanwhile."""
    table = counter.table.__table__
    column = table.c[counter.column]
    change = update(table).where(table.c.id == bindparam("row_id"), column == bindparam("stored"))
    values = [{"row_id": row_id, "stored": stored, "counted": counted} for row_id, stored, counted in rows]
    with transaction() as session:
        session.execute(change.values({counter.column: bindparam("counted")}), values)
    return len(rows)


def _wrong_counts(table: CountedTable) -> Iterator[Difference]:
    columns = table.table.__table__.c
    keys = [columns[name] for name in table.keys]
    stored = {tuple(row[:-1]): row[-1] for row in db.session.execute(select(*keys, columns[table.column]))}
    counted = {tuple(row[name] for name in table.keys): row[table.column] for row in table.counted_rows()}
    for key in sorted(stored.keys() | counted.keys()):
        stored_count, counted_count = stored.get(key, 0), counted.get(key, 0)
        if stored_count != counted_count:
            shown_key = "/".join(map(str, key))
            yield Difference(table.table.__tablename__, shown_key, table.column, stored_count, counted_count)


def _rewrite(table: CountedTable) -> int:
    """Replace all rows of a table with a wrong count. Returns how many were wrong."""
    wrong_count = sum(1 for _difference in _wrong_counts(table))
    if wrong_count:
        with transaction() as session:
            session.execute(delete(table.table))
            if rows := table.counted_rows():
                session.execute(insert(table.table), rows)
    return wrong_count
