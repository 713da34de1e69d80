"""Progress bars and results of the commands for backups in a terminal."""

from collections.abc import Callable
from contextlib import AbstractContextManager, suppress
from pathlib import Path

import click
from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from madang.admin.operations.site_settings import record_verification
from madang.core.clock import now
from madang.core.db import db, transaction
from madang.core.db.upgrade import require_up_to_date
from madang.core.errors import Conflict, InvalidInput
from madang.core.i18n import _, number
from madang.core.settings import setting

from .operations.archive import Archive, Manifest
from .operations.code_versions import command_for_code
from .operations.encryption import decrypting
from .operations.keeping import backup_name, backups_in, newest_of_other_sites, remove_expired
from .operations.making import make_backup
from .operations.moving import (
    begin_move,
    differing_tables,
    finish_move,
    move_rows,
    repeat_tables,
    require_other,
)
from .operations.places import Target, target_of
from .operations.restoring import is_empty, require_replacing, restore_backup
from .operations.rows import site_tables
from .operations.snapshots import find_snapshot, is_rolling_back, list_snapshots, roll_back, write_snapshot
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
        other = newest_of_other_sites(target.place)
        hint = " " + _("If you mean the one of another site, name it: %(file)s", file=target.place.address(other))
        raise InvalidInput(
            _("There is no backup of this site in %(place)s.", place=target.address) + hint * bool(other)
        )
    return Target(target.place, names[-1])


def require_movable(target: Engine) -> None:
    """Raise `Conflict` if the site cannot be moved into a database: it is the present one, or the tables are old."""
    require_other(target)
    with db.engine.connect() as connection:
        require_up_to_date(connection)


def show_move(target: Engine, *, is_resumed: bool) -> None:
    """Copy the site into another database with a progress bar, and compare. Raises `Conflict`."""
    begin_move(target, is_resumed=is_resumed)
    with click.progressbar(length=1, label=_("Copying the rows")) as bar:

        def show(done: int, total: int) -> None:
            bar.length = total
            bar.update(done - bar.pos)

        move_rows(target, show)
    with click.progressbar(length=len(site_tables()), label=_("Comparing the tables")) as bar:
        differing = differing_tables(target, lambda _name: bar.update(1))
    if differing:
        repeat_tables(target, differing)
        raise Conflict(
            _(
                "These tables changed meanwhile: %(tables)s. Stop web and workers, then go on with --resume.",
                tables=", ".join(differing),
            )
        )
    finish_move(target)
    click.echo(_("Every table is the same in both databases, by the number of its rows and their SHA-256."))


def show_snapshots() -> None:
    """List the snapshots, newest first."""
    for each in list_snapshots():
        click.echo(f"{each.path.name}  {command_for_code(each)}")


def show_rollback(name: str, *, is_confirmed: bool) -> None:
    """Return to a snapshot, the newest one for an empty name; asks first, and copies the present database.

    Raises `InvalidInput` if there is none, and `Conflict` if it is of another kind of database.
    """
    chosen = find_snapshot(name)
    question = _(
        "What was written since %(when)s UTC will be lost. Go on?", when=f"{chosen.taken_at:%Y-%m-%d %H:%M:%S}"
    )
    if not is_confirmed:
        click.confirm(question, abort=True)
    if not is_rolling_back():
        folder, moment = Path(setting("INSTANCE")) / "backups", now()
        kept = write_snapshot(folder / f"before-rollback-{moment:%Y%m%d-%H%M%S}", now=moment)
        click.echo(_("The present database is kept in %(path)s.", path=kept))
    roll_back(chosen)
    click.echo(_("The database is as before the upgrade to version %(version)s again.", version=chosen.before))
    click.echo(_("Now install the code that belongs to it, then start web and workers:"))
    click.echo(command_for_code(chosen))
