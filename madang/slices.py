"""Which slices there are: their pages, and what every page prints of them."""

from typing import Any

from flask import Flask
from markupsafe import Markup

from .accounts import views as accounts
from .admin import views as admin
from .boards.queries import nav_boards
from .comments import views as comments
from .core import health, metrics
from .core.fragments import fragment
from .feeds import views as feeds
from .posts import moderating_views, writing_views
from .posts import views as posts
from .posts.pages import author_of
from .search import views as search
from .tags import views as tags
from .tags.queries import nav_tags
from .votes import views as votes

PLACES = {"/questions", "/tags", "/users"}


def register(app: Flask) -> None:
    """Give `app` the pages of every slice."""
    for blueprint in (
        health.bp,
        metrics.bp,
        posts.bp,
        writing_views.bp,
        moderating_views.bp,
        comments.bp,
        votes.bp,
        tags.bp,
        search.bp,
        feeds.bp,
        *accounts.blueprints,
        *admin.blueprints,
    ):
        app.register_blueprint(blueprint)
    app.context_processor(_navigation)
    app.jinja_env.filters["author"] = author_of


def _navigation() -> dict[str, Any]:
    boards, tags = tuple(nav_boards()), tuple(nav_tags())

    def side(place: str) -> Markup:
        """The left column, where `place` is marked as the present one."""
        is_known = place in PLACES or any(place == f"/boards/{board.slug}" for board in boards)
        return fragment("components/side_nav.html", "side_nav", boards, tags, place if is_known else "")

    return {"nav_boards": boards, "side": side}
