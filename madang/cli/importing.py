"""The commands that fill a site: `import` and `demo`."""

from importlib import import_module
from pathlib import Path
from types import ModuleType

import click
from flask import current_app
from flask.cli import AppGroup, with_appcontext

from madang.admin.operations.installation_checks import has_admin
from madang.admin.operations.setup import open_site
from madang.core.clock import now
from madang.core.db import transaction
from madang.core.db.upgrade import bring_up_to_date
from madang.core.i18n import _, use_locale
from madang.core.settings import setting
from madang.core.site import site


@click.group("import", cls=AppGroup)
def import_() -> None:
    """Import the content of another site."""


@import_.command("stackexchange")
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@click.option("--board", default="qa", show_default=True, help="Slug of the board for the questions; made if absent.")
def import_dump(folder: Path, board: str) -> None:
    """Import the unpacked official dump in DIR.

    Run it again after an interruption, or with a newer dump: it adds what is missing and changes nothing else.
    """
    importer = _load_importer()
    importer.bytes_to_read(folder)
    _open_if_new()
    importer.show_import(folder, board=board, scratch_folder=Path(current_app.instance_path))
    if not has_admin():
        click.echo(_("This site has no administrator yet. Create one with “madang create-admin”."))


@click.command()
@click.option("--questions", default=1_000, show_default=True, type=click.IntRange(1), help="How many questions.")
@click.option("--board", default="qa", show_default=True, help="Slug of the board for them; made if absent.")
@click.option("--seed", default=1, show_default=True, help="The same seed makes the same content.")
@with_appcontext
def demo(questions: int, board: str, seed: int) -> None:
    """Fill the site with made-up questions and answers, to try it out or to measure it."""
    _open_if_new()
    _load_importer().show_demonstration(questions, board=board, seed=seed)


def _load_importer() -> ModuleType:
    """Import the importer for its own commands only: it takes 2 MB of a site's 130."""
    return import_module("madang.importing.commands")


def _open_if_new() -> None:
    """Migrate the database and open a new site, which may get its content before its administrator."""
    bring_up_to_date()
    if not site().is_set_up:
        locale = setting("DEFAULT_LOCALE")
        with transaction(), use_locale(locale):
            open_site(name=setting("SITE_NAME"), locale=locale, now=now())
