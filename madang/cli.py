"""The command line `madang`: each command calls one operation."""

import os
import sys
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryDirectory
from types import ModuleType

import click
from flask import Flask, current_app
from flask.cli import FlaskGroup, ScriptInfo, pass_script_info

from . import create_app
from .accounts.operations.recovery import set_email
from .accounts.queries.users import get_user
from .admin.commands import show_counters, show_findings
from .admin.operations.installation_checks import has_admin, terminal_locale
from .admin.operations.setup import make_admin, open_site
from .boards.models import BOARD_KINDS
from .boards.operations.managing import create_board
from .config import ConfigError, describe
from .core.actor import COMMAND_LINE, VISITOR
from .core.clock import now
from .core.db import transaction
from .core.db.upgrade import bring_up_to_date
from .core.errors import MadangError
from .core.i18n import LOCALES, _, set_locale, use_locale
from .core.queue.run_workers import work
from .core.server.serve import serve_site
from .core.site import make_setup_code, site, site_locale
from .search.operations.rebuilding import rebuild_all
from .shell import open_shell

OtherTexts = tuple[tuple[str, str], ...]
IN_LANGUAGE = (click.Choice(LOCALES), str)


def _create() -> Flask:
    try:
        return create_app()
    except ConfigError as error:
        raise click.ClickException(str(error)) from None


cli = FlaskGroup(
    create_app=_create,
    add_default_commands=False,
    add_version_option=False,
    help="Madang: a community board that one person can run.",
)
click.version_option(package_name="madang", message="%(prog)s %(version)s")(cli)


def main() -> None:
    """Run the `madang` command; print errors that a person can correct as sentences, and exit with 1."""
    set_locale(terminal_locale(os.environ))
    try:
        cli(standalone_mode=True)
    except MadangError as error:
        sentences = [error.message, *(f"{name}: {message}" for name, message in error.fields.items())]
        click.echo("\n".join(sentence for sentence in sentences if sentence), err=True)
        sys.exit(1)


@cli.command(with_appcontext=False)
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", default=5000, show_default=True, type=click.IntRange(0, 65535))
@click.option("--workers", default=1, show_default=True, type=click.IntRange(1, 64), help="Number of web processes.")
@click.option(
    "--reload", is_flag=True, help="For development: restart when the code changes, debug errors in the browser."
)
@pass_script_info
def serve(info: ScriptInfo, host: str, port: int, workers: int, reload: bool) -> None:
    """Bring the database up to date, then start the web and the worker."""
    if reload:
        os.environ.setdefault("FLASK_DEBUG", "1")
    app = info.load_app()
    if reload and (workers > 1 or app.config["ENVIRONMENT"] == "production"):
        raise click.UsageError(_("--reload is for development, with one web process."))
    with app.app_context():
        code = _prepare_site()
    serve_site(app, host=host, port=port, workers=workers, setup_code=code, reloads=reload)


def _prepare_site() -> str | None:
    """Migrate the database; return the setup code of a site that is not set up yet."""
    bring_up_to_date()
    if site().is_set_up:
        return None
    with transaction():
        return make_setup_code()


@cli.command()
def shell() -> None:
    """Open Python with the database, every table and helpers at hand."""
    open_shell()


@cli.command(with_appcontext=False)
@click.option("--count", default=1, show_default=True, type=click.IntRange(1, 64), help="Jobs done at the same time.")
@pass_script_info
def worker(info: ScriptInfo, count: int) -> None:
    """Run background jobs until stopped; as many of these as you like may run, also on several machines."""
    work(info.load_app(), count)


@cli.command("create-admin")
@click.option("--username", required=True)
@click.option("--email", required=True)
@click.option("--password-stdin", is_flag=True, help="Read the password from standard input.")
@click.option("--site-name", default="Madang", show_default=True, help="The site's name, if it is new.")
@click.option(
    "--locale", type=click.Choice(["ko", "en"]), default=None, help="The language of the account, and of a new site."
)
def create_admin(username: str, email: str, password_stdin: bool, site_name: str, locale: str | None) -> None:
    """Make an administrator; on an empty database this opens the site."""
    bring_up_to_date()
    if password_stdin:
        password = sys.stdin.readline().rstrip("\r\n")
    else:
        password = click.prompt("Password", hide_input=True, confirmation_prompt=True)
    with transaction():
        make_admin(
            username=username,
            email=email,
            password=password,
            site_name=site_name,
            locale=locale,
            now=now(),
        )
    click.echo(f"{username} is an administrator now.")


