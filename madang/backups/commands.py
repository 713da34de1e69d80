"""Progress bars and results of the commands for backups in a terminal."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime
from pathlib import Path

import click

from madang.core.clock import now
from madang.core.errors import InvalidInput
from madang.core.i18n import _, number
from madang.core.settings import setting
from madang.core.site import site
from madang.core.text import slugify

from .operations.archive import Archive, Manifest
from .operations.encryption import decrypting
from .operations.making import make_backup
from .operations.restoring import is_empty, require_replacing, restore_backup
from .operations.verifying import check_files, check_rows

STEPS = 5_000  # rows between two movements of a progress bar


def show_backup(target: Path) -> None:
    """Make a backup in the folder or file `target`, with a progress bar."""
    moment = now()
    path = target / _file_name(moment) if target.is_dir() else target
    with click.progressbar(length=1, label=_("Making a backup")) as bar:

        def show(done: int, total: int) -> None:
            bar.length = total
            if done % STEPS == 0 or done == total:
                bar.update(done - bar.pos)

        manifest = make_backup(path, now=moment, on_progress=show)
    click.echo(f"{path}: {_contents(manifest)}")


def _file_name(moment: datetime) -> str:
    return f"{slugify(site().name) or 'madang'}-{moment:%Y%m%d-%H%M%S}.zip"


def _contents(manifest: Manifest) -> str:
    return _(
        "%(rows)s rows in %(tables)s tables, %(files)s files",
        rows=number(manifest.row_count),
        tables=number(len(manifest.tables)),
        files=number(manifest.file_count),
    )


def show_verification(path: Path, scratch: Callable[[], AbstractContextManager[object]]) -> bool:
    """Verify a backup in the context of the application that `scratch` opens; return whether it is good."""
    with decrypting(path, setting("BACKUP_PASSPHRASE")) as file:
        archive = Archive(file)
        manifest = archive.manifest
        with click.progressbar(length=manifest.row_count + manifest.file_count, label=_("Checking the backup")) as bar:
            check_files(archive, bar.update)
            with scratch():
                problems = list(check_rows(archive, bar.update))
    for problem in problems:
        click.echo(problem, err=True)
    if not problems:
        click.echo(
            _("The backup of %(when)s is good: %(contents)s.", when=manifest.made_at, contents=_contents(manifest))
        )
    return not problems


def show_restoration(path: Path, *, is_replaced: bool, safety_folder: Path) -> None:
    """Restore a backup with a progress bar; before a site is replaced, a backup of it is made in `safety_folder`."""
    with decrypting(path, setting("BACKUP_PASSPHRASE")) as file:
        archive = Archive(file)
        if not is_empty():
            require_replacing(is_replaced)
            safety_folder.mkdir(mode=0o700, exist_ok=True)
            show_backup(safety_folder)
        manifest = archive.manifest
        with click.progressbar(length=manifest.row_count + manifest.file_count, label=_("Restoring the backup")) as bar:
            restore_backup(archive, advance=bar.update)
    click.echo(
        _("The site of %(when)s is restored: %(contents)s.", when=manifest.made_at, contents=_contents(manifest))
    )


def require_file(path: Path) -> None:
    """Raise `InvalidInput` if there is no such file."""
    if not path.is_file():
        raise InvalidInput(_("There is no file %(path)s.", path=path))
