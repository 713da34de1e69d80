"""The commands `settings`, `set` and `unset`, also for an administrator whom a wrong setting has locked out."""

from collections.abc import Collection, Mapping

import click
from flask.cli import with_appcontext
from sqlalchemy.exc import SQLAlchemyError

from madang.admin.operations.changing_settings import change_setting, require_changeable, reset_setting
from madang.config import describe
from madang.core.actor import COMMAND_LINE
from madang.core.clock import now
from madang.core.db import transaction
from madang.core.i18n import _
from madang.core.settings import settings as settings_now
from madang.core.settings import settings_of_start
from madang.core.site import chosen_settings


def settings_in_effect() -> tuple[Mapping[str, object], Collection[str]]:
    """The settings, with what administrators have changed in the browser if the database can be read; these names."""
    try:
        return settings_now(), chosen_settings().keys()
    except SQLAlchemyError:
        return settings_of_start(), ()


@click.command("settings")
@with_appcontext
def list_settings() -> None:
    """List every setting: its meaning, its default, its present value and where that comes from."""
    values, chosen = settings_in_effect()
    for row in describe(values, chosen):
        click.echo(
            f"{row.name}\n    {row.meaning}\n"
            f"    default {row.default or '(empty)'}; now {row.value or '(empty)'} ({row.source})"
        )


@click.command("set")
@click.argument("name")
@click.argument("value", required=False)
@with_appcontext
def change(name: str, value: str | None) -> None:
    """Change the setting NAME, as administrators do in the browser; asks for VALUE if it is not given."""
    name = _short(name)
    is_secret = require_changeable(name).secret
    text = click.prompt(_("Value"), hide_input=is_secret) if value is None else value
    with transaction():
        change_setting(name, text, actor=COMMAND_LINE, now=now())
    click.echo(_("The setting has been saved."))


@click.command("unset")
@click.argument("name")
@with_appcontext
def reset(name: str) -> None:
    """Put the setting NAME back to its default, as administrators do in the browser."""
    with transaction():
        change_id = reset_setting(_short(name), actor=COMMAND_LINE, now=now())
    click.echo(_("The setting has its default again.") if change_id else _("Nothing was changed."))


def _short(name: str) -> str:
    return name.upper().removeprefix("MADANG_")
