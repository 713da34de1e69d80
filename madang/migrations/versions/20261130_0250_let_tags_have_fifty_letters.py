"""Let tags have fifty letters, as on sites from which they are imported.

Revision: 20261130_0250
"""

import sqlalchemy as sa
from alembic import op

revision = "20261130_0250"
down_revision = "20261130_0240"

COLUMNS = (("tags", "name", 30, 50), ("tag_synonyms", "name", 30, 50))
COLUMNS_OF_SEVERAL = (("posts", "tag_names", 200, 260), ("revisions", "tag_names", 200, 260))


def upgrade() -> None:
    for table, column, former, length in COLUMNS + COLUMNS_OF_SEVERAL:
        _resize(table, column, former, length)


def downgrade() -> None:
    for table, column, former, length in COLUMNS + COLUMNS_OF_SEVERAL:
        _resize(table, column, length, former)


def _resize(table: str, column: str, former: int, length: int) -> None:
    if op.get_bind().dialect.name == "sqlite":
        _resize_on_sqlite(table, column, former, length)
        return
    op.alter_column(table, column, existing_type=sa.String(former), type_=sa.String(length), existing_nullable=False)


def _resize_on_sqlite(table: str, column: str, former: int, length: int) -> None:
    """Change the declared length, which SQLite does not enforce, as its manual describes for ALTER TABLE."""
    connection = op.get_bind()
    version = connection.exec_driver_sql("PRAGMA schema_version").scalar_one()
    connection.exec_driver_sql("PRAGMA writable_schema = ON")
    connection.exec_driver_sql(
        "UPDATE sqlite_master SET sql = replace(sql, ?, ?) WHERE type = 'table' AND name = ?",
        (f"{column} VARCHAR({former})", f"{column} VARCHAR({length})", table),
    )
    connection.exec_driver_sql(f"PRAGMA schema_version = {version + 1}")
    connection.exec_driver_sql("PRAGMA writable_schema = OFF")
