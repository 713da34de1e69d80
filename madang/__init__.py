"""Madang: a community board that one person can run."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from flask import Flask
from flask_migrate import Migrate
from werkzeug.middleware.proxy_fix import ProxyFix

from .core.db import db

MIGRATIONS = Path(__file__).parent / "migrations"


def create_app(overrides: Mapping[str, Any] | None = None, instance_path: str | Path | None = None) -> Flask:
    """The application: settings, extensions, slices, errors, subscriptions.

    `overrides` win over every other source of settings. Raises `madang.config.ConfigError` with a sentence.
    """
    from . import config, slices
    from .accounts import passwords
    from .accounts.credentials import jwt, read_credentials
    from .accounts.queries import get_actor_by_token
    from .accounts.sessions import identify
    from .core import (
        doorbell,
        engines,
        error_pages,
        events,
        headers,
        i18n,
        logs,
        metrics,
        ratelimit,
        stores,
        templating,
        web,
    )
    from .core.jobs import carrier
    from .subscriptions import SUBSCRIPTIONS
    from .translations import compile_catalogues

    instance = Path(instance_path or os.environ.get("MADANG_INSTANCE") or "instance").absolute()
    settings = config.load(os.environ, instance, overrides)
    app = web.Application(__name__, instance_path=settings["INSTANCE"])
    app.config.from_mapping(settings)
    Path(app.instance_path).mkdir(parents=True, exist_ok=True)
    logs.init_app(app)

    i18n.load_catalogues(compile_catalogues())
    passwords.configure(app.config)
    ratelimit.connect(app.config["REDIS_URL"])
    doorbell.connect(app.config["REDIS_URL"])
    carrier.init_app(app)
    engines.init_app(app)
    stores.init_app(app)
    Migrate(app, db, directory=str(MIGRATIONS))

    metrics.init_app(app)
    web.init_app(app, get_actor_by_token, identify, read_credentials)
    jwt.init_app(app)
    headers.init_app(app)
    templating.init_app(app)
    error_pages.init_app(app)
    slices.register(app)
    templating.register_components(app)
    events.connect(SUBSCRIPTIONS)
    _trust_proxies(app, app.config["TRUSTED_PROXIES"])
    return app


def _trust_proxies(app: Flask, hops: int) -> None:
    """Believe what the nearest `hops` proxies say about who asks, and for which address."""
    if hops:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]
