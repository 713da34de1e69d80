"""A minimal application for tests of core/rest, and request contexts for it."""

from collections.abc import Iterator
from contextlib import contextmanager

from flask import Flask, Request, g, request

from madang.core.actor import VISITOR, Actor
from madang.core.rest.access import Credential


def bare_app(**config: object) -> Flask:
    """Return an application without a database, pages or users."""
    app = Flask(__name__)
    app.secret_key = "for the tests alone"
    usual = {"API_LIMIT": "", "API_CORS_ORIGINS": (), "MAX_FORM_MEMORY_SIZE": 2_000, "SITE_URL": ""}
    app.config |= {**usual, "PAGE_CACHE_SECONDS": 0, **config}
    return app


@contextmanager
def asking(
    app: Flask, path: str = "/", *, actor: Actor = VISITOR, credential: Credential | None = None, **options: object
) -> Iterator[Request]:
    """Open the context of a request by `actor` with `current_credential`."""
    with app.test_request_context(path, **options):
        g.actor = actor
        if credential:
            g.credential = credential
        yield request
