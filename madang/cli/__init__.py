"""The command line `madang`: each command calls one operation."""

import os
import sys

import click
from flask import Flask
from flask.cli import FlaskGroup
from sqlalchemy.exc import SQLAlchemyError

from madang import create_app
from madang.admin.operations.installation_checks import terminal_locale
from madang.config import ConfigError
from madang.core.db.failures import Failure, failure_in, reason
from madang.core.errors import MadangError
from madang.core.i18n import _, set_locale

from . import archiving, backups, importing, inspecting, managing, moving, serving, settings, upgrading

COMMANDS = (
    serving.serve,
    serving.worker,
    serving.setup_code,
    serving.maintenance,
    managing.create_admin,
    managing.create_board_command,
    managing.set_email_address,
    managing.rebuild_search,
    backups.backup,
    backups.verify,
    backups.restore,
    moving.move_database,
    upgrading.upgrade,
    upgrading.rollback,
    importing.import_,
    importing.demo,
    archiving.export,
    archiving.archive,
    inspecting.check,
    inspecting.test_mail,
    settings.list_settings,
    settings.change,
    settings.reset,
    inspecting.shell,
)


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
for command in COMMANDS:
    cli.add_command(command)


def main() -> None:
    """Run the `madang` command; print errors that a person can correct as sentences, and exit with 1."""
    set_locale(terminal_locale(os.environ))
    try:
        cli(standalone_mode=True)
    except MadangError as error:
        sentences = [error.message, *(f"{name}: {message}" for name, message in error.fields.items())]
        click.echo("\n".join(sentence for sentence in sentences if sentence), err=True)
        sys.exit(1)
    except (OSError, SQLAlchemyError) as error:
        sentence = _sentence_of(error)
        if not sentence:
            raise
        click.echo(sentence, err=True)
        sys.exit(1)


def _sentence_of(error: OSError | SQLAlchemyError) -> str:
    """What to do about a failure of the database or the disk; empty for any other error."""
    why = reason(error)
    return {
        None: "",
        Failure.BUSY: _("The database is busy (%(error)s). Please try again.", error=why),
        Failure.UNREACHABLE: _(
            "The database does not respond (%(error)s). Please see whether it runs and its disk has room, or correct "
            "MADANG_DATABASE_URL.",
            error=why,
        ),
        Failure.FULL: _("The disk is full (%(error)s). Please free some space, and try again.", error=why),
        Failure.READ_ONLY: _(
            "A file cannot be written (%(error)s). Give the user who runs Madang permission to write there.", error=why
        ),
    }[failure_in(error)]
