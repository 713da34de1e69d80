"""The list of all slices, lower ones first; each describes itself in its `slice.py`."""

from flask import Flask

from .accounts.slice import SLICE as ACCOUNTS
from .admin.slice import SLICE as ADMIN
from .archiving.slice import SLICE as ARCHIVING
from .backups.slice import SLICE as BACKUPS
from .boards.slice import SLICE as BOARDS
from .comments.slice import SLICE as COMMENTS
from .core import health, metrics, ownership
from .core.db import counting
from .core.rest import docs_pages, openapi
from .core.server import gateway
from .core.server.gateway import ServerParts
from .core.slice import install
from .core.web import features, slots
from .examples.slice import SLICE as EXAMPLES
from .feeds.slice import SLICE as FEEDS
from .following.slice import SLICE as FOLLOWING
from .groups.slice import SLICE as GROUPS
from .importing.slice import SLICE as IMPORTING
from .jobs.slice import SLICE as JOBS
from .messages.slice import SLICE as MESSAGES
from .moderation.slice import SLICE as MODERATION
from .notifications.slice import SLICE as NOTIFICATIONS
from .polls.slice import SLICE as POLLS
from .posts.slice import SLICE as POSTS
from .search.slice import SLICE as SEARCH
from .tags.slice import SLICE as TAGS
from .todos.slice import SLICE as TODOS
from .tools.slice import SLICE as TOOLS
from .votes.slice import SLICE as VOTES

SLICES = (
    ACCOUNTS,
    GROUPS,
    BOARDS,
    TAGS,
    POSTS,
    COMMENTS,
    VOTES,
    POLLS,
    MESSAGES,
    TODOS,
    JOBS,
    TOOLS,
    FOLLOWING,
    NOTIFICATIONS,
    SEARCH,
    MODERATION,
    ADMIN,
    FEEDS,
    EXAMPLES,
    IMPORTING,
    BACKUPS,
    ARCHIVING,
)


def register(app: Flask) -> None:
    """Register every slice on `app`."""
    install(SLICES)
    for blueprint in (health.bp, metrics.bp, docs_pages.bp):
        app.register_blueprint(blueprint)
    for each in SLICES:
        for blueprint in each.blueprints:
            app.register_blueprint(blueprint)
        app.jinja_env.globals.update(each.template_globals)
        app.jinja_env.filters.update(each.template_filters)
    openapi.init_app(app, [blueprint for each in SLICES for blueprint in each.api])
    features.init_app(app, _features())
    gateway.init_app(app, _server_parts())
    counting.connect(counter for each in SLICES for counter in each.counters)
    ownership.connect(owned for each in SLICES for owned in each.owned)
    slots.connect(filling for each in SLICES for filling in each.slots)


def _features() -> dict[str, str]:
    """The settings that switch off the blueprints of slices."""
    features: dict[str, str] = {}
    for each in SLICES:
        features |= each.feature_of_blueprints
        names = [*(blueprint.name for blueprint in each.blueprints), *(blueprint.name for blueprint in each.api)]
        features |= dict.fromkeys(names, each.feature) if each.feature else {}
    return features


def _server_parts() -> ServerParts:
    """What the slices add to the server. Raises `ValueError` unless one has the stream and one counts views."""
    (stream,) = (each.event_stream for each in SLICES if each.event_stream)
    (count_view,) = (each.count_view for each in SLICES if each.count_view)
    return ServerParts(stream, [service for each in SLICES for service in each.services], count_view)
