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
@click.argument("target", type=click.Path(path_type=Path))
@with_appcontext
def backup(target: Path) -> None:
    """Write a backup of database and pictures to the file TARGET, or into the folder TARGET, while the site runs."""
    _load_backups().show_backup(target)


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@with_appcontext
def verify(file: Path) -> None:
    """Restore the backup FILE into a scratch database and compare; exits with 1 if something is wrong."""
    commands = _load_backups()
    commands.require_file(file)
    with TemporaryDirectory(dir=current_app.instance_path) as folder:
        database = {"DATABASE_URL": f"sqlite:///{folder}/scratch.db", "SQLITE_SYNCHRONOUS": "OFF"}
        is_good = commands.show_verification(file, lambda: create_app(database, folder).app_context())
    sys.exit(0 if is_good else 1)


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--replace", is_flag=True, help="Replace the present site; a backup of it is made first.")
@with_appcontext
def restore(file: Path, replace: bool) -> None:
    """Restore the backup FILE on this database, of any kind. Stop web and workers first."""
    commands = _load_backups()
    commands.require_file(file)
    folder = Path(current_app.instance_path) / "backups"
    commands.show_restoration(file, is_replaced=replace, safety_folder=folder)


def _load_backups() -> ModuleType:
    """Import the backups for their own commands only."""
    return import_module("madang.backups.commands")
