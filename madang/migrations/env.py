"""Run migrations on the application's engine. Called by Flask-Migrate (`flask --app madang db ...`)."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Literal

import click
from alembic import context
from alembic.autogenerate.api import AutogenContext
from alembic.operations.ops import DropIndexOp, DropTableOp, MigrationScript, ModifyTableOps, OpContainer
from alembic.runtime.migration import MigrationContext
from alembic.util import CommandError

from madang.core.clock import now
from madang.core.db import Base, BigId, LongText, UtcDateTime, db

REVISION_FORMAT = "%Y%m%d_%H%M"


def include_object(_object: object, name: str | None, _kind: str, _is_reflected: bool, _other: object) -> bool:
    """Whether the models describe this object; they do not describe the full-text indexes and Alembic's own table."""
    return not (name or "").startswith(("search_index", "ft_", "alembic_"))


def render_item(kind: str, item: object, autogen_context: AutogenContext) -> str | Literal[False]:
    """Write our own types by their names."""
    names = {id(BigId): "BigId", id(LongText): "LongText"}
    name = names.get(id(item)) or ("UtcDateTime()" if isinstance(item, UtcDateTime) else None)
    if kind != "type" or name is None:
        return False
    autogen_context.imports.add(f"from madang.core.db import {name.removesuffix('()')}")
    return name


def name_revision(_context: MigrationContext, _current: object, directives: list[MigrationScript]) -> None:
    """Name a new migration by its moment and its message; write none where the tables are those of the models."""
    (script,) = directives
    script.rev_id = next_revision(context.script.get_heads())
    if not getattr(context.config.cmd_opts, "autogenerate", False):  # `db revision` and `db check`
        return
    if script.upgrade_ops and script.upgrade_ops.is_empty():
        directives.clear()
        click.echo("The tables are those of the models, so no migration was written.")
    elif not script.message:
        raise CommandError('Say what the migration does, as in: flask --app madang db migrate -m "Add polls"')
    elif script.downgrade_ops:
        keep_indexes_of_dropped_tables(script.downgrade_ops)


def keep_indexes_of_dropped_tables(operations: OpContainer) -> None:
    """Drop no index of a table that is dropped anyway: MariaDB refuses it where a foreign key needs the index."""
    dropped = {operation.table_name for operation in operations.ops if isinstance(operation, DropTableOp)}
    for table in [each for each in operations.ops if isinstance(each, ModifyTableOps) and each.table_name in dropped]:
        table.ops = [operation for operation in table.ops if not isinstance(operation, DropIndexOp)]
        if not table.ops:
            operations.ops.remove(table)


def next_revision(heads: Iterable[str]) -> str:
    """The present minute, or the minute after the newest of `heads`: the order of names is the order of revisions."""
    moments = [datetime.strptime(head, REVISION_FORMAT).replace(tzinfo=UTC) + timedelta(minutes=1) for head in heads]
    return max([now(), *moments]).strftime(REVISION_FORMAT)


def run() -> None:
    with db.engine.connect() as connection:
        context.configure(
            connection=connection,
            target_metadata=Base.metadata,
            compare_type=True,
            # A batch recreates the table on SQLite and deletes the rows that refer to it (ON DELETE CASCADE).
            render_as_batch=False,
            include_object=include_object,
            render_item=render_item,
            process_revision_directives=name_revision,
            transaction_per_migration=True,
        )
        with context.begin_transaction():
            context.run_migrations()
        connection.commit()


run()
