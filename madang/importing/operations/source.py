"""Which row here came from which row of a dump, and writing rows so that their ids are known."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import insert, select

from madang.core.db import Base, db

from ..models import ImportedRow

NAME_MAX = 80


class ImportSource:
    """A site elsewhere, named once and for all: what it has sent stays known under this name."""

    def __init__(self, name: str) -> None:
        self.name = name[:NAME_MAX]

    def local_ids(self, kind: str, external_ids: Iterable[str | None]) -> dict[str, int]:
        """External id -> local id, of those that are here."""
        wanted = {external_id for external_id in external_ids if external_id is not None}
        if not wanted:
            return {}
        known = select(ImportedRow.external_id, ImportedRow.local_id).where(
            ImportedRow.source == self.name, ImportedRow.kind == kind, ImportedRow.external_id.in_(wanted)
        )
        return dict(db.session.execute(known).all())

    def record(self, kind: str, ids: Iterable[tuple[str, int]]) -> None:
        """Remember, in the transaction that writes the rows, where they came from."""
        rows = [
            {"source": self.name, "kind": kind, "external_id": external_id, "local_id": local_id}
            for external_id, local_id in ids
        ]
        if rows:
            db.session.execute(insert(ImportedRow.__table__), rows)  # type: ignore[arg-type]


def insert_rows(table: type[Base], rows: list[dict[str, Any]]) -> list[int]:
    """Insert rows that have the same columns; their ids, in the order of the rows."""
    if not rows:
        return []
    columns = table.__table__
    if db.engine.dialect.insert_executemany_returning_sort_by_parameter_order:
        statement = insert(columns).returning(columns.c.id, sort_by_parameter_order=True)  # type: ignore[arg-type]
        return list(db.session.scalars(statement, rows))
    # MySQL tells the id of one row only.
    return [db.session.execute(insert(columns), row).inserted_primary_key[0] for row in rows]  # type: ignore[arg-type,attr-defined]
