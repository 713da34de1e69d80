"""The tables of the staff log and the rows that an import brought."""

import sqlalchemy as sa
from alembic import op

from madang.core.db import MYSQL_TABLE, BigId, UtcDateTime


def upgrade() -> None:
    _create_staff_log()
    _create_imported_rows()


def downgrade() -> None:
    for table in ("imported_rows", "staff_log"):
        op.drop_table(table)


def _create_staff_log() -> None:
    op.create_table(
        "staff_log",
        sa.Column("id", BigId, nullable=False),
        sa.Column("actor_id", BigId, nullable=True),
        sa.Column("verb", sa.String(length=30), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("subject_id", BigId, nullable=True),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("payload", sa.JSON(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staff_log")),
        **MYSQL_TABLE,
    )
    op.create_index(op.f("ix_staff_log_actor_id_id"), "staff_log", ["actor_id", "id"])
    op.create_index(op.f("ix_staff_log_verb_id"), "staff_log", ["verb", "id"])
    op.create_index(op.f("ix_staff_log_kind_subject_id_id"), "staff_log", ["kind", "subject_id", "id"])


def _create_imported_rows() -> None:
    op.create_table(
        "imported_rows",
        sa.Column("source", sa.String(length=80), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("external_id", sa.String(length=40), nullable=False),
        sa.Column("local_id", BigId, nullable=False),
        sa.PrimaryKeyConstraint("source", "kind", "external_id", name=op.f("pk_imported_rows")),
        **MYSQL_TABLE,
    )
    op.create_index(op.f("ix_imported_rows_kind_local_id"), "imported_rows", ["kind", "local_id"])
