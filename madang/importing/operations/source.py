"""Mapping of rows of a dump to local rows, and bulk inserts that return the new ids."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import insert, select

from madang.core.db import Base, db

from ..models import ImportedRow

NAME_MAX = 80
Columns = dict[str, Any]  # the values of a row by the names of its columns


class ImportSource:
    """A site from which rows are imported; its rows are recorded under `name`."""

    def __init__(self, name: str) -> None:
        self.name = name[:NAME_MAX]

    def local_ids(self, kind: str, external_ids: Iterable[str | None]) -> dict[str, int]:
        """The local id of each of these rows that was imported, by its id in the dump."""
        ids = {external_id for external_id in external_ids if external_id is not None}
        if not ids:
            return {}
        known = select(ImportedRow.external_id, ImportedRow.local_id).where(
            ImportedRow.source == self.name, ImportedRow.kind == kind, ImportedRow.external_id.in_(ids)
        )
        return dict(db.session.execute(known).all())

    def record(self, kind: str, ids: Iterable[tuple[str, int]]) -> None:
        """Record the (external id, local id) pairs, in the transaction that writes the rows."""
        rows = [
            {"source": self.name, "kind": kind, "external_id": external_id, "local_id": local_id}
            for external_id, local_id in ids
        ]
        if rows:
            db.session.execute(insert(ImportedRow.__table__), rows)


def insert_rows(model: type[Base], rows: list[Columns]) -> list[int]:
    """Insert rows that all have the same columns. Returns their ids in the order of `rows`."""
    if not rows:
        return []
    table = model.__table__
    if db.engine.dialect.insert_executemany_returning_sort_by_parameter_order:
        statement = insert(table).returning(table.c.id, sort_by_parameter_order=True)
        return list(db.session.scalars(statement, rows))
    # MySQL returns the id of a single inserted row only.
    keys = [db.write(insert(table), row).inserted_primary_key for row in rows]
    return [key[0] for key in keys if key is not None]
