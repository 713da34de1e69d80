"""The commands for backups."""

import sys
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryDirectory
from types import ModuleType

import click
from flask import current_app
from flask.cli import with_appcontext

from madang import create_app


@click.command()
@click.argument("target")
@click.option(
    "--keep",
    is_flag=True,
    help="Then delete old backups there: the newest of each of 7 days, 4 weeks and 12 months stays.",
)
@with_appcontext
def backup(target: str, keep: bool) -> None:
    """Write a backup of database and pictures while the site runs.

    TARGET is a file, a folder, or s3://BUCKET/PREFIX/ with the keys of the site's S3 store.
    """
    _load_backups().show_backup(target, is_thinned=keep)


@click.command()
@click.argument("file")
@with_appcontext
def verify(file: str) -> None:
    """Restore a backup into a scratch database and compare; exits with 1 if something is wrong.

    FILE is a file, or the newest backup of a folder or of s3://BUCKET/PREFIX/.
    """
    commands = _load_backups()
    with TemporaryDirectory(dir=current_app.instance_path) as folder:
        database = {"DATABASE_URL": f"sqlite:///{folder}/scratch.db", "SQLITE_SYNCHRONOUS": "OFF"}
        is_good = commands.show_verification(file, lambda: create_app(database, folder).app_context())
    sys.exit(0 if is_good else 1)


@click.command()
@click.argument("file")
@click.option("--replace", is_flag=True, help="Replace the present site; a backup of it is made first.")
@with_appcontext
def restore(file: str, replace: bool) -> None:
    """Restore a backup on this database, of any kind. Stop web and workers first.

    FILE is a file, or the newest backup of a folder or of s3://BUCKET/PREFIX/.
    """
    folder = Path(current_app.instance_path) / "backups"
    _load_backups().show_restoration(file, is_replaced=replace, safety_folder=folder)


def _load_backups() -> ModuleType:
    """Import the backups for their own commands only."""
    return import_module("madang.backups.commands")
