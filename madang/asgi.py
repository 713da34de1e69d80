"""The application for ASGI servers: `gunicorn madang.asgi:app`."""

import sys

import click

from . import create_app
from .core.db.engines import engine_of
from .core.db.upgrade import require_startable
from .core.errors import Conflict
from .core.server.gateway import Gateway

BOOT_ERROR = 3  # gunicorn stops at it; at any other it would start the next process, again and again

_flask = create_app()
try:
    with _flask.app_context():
        require_startable()
except Conflict as error:
    click.echo(error.message, err=True)
    sys.exit(BOOT_ERROR)
engine_of(_flask).dispose()  # the server may fork now: no process may share its connections
app = Gateway(_flask)
