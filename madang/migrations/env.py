"""Run migrations on the application's engine. Called by Flask-Migrate (`flask --app madang db ...`)."""

import sys
from collections.abc import Iterable
from contextlib import AbstractContextManager, nullcontext
from datetime import UTC, datetime, timedelta
from importlib import import_module
from pathlib import Path
from typing import Literal

import click
from alembic import context
from alembic.autogenerate.api import AutogenContext
from alembic.operations.ops import DropIndexOp, DropTableOp, MigrationScript, ModifyTableOps, OpContainer
from alembic.runtime.migration import MigrationContext
from alembic.util import CommandError

from madang.core.clock import now
from madang.core.db import Base, BigId, LongText, UtcDateTime, db
from madang.core.db.upgrade import current_heads, require_no_newer, takes_snapshots
from madang.core.errors import MadangError
from madang.core.i18n import _
from madang.core.settings import setting

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
        current = current_heads(connection)
        try:
            require_no_newer(connection, context.script)
            connection.rollback()  # nothing may be locked while the snapshot is taken
            with guard(current):
                with context.begin_transaction():
                    context.run_migrations()
                connection.commit()
        except MadangError as error:  # Flask-Migrate prints the message of this one without a traceback
            raise CommandError(error.message) from error


def guard(current: set[str]) -> AbstractContextManager[object]:
    """Take a snapshot before migrations change the tables of a site; ask before `db downgrade` deletes columns."""
    destination = context.get_context().opts.get("destination_rev")
    if (
        not destination
        or not takes_snapshots()
        or (destination in ("head", "heads") and current == set(context.script.get_heads()))
    ):
        return nullcontext()
    command = click.get_current_context(silent=True)
    if current and command is not None and command.info_name == "downgrade":
        ask_before_downgrade(str(destination))
    is_new = not current and db.engine.dialect.name in ("sqlite", "postgresql")
    if is_new and not (Path(setting("INSTANCE")) / "snapshots").exists():
        return nullcontext()
    # Imported when tables change only: compression takes memory that a site need not have.
    return import_module("madang.backups.operations.guarding").guarded_migration(now=now())


def ask_before_downgrade(destination: str) -> None:
    """Ask whether what the newer tables hold may be lost; without a terminal `-x yes` says so."""
    question = _("Going back to %(revision)s deletes what only the newer tables can hold.", revision=destination)
    if "yes" in context.get_x_argument():
        return
    if not sys.stdin.isatty():
        raise CommandError(question + " " + _("Add -x yes if that is meant."))
    click.confirm(question + " " + _("Go on?"), abort=True)


run()
