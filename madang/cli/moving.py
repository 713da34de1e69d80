"""The command that moves the site to another database."""

from importlib import import_module

import click
from flask import current_app
from flask.cli import with_appcontext
from sqlalchemy.exc import ArgumentError

from madang import create_app
from madang.config import ConfigError
from madang.core.db.engines import engine_of
from madang.core.db.upgrade import bring_up_to_date
from madang.core.i18n import _


@click.command("move-database")
@click.argument("url")
@click.option("--resume", is_flag=True, help="Go on with a move into that database that was interrupted.")
@with_appcontext
def move_database(url: str, resume: bool) -> None:
    """Copy the site into the empty database URL, of any kind, and prove that nothing is missing.

    Stop web and workers first. It can be stopped at any moment and goes on with --resume. Pictures stay where they are.
    """
    try:
        target = create_app({"DATABASE_URL": url, "LOG_LEVEL": "WARNING"}, current_app.instance_path)
    except (ConfigError, ArgumentError) as error:
        raise click.UsageError(str(error)) from None
    commands = import_module("madang.backups.commands")
    engine = engine_of(target)
    commands.require_movable(engine)
    with target.app_context():
        bring_up_to_date()
    commands.show_move(engine, is_resumed=resume)
    click.echo(_("Now set MADANG_DATABASE_URL to the new database, and start web and workers:"))
    click.echo(f"MADANG_DATABASE_URL={url}")
