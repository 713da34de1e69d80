"""Registration of all slices: blueprints, API, jobs, server parts, navigation."""

from flask import Flask
from markupsafe import Markup

from .accounts import jobs as accounts_jobs
from .accounts.api import auth as auth_api
from .accounts.api import me as me_api
from .accounts.api import people as accounts_api
from .accounts.api import recovery as recovery_api
from .accounts.views import authentication as accounts
from .admin import jobs as admin_jobs
from .admin.api import accounts as admin_api
from .admin.api import boards as admin_boards_api
from .admin.api import flags as admin_flags_api
from .admin.api import staff_log as admin_log_api
from .admin.api import tags as admin_tags_api
from .admin.views import setup as admin
from .boards import api as boards_api
from .boards.queries import nav_boards
from .comments import api as comments_api
from .comments import views as comments
from .core import health, metrics
from .core.rest import docs_pages as api_pages
from .core.rest import openapi
from .core.server import gateway
from .core.server.gateway import ServerParts
from .core.storage import views as file_views
from .core.web.fragment_cache import fragment
from .feeds import views as feeds
from .following import api as following_api
from .following import jobs as following_jobs
from .following import views as following
from .jobs import api as jobs_api
from .jobs import jobs as jobs_jobs
from .jobs import views as jobs
from .messages.api import blocks as blocks_api
from .messages.api import conversations as messages_api
from .messages.views import conversations as messages
from .messages.views import managing as managing_views
from .moderation import api as flags_api
from .moderation import jobs as moderation_jobs
from .moderation import views as flags
from .notifications import api as notifications_api
from .notifications import jobs as notifications_jobs
from .notifications.operations.stream import StreamTable
from .notifications.views import notifications
from .notifications.views import stream as live_views
from .posts.api import drafts as drafts_api
from .posts.api import files as files_api
from .posts.api import moderating as moderating_api
from .posts.api import posts as posts_api
from .posts.api import revisions as revisions_api
from .posts.fragments.authors import author_of
from .posts.jobs import posts as posts_jobs
from .posts.jobs.view_counts import ViewFlusher, view_counter
from .posts.views import drafting, editing, history, writing
from .posts.views import moderating as moderating_views
from .posts.views import reading as posts
from .search import api as search_api
from .search import jobs as search_jobs
from .search import views as search
from .tags import api as tags_api
from .tags import views as tags
from .tags.queries.tags import nav_tags
from .todos import jobs as todos_jobs
from .todos.api import lists as lists_api
from .todos.api import todos as todos_api
from .todos.views import saving as saving_views
from .todos.views import todos
from .tools import api as tools_api
from .tools import jobs as tools_jobs
from .tools import views as tools
from .votes import api as votes_api
from .votes import views as votes

API = [
    auth_api.bp,
    accounts_api.bp,
    posts_api.bp,
    following_api.bp,
    me_api.bp,
    recovery_api.bp,
    messages_api.bp,
    blocks_api.bp,
    notifications_api.bp,
    jobs_api.bp,
    todos_api.bp,
    lists_api.bp,
    tools_api.bp,
    boards_api.bp,
    revisions_api.bp,
    moderating_api.bp,
    drafts_api.bp,
    files_api.bp,
    comments_api.bp,
    votes_api.bp,
    flags_api.bp,
    tags_api.bp,
    search_api.bp,
    admin_api.bp,
    admin_boards_api.bp,
    admin_tags_api.bp,
    admin_flags_api.bp,
    admin_log_api.bp,
    admin_log_api.settings_bp,
]
# Importing their modules registers the jobs.
JOBS = [
    accounts_jobs,
    admin_jobs,
    following_jobs,
    jobs_jobs,
    moderation_jobs,
    notifications_jobs,
    posts_jobs,
    search_jobs,
    todos_jobs,
    tools_jobs,
]
FIXED_PLACES = {"/questions", "/tags", "/users"}


def register(app: Flask) -> None:
    """Register every slice on `app`."""
    for blueprint in (
        health.bp,
        file_views.bp,
        metrics.bp,
        api_pages.bp,
        posts.bp,
        writing.bp,
        editing.bp,
        history.bp,
        drafting.bp,
        moderating_views.bp,
        comments.bp,
        votes.bp,
        flags.bp,
        tags.bp,
        search.bp,
        feeds.bp,
        notifications.bp,
        live_views.bp,
        jobs.bp,
        messages.bp,
        managing_views.bp,
        following.bp,
        todos.bp,
        saving_views.bp,
        tools.bp,
        *accounts.blueprints,
        *admin.blueprints,
    ):
        app.register_blueprint(blueprint)
    openapi.init_app(app, API)
    gateway.init_app(app, ServerParts(StreamTable, [ViewFlusher], view_counter.count))
    app.context_processor(_navigation)
    app.jinja_env.filters["author"] = author_of


def _navigation() -> dict[str, object]:
    boards, tags = tuple(nav_boards()), tuple(nav_tags())

    def side(place: str) -> Markup:
        """Render the left column with `place` marked as the current page."""
        is_known = place in FIXED_PLACES or any(place == f"/boards/{board.slug}" for board in boards)
        return fragment("components/side_nav.html", "side_nav", boards, tags, place if is_known else "")

    return {"nav_boards": boards, "side": side}
