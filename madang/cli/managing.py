"""The commands that change single things of the site: accounts, boards, the search index."""

import sys

import click
from flask.cli import with_appcontext

from madang.accounts.operations.recovery import set_email
from madang.accounts.queries.users import get_user
from madang.admin.operations.setup import make_admin
from madang.boards.models import BOARD_KINDS
from madang.boards.operations.managing import create_board
from madang.core.actor import COMMAND_LINE, VISITOR
from madang.core.clock import now
from madang.core.db import transaction
from madang.core.db.upgrade import bring_up_to_date
from madang.core.i18n import LOCALES
from madang.core.site import site_locale
from madang.search.operations.rebuilding import rebuild_all

OtherTexts = tuple[tuple[str, str], ...]
IN_LANGUAGE = (click.Choice(LOCALES), str)


@click.command("create-admin")
@click.option("--username", required=True)
@click.option("--email", required=True)
@click.option("--password-stdin", is_flag=True, help="Read the password from standard input.")
@click.option("--site-name", default="Madang", show_default=True, help="The site's name, if it is new.")
@click.option(
    "--locale", type=click.Choice(["ko", "en"]), default=None, help="The language of the account, and of a new site."
)
@with_appcontext
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


@click.command("create-board")
@click.argument("slug")
@click.option("--kind", required=True, type=click.Choice(BOARD_KINDS), help="What stands there.")
@click.option("--name", required=True, help="Its name in the site's language.")
@click.option("--description", default="", help="One sentence below the name.")
@click.option("--name-in", type=IN_LANGUAGE, multiple=True, metavar="LANGUAGE TEXT", help="Its name in another one.")
@click.option(
    "--description-in", type=IN_LANGUAGE, multiple=True, metavar="LANGUAGE TEXT", help="The same, of the sentence."
)
@with_appcontext
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


@click.command("set-email")
@click.argument("username")
@click.argument("address")
@with_appcontext
def set_email_address(username: str, address: str) -> None:
    """Give an account an e-mail address, so that its owner can reset the password (imported accounts have none)."""
    with transaction():
        set_email(get_user(username, VISITOR), address)
    click.echo(f"{username} can ask for a password at {address} now.")


@click.command("rebuild-search")
@with_appcontext
def rebuild_search() -> None:
    """Rebuild the search index; the site may run meanwhile."""
    rebuild_all(lambda part, last: click.echo(f"\r{part}: {last:,} ", nl=False, err=True))
    click.echo("\nThe search index is new.", err=True)
