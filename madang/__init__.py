"""Madang: a community board that one person can run."""

import gc
import os
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from flask import Flask

# Nearly all that is loaded stays. By Python's own thresholds the collector would look through all of it again and again
# meanwhile, for a sixth of a start's time; so they are set before anything else is loaded.
gc.set_threshold(50_000, 20, 50)


def create_app(overrides: Mapping[str, Any] | None = None, instance_path: str | Path | None = None) -> "Flask":
    """The application: settings, extensions, slices, errors, subscriptions.

    `overrides` win over every other source of settings. Raises `madang.config.ConfigError` with a sentence.
    """
    from . import config, migrating, slices
    from .accounts.api.credentials import jwt, read_credentials
    from .accounts.operations import passwords
    from .accounts.queries.actors import get_actor_by_token
    from .accounts.views.sessions import identify
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
    migrating.init_app(app)

    metrics.init_app(app)
    web.init_app(app, get_actor_by_token, identify, read_credentials)
    jwt.init_app(app)
    headers.init_app(app)
    templating.init_app(app)
    error_pages.init_app(app)
    slices.register(app)
    templating.register_components(app)
    events.connect(SUBSCRIPTIONS)
    web.trust_proxies(app, app.config["TRUSTED_PROXIES"])
    return app
