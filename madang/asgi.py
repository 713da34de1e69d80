"""The application for ASGI servers: `gunicorn madang.asgi:app`."""

from . import create_app
from .core.server.gateway import Gateway

app = Gateway(create_app())
