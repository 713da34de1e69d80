"""The commands that show the state of an installation: `check`, `test-mail`, `shell`."""

import os
import sys

import click
from flask import current_app
from flask.cli import with_appcontext

from madang.admin.commands import show_counters, show_findings
from madang.admin.operations.test_mails import send_test_mail
from madang.core.i18n import _
from madang.shell import open_shell

from .settings import settings_in_effect


@click.command()
@click.option("--counts", is_flag=True, help="Count everything and compare it with the counters.")
@click.option("--mend", is_flag=True, help="With --counts: correct the counters.")
@with_appcontext
def check(counts: bool, mend: bool) -> None:
    """Report what is misconfigured; exits with 1 if something is wrong."""
    settings = {**settings_in_effect()[0], "DEBUG": current_app.debug}
    is_wrong = show_counters(mend=mend) if counts else show_findings(settings, os.environ)
    sys.exit(1 if is_wrong else 0)


@click.command("test-mail")
@click.argument("address")
@with_appcontext
def test_mail(address: str) -> None:
    """Send a mail to ADDRESS and explain the answer of the mail server; exits with 1 if it is not accepted."""
    send_test_mail(address)
    click.echo(_("The mail server has accepted the mail. Please see whether it arrives, and not among spam."))


@click.command()
@with_appcontext
def shell() -> None:
    """Open Python with the database, every table and helpers at hand."""
    open_shell()