@cli.command("create-board")
@click.argument("slug")
@click.option("--kind", required=True, type=click.Choice(BOARD_KINDS), help="What stands there.")
@click.option("--name", required=True, help="Its name in the site's language.")
@click.option("--description", default="", help="One sentence below the name.")
@click.option("--name-in", type=IN_LANGUAGE, multiple=True, metavar="LANGUAGE TEXT", help="Its name in another one.")
@click.option(
    "--description-in", type=IN_LANGUAGE, multiple=True, metavar="LANGUAGE TEXT", help="The same, of the sentence."
)
def create_board_command(
    slug: str, kind: str, name: str, description: str, name_in: OtherTexts, description_in: OtherTexts
) -> None:
    """Make a board at /boards/SLUG, behind the others."""
    bring_up_to_date()
    with transaction():
        board = create_board(
            actor=COMMAND_LINE,
            slug=slug,
            kind=kind,
            name=_by_language(name, name_in),
            description=_by_language(description, description_in),
            now=now(),
        )
    click.echo(f"{board.name} stands at /boards/{board.slug} now.")


def _by_language(text: str, others: OtherTexts) -> str | dict[str, str]:
    """A text in the site's language, with those in others if there are any."""
    return {site_locale(): text, **dict(others)} if others else text


@cli.command("set-email")
@click.argument("username")
@click.argument("address")
def set_email_address(username: str, address: str) -> None:
    """Give an account an e-mail address, so that its owner can reset the password (imported accounts have none)."""
    with transaction():
        set_email(get_user(username, VISITOR), address)
    click.echo(f"{username} can ask for a password at {address} now.")


@cli.command()
@click.argument("target", type=click.Path(path_type=Path))
def backup(target: Path) -> None:
    """Write a backup of database and pictures to the file TARGET, or into the folder TARGET, while the site runs."""
    _load_backups().show_backup(target)


@cli.command()
@click.argument("file", type=click.Path(path_type=Path))
def verify(file: Path) -> None:
    """Restore the backup FILE into a scratch database and compare; exits with 1 if something is wrong."""
    commands = _load_backups()
    commands.require_file(file)
    with TemporaryDirectory(dir=current_app.instance_path) as folder:
        database = {"DATABASE_URL": f"sqlite:///{folder}/scratch.db", "SQLITE_SYNCHRONOUS": "OFF"}
        is_good = commands.show_verification(file, lambda: create_app(database, folder).app_context())
    sys.exit(0 if is_good else 1)


@cli.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--replace", is_flag=True, help="Replace the present site; a backup of it is made first.")
def restore(file: Path, replace: bool) -> None:
    """Restore the backup FILE on this database, of any kind. Stop web and workers first."""
    commands = _load_backups()
    commands.require_file(file)
    folder = Path(current_app.instance_path) / "backups"
    commands.show_restoration(file, is_replaced=replace, safety_folder=folder)


def _load_backups() -> ModuleType:
    """Import the backups for their own commands only."""
    return import_module("madang.backups.commands")


@cli.command()
def settings() -> None:
    """List every setting: its meaning, its default and its present value."""
    for row in describe(current_app.config):
        click.echo(
            f"{row.name}\n    {row.meaning}\n    default {row.default or '(empty)'}; now {row.value or '(empty)'}"
        )


@cli.command("rebuild-search")
def rebuild_search() -> None:
    """Rebuild the search index; the site may run meanwhile."""
    rebuild_all(lambda part, last: click.echo(f"\r{part}: {last:,} ", nl=False, err=True))
    click.echo("\nThe search index is new.", err=True)


@cli.group("import")
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


@cli.command()
@click.option("--questions", default=1_000, show_default=True, type=click.IntRange(1), help="How many questions.")
@click.option("--board", default="qa", show_default=True, help="Slug of the board for them; made if absent.")
@click.option("--seed", default=1, show_default=True, help="The same seed makes the same content.")
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
        locale = current_app.config["DEFAULT_LOCALE"]
        with transaction(), use_locale(locale):
            open_site(name=current_app.config["SITE_NAME"], locale=locale, now=now())


@cli.command()
@click.option("--counts", is_flag=True, help="Count everything and compare it with the counters.")
@click.option("--mend", is_flag=True, help="With --counts: correct the counters.")
def check(counts: bool, mend: bool) -> None:
    """Report what is misconfigured; exits with 1 if something is wrong."""
    settings = {**current_app.config, "DEBUG": current_app.debug}
    is_wrong = show_counters(mend=mend) if counts else show_findings(settings, os.environ)
    sys.exit(1 if is_wrong else 0)


if __name__ == "__main__":
    main()
