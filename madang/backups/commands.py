"""Progress bars and results of the commands for backups in a terminal."""

from collections.abc import Callable
from contextlib import AbstractContextManager, suppress
from pathlib import Path

import click
from sqlalchemy.exc import SQLAlchemyError

from madang.admin.operations.site_settings import record_verification
from madang.core.clock import now
from madang.core.db import transaction
from madang.core.errors import InvalidInput
from madang.core.i18n import _, number
from madang.core.settings import setting

from .operations.archive import Archive, Manifest
from .operations.encryption import decrypting
from .operations.keeping import backup_name, backups_in, remove_expired
from .operations.making import make_backup
from .operations.places import Target, target_of
from .operations.restoring import is_empty, require_replacing, restore_backup
from .operations.verifying import check_files, check_rows

STEPS = 5_000  # rows between two movements of a progress bar


def show_backup(text: str, *, is_thinned: bool = False) -> None:
    """Make a backup at the place or file `text`, with a progress bar; then delete old ones if `is_thinned`.

    Raises `InvalidInput` if old ones are to be deleted where `text` names a single file.
    """
    moment = now()
    target = target_of(text, Path(setting("INSTANCE")))
    if is_thinned and target.name:
        raise InvalidInput(_("--keep is for a folder, or for a place in a store that ends with a slash."))
    target = Target(target.place, target.name or backup_name(moment))
    with click.progressbar(length=1, label=_("Making a backup")) as bar:

        def show(done: int, total: int) -> None:
            bar.length = total
            if done % STEPS == 0 or done == total:
                bar.update(done - bar.pos)

        manifest = make_backup(target, now=moment, on_progress=show)
    click.echo(f"{target.address}: {_contents(manifest)}")
    for name in remove_expired(target.place) if is_thinned else ():
        click.echo(_("Deleted the old backup %(name)s.", name=name))


def _contents(manifest: Manifest) -> str:
    return _(
        "%(rows)s rows in %(tables)s tables, %(files)s files",
        rows=number(manifest.row_count),
        tables=number(len(manifest.tables)),
        files=number(manifest.file_count),
    )


def show_verification(text: str, scratch: Callable[[], AbstractContextManager[object]]) -> bool:
    """Verify a backup in the context of the application that `scratch` opens; return whether it is good.

    Of a place without the name of a file, the newest backup of this site.
    """
    target = _existing(text)
    with (
        target.place.reading(target.name) as file,
        decrypting(file, setting("BACKUP_PASSPHRASE"), target.place.scratch) as content,
    ):
        archive = Archive(content)
        manifest = archive.manifest
        with click.progressbar(length=manifest.row_count + manifest.file_count, label=_("Checking the backup")) as bar:
            check_files(archive, bar.update)
            with scratch():
                problems = list(check_rows(archive, bar.update))
    for problem in problems:
        click.echo(problem, err=True)
    if not problems:
        with suppress(SQLAlchemyError), transaction():  # a machine without this site can verify too
            record_verification(now=now())
        click.echo(
            _("The backup of %(when)s is good: %(contents)s.", when=manifest.made_at, contents=_contents(manifest))
        )
    return not problems


def show_restoration(text: str, *, is_replaced: bool, safety_folder: Path) -> None:
    """Restore a backup with a progress bar; before a site is replaced, a backup of it is made in `safety_folder`."""
    target = _existing(text)
    with (
        target.place.reading(target.name) as file,
        decrypting(file, setting("BACKUP_PASSPHRASE"), target.place.scratch) as content,
    ):
        archive = Archive(content)
        if not is_empty():
            require_replacing(is_replaced)
            show_backup(f"{safety_folder}/")
        manifest = archive.manifest
        with click.progressbar(length=manifest.row_count + manifest.file_count, label=_("Restoring the backup")) as bar:
            restore_backup(archive, advance=bar.update)
    click.echo(
        _("The site of %(when)s is restored: %(contents)s.", when=manifest.made_at, contents=_contents(manifest))
    )


def _existing(text: str) -> Target:
    """The backup that a person names, or the newest one of a place. Raises `InvalidInput` where there is none."""
    target = target_of(text, Path(setting("INSTANCE")))
    if target.name:
        return target
    names = backups_in(target.place)
    if not names:
        raise InvalidInput(_("There is no backup of this site in %(place)s.", place=target.address))
    return Target(target.place, names[-1])
