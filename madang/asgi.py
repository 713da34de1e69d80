"""The application for ASGI servers: `gunicorn madang.asgi:app`."""

from . import create_app
from .server import Gateway

app = Gateway(create_app())
