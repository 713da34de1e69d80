"""The commands that upgrade the database and return to the data before an upgrade."""

from importlib import import_module

import click
from flask.cli import with_appcontext

from madang.core.db.upgrade import bring_up_to_date
from madang.core.i18n import _


@click.command()
@with_appcontext
def upgrade() -> None:
    """Bring the database up to date; a snapshot of a site's database is taken first."""
    bring_up_to_date()
    click.echo(_("The database is up to date."))


@click.command()
@click.argument("snapshot", default="")
@click.option("--list", "is_list", is_flag=True, help="Only list the snapshots.")
@click.option("--yes", is_flag=True, help="Do not ask whether what was written since may be lost.")
@with_appcontext
def rollback(snapshot: str, is_list: bool, yes: bool) -> None:
    """Return the database to SNAPSHOT, or to that before the latest upgrade. Stop web and workers first."""
    commands = import_module("madang.backups.commands")
    if is_list:
        commands.show_snapshots()
    else:
        commands.show_rollback(snapshot, is_confirmed=yes)
