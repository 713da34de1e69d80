"""Creation of the application: settings, services, request hooks, slices and event subscriptions."""

import os
from collections.abc import Mapping
from pathlib import Path

from flask import Flask

from . import config, shell, slices
from .accounts.api.credentials import jwt, read_credentials
from .accounts.operations import passwords
from .accounts.queries.actors import get_actor_by_token
from .accounts.views.sessions import ensure_identity
from .core import events, health, i18n, logs, metrics, settings, site
from .core.db import engines, upgrade
from .core.queue import rq_transport
from .core.server import wakeup
from .core.storage import backends
from .core.web import error_pages, headers, rate_limits, request, request_log, templating
from .core.web.application import Application, trust_proxies
from .subscriptions import SUBSCRIPTIONS
from .translations import compile_catalogues


def make_app(overrides: Mapping[str, object] | None, instance_path: str | Path | None) -> Flask:
    """Create the application from its settings; `overrides` take precedence. Raises `ConfigError`."""
    instance = Path(instance_path or os.environ.get("MADANG_INSTANCE") or "instance").absolute()
    values = config.load(os.environ, instance, overrides)
    app = Application("madang", instance_path=values["INSTANCE"])
    app.config.from_mapping(values)
    Path(app.instance_path).mkdir(parents=True, exist_ok=True)
    logs.init_app(app)
    _init_services(app)
    _init_requests(app)
    shell.init_app(app)
    events.connect(SUBSCRIPTIONS)
    trust_proxies(app, app.config["TRUSTED_PROXIES"])
    return app


def _init_services(app: Flask) -> None:
    settings.init_app(app, site.chosen_settings)
    i18n.load_catalogues(compile_catalogues())
    passwords.configure(app.config)
    rate_limits.connect(app.config["REDIS_URL"])
    wakeup.connect(app.config["REDIS_URL"])
    rq_transport.init_app(app)
    engines.init_app(app)
    backends.init_app(app)
    upgrade.init_app(app)
    health.init_app(app)
    metrics.init_app(app)


def _init_requests(app: Flask) -> None:
    request_log.init_app(app)
    request.init_app(app, get_actor_by_token, ensure_identity, read_credentials)
    jwt.init_app(app)
    headers.init_app(app)
    templating.init_app(app)
    error_pages.init_app(app)
    slices.register(app)
    templating.register_components(app)
