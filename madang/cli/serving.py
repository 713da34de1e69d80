"""The commands that run the site: `serve` and `worker`; and those that open it: `setup-code` and `maintenance`."""

import os
from time import sleep

import click
from flask.cli import ScriptInfo, pass_script_info, with_appcontext

from madang.core.db import transaction
from madang.core.db.upgrade import bring_up_to_date, require_startable
from madang.core.errors import Conflict
from madang.core.i18n import _
from madang.core.queue.run_workers import work
from madang.core.server.serve import serve_site
from madang.core.site import SECONDS, make_setup_code, site
from madang.core.web.maintenance import set_maintenance


@click.command()
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


@click.command()
@click.option("--count", default=1, show_default=True, type=click.IntRange(1, 64), help="Jobs done at the same time.")
@pass_script_info
def worker(info: ScriptInfo, count: int) -> None:
    """Run background jobs until stopped; as many of these as you like may run, also on several machines."""
    app = info.load_app()
    with app.app_context():
        require_startable()
    work(app, count)


@click.command("setup-code")
@with_appcontext
def setup_code() -> None:
    """Print a new code for /setup, on a site that is not set up yet; earlier codes become invalid."""
    code = _prepare_site()
    if code is None:
        raise Conflict(_("This site is set up already. An administrator can be added with “madang create-admin”."))
    click.echo(code)


@click.command()
@click.argument("state", type=click.Choice(["on", "off"]))
@with_appcontext
def maintenance(state: str) -> None:
    """Close the site for writing, or open it again: everything can still be read. Workers go on."""
    is_on = state == "on"
    with transaction():
        set_maintenance(is_on)
    if is_on:
        sleep(SECONDS)  # so that the sentence is true of every process
    click.echo(
        _("From now on nothing can be written; “madang maintenance off” ends this.")
        if is_on
        else _("The site can be written to again.")
    )
