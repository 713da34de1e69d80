"""The tables of the site's settings, background jobs and answers kept for an Idempotency-Key."""

import sqlalchemy as sa
from alembic import op

from madang.core.db import MYSQL_TABLE, BigId, LongText, UtcDateTime


def upgrade() -> None:
    _create_site_settings()
    _create_jobs()
    _create_schedules()
    _create_kept_answers()


def downgrade() -> None:
    for table in ("kept_answers", "schedules", "jobs", "site_settings"):
        op.drop_table(table)


def _create_site_settings() -> None:
    op.create_table(
        "site_settings",
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("value", LongText, nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_site_settings")),
        **MYSQL_TABLE,
    )


def _create_jobs() -> None:
    op.create_table(
        "jobs",
        sa.Column("id", BigId, nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("arguments", sa.JSON(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("owner_id", BigId, nullable=True),
        sa.Column("run_at", UtcDateTime(), nullable=False),
        sa.Column("attempts", BigId, nullable=False),
        sa.Column("lease_until", UtcDateTime(), nullable=True),
        sa.Column("worker", sa.String(length=120), nullable=True),
        sa.Column("result", sa.JSON(), nullable=True),
        sa.Column("error", LongText, nullable=True),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("finished_at", UtcDateTime(), nullable=True),
        sa.Column("locale", sa.String(length=5), nullable=True),
        sa.Column("failures", BigId, server_default="0", nullable=False),
        sa.Column("progress", BigId, server_default="0", nullable=False),
        sa.Column("cancel_asked_at", UtcDateTime(), nullable=True),
        sa.Column("result_file", sa.String(length=80), nullable=True),
        sa.Column("error_code", sa.String(length=40), nullable=True),
        sa.Column("error_words", sa.String(length=500), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_jobs")),
        **MYSQL_TABLE,
    )
    op.create_index(op.f("ix_jobs_owner_id_name"), "jobs", ["owner_id", "name"])
    op.create_index("ix_jobs_state_run_at", "jobs", ["state", "run_at", "id"])
    op.create_index("ix_jobs_finished_at", "jobs", ["finished_at", "id"])


def _create_schedules() -> None:
    op.create_table(
        "schedules",
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("next_at", UtcDateTime(), nullable=False),
        sa.Column("last_at", UtcDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_schedules")),
        **MYSQL_TABLE,
    )


def _create_kept_answers() -> None:
    op.create_table(
        "kept_answers",
        sa.Column("id", BigId, nullable=False),
        sa.Column("caller", sa.String(length=80), nullable=False),
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("status", BigId, nullable=False),
        sa.Column("headers", LongText, nullable=False),
        sa.Column("body", LongText, nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_kept_answers")),
        sa.UniqueConstraint("caller", "key", name=op.f("uq_kept_answers_caller_key")),
        **MYSQL_TABLE,
    )
    op.create_index(op.f("ix_kept_answers_created_at"), "kept_answers", ["created_at"])
