"""Which slices there are: their pages, their commands and what every page prints of them."""

from typing import Any

from flask import Flask

from .accounts import views as accounts
from .admin import views as admin
from .boards.queries import nav_boards
from .comments import views as comments
from .core import health
from .posts import moderating_views, writing_views
from .posts import views as posts
from .posts.pages import author_of
from .tags import views as tags
from .tags.queries import nav_tags
from .votes import views as votes


def register(app: Flask) -> None:
    """Give `app` the pages of every slice."""
    for blueprint in (
        health.bp,
        posts.bp,
        writing_views.bp,
        moderating_views.bp,
        comments.bp,
        votes.bp,
        tags.bp,
        *accounts.blueprints,
        *admin.blueprints,
    ):
        app.register_blueprint(blueprint)
    app.context_processor(_navigation)
    app.jinja_env.filters["author"] = author_of


def _navigation() -> dict[str, Any]:
    return {"nav_boards": nav_boards(), "nav_tags": nav_tags()}
