"""The commands that write the public content of a site into a folder."""

from importlib import import_module
from pathlib import Path
from types import ModuleType

import click
from flask import current_app
from flask.cli import AppGroup, with_appcontext

FOLDER = click.Path(path_type=Path, file_okay=False)


@click.group("export", cls=AppGroup)
def export() -> None:
    """Write the content of the site for other programs."""


@export.command("dump")
@click.argument("folder", metavar="DIR", type=FOLDER)
def export_dump(folder: Path) -> None:
    """Write the public questions and answers into DIR as a dump in the format of Stack Exchange.

    DIR is new or empty. “madang import stackexchange DIR” reads it.
    """
    _load_archiving().show_dump(folder)


@click.command()
@click.argument("folder", metavar="DIR", type=FOLDER)
@with_appcontext
def archive(folder: Path) -> None:
    """Write the public site as plain HTML into DIR, which needs no server.

    Run it again after an interruption, to go on, or later, to update the archive.
    """
    _load_archiving().show_archive(folder, current_app.jinja_env)


def _load_archiving() -> ModuleType:
    """Import the slice for its own commands only."""
    return import_module("madang.archiving.commands")
