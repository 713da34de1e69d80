"""Registration of all slices: blueprints, API, jobs, server parts, navigation.

A module of a slice is imported as `<slice>_<role>`, or `<slice>_<file>_<role>` where the role is a folder.
"""

from flask import Flask
from markupsafe import Markup

from .accounts import jobs as accounts_jobs
from .accounts.api import auth as accounts_auth_api
from .accounts.api import me as accounts_me_api
from .accounts.api import people as accounts_people_api
from .accounts.api import recovery as accounts_recovery_api
from .accounts.views import authentication as accounts_authentication_views
from .admin import jobs as admin_jobs
from .admin.api import accounts as admin_accounts_api
from .admin.api import boards as admin_boards_api
from .admin.api import flags as admin_flags_api
from .admin.api import staff_log as admin_staff_log_api
from .admin.api import tags as admin_tags_api
from .admin.views import setup as admin_setup_views
from .boards import api as boards_api
from .boards.queries import nav_boards
from .comments import api as comments_api
from .comments import views as comments_views
from .core import health, metrics
from .core.rest import docs_pages as api_pages
from .core.rest import openapi
from .core.server import gateway
from .core.server.gateway import ServerParts
from .core.storage import views as file_views
from .core.web.fragment_cache import fragment
from .feeds import views as feeds_views
from .following import api as following_api
from .following import jobs as following_jobs
from .following import views as following_views
from .jobs import api as jobs_api
from .jobs import jobs as jobs_jobs
from .jobs import views as jobs_views
from .messages.api import blocks as messages_blocks_api
from .messages.api import conversations as messages_conversations_api
from .messages.views import conversations as messages_conversations_views
from .messages.views import managing as messages_managing_views
from .moderation import api as moderation_api
from .moderation import jobs as moderation_jobs
from .moderation import views as moderation_views
from .notifications import api as notifications_api
from .notifications import jobs as notifications_jobs
from .notifications.operations.stream import StreamTable
from .notifications.views import notifications as notifications_views
from .notifications.views import stream as notifications_stream_views
from .posts.api import drafts as posts_drafts_api
from .posts.api import files as posts_files_api
from .posts.api import moderating as posts_moderating_api
from .posts.api import posts as posts_api
from .posts.api import revisions as posts_revisions_api
from .posts.fragments.authors import author_of
from .posts.jobs import posts as posts_jobs
from .posts.jobs.view_counts import ViewFlusher, view_counter
from .posts.views import drafting as posts_drafting_views
from .posts.views import editing as posts_editing_views
from .posts.views import history as posts_history_views
from .posts.views import moderating as posts_moderating_views
from .posts.views import reading as posts_reading_views
from .posts.views import writing as posts_writing_views
from .search import api as search_api
from .search import jobs as search_jobs
from .search import views as search_views
from .tags import api as tags_api
from .tags import views as tags_views
from .tags.queries.tags import nav_tags
from .todos import jobs as todos_jobs
from .todos.api import lists as todos_lists_api
from .todos.api import todos as todos_api
from .todos.views import saving as todos_saving_views
from .todos.views import todos as todos_views
from .tools import api as tools_api
from .tools import jobs as tools_jobs
from .tools import views as tools_views
from .votes import api as votes_api
from .votes import views as votes_views

API = [
    accounts_auth_api.bp,
    accounts_people_api.bp,
    posts_api.bp,
    following_api.bp,
    accounts_me_api.bp,
    accounts_recovery_api.bp,
    messages_conversations_api.bp,
    messages_blocks_api.bp,
    notifications_api.bp,
    jobs_api.bp,
    todos_api.bp,
    todos_lists_api.bp,
    tools_api.bp,
    boards_api.bp,
    posts_revisions_api.bp,
    posts_moderating_api.bp,
    posts_drafts_api.bp,
    posts_files_api.bp,
    comments_api.bp,
    votes_api.bp,
    moderation_api.bp,
    tags_api.bp,
    search_api.bp,
    admin_accounts_api.bp,
    admin_boards_api.bp,
    admin_tags_api.bp,
    admin_flags_api.bp,
    admin_staff_log_api.bp,
    admin_staff_log_api.settings_bp,
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
        posts_reading_views.bp,
        posts_writing_views.bp,
        posts_editing_views.bp,
        posts_history_views.bp,
        posts_drafting_views.bp,
        posts_moderating_views.bp,
        comments_views.bp,
        votes_views.bp,
        moderation_views.bp,
        tags_views.bp,
        search_views.bp,
        feeds_views.bp,
        notifications_views.bp,
        notifications_stream_views.bp,
        jobs_views.bp,
        messages_conversations_views.bp,
        messages_managing_views.bp,
        following_views.bp,
        todos_views.bp,
        todos_saving_views.bp,
        tools_views.bp,
        *accounts_authentication_views.blueprints,
        *admin_setup_views.blueprints,
    ):
        app.register_blueprint(blueprint)
    openapi.init_app(app, API)
    gateway.init_app(app, ServerParts(StreamTable, [ViewFlusher], view_counter.count))
    app.jinja_env.globals.update(nav_boards=nav_boards, side_nav_at=_side_nav_at)
    app.jinja_env.filters["author"] = author_of


def _side_nav_at(place: str) -> Markup:
    """Render the left column with `place`, a path, marked as the current page."""
    boards, tags = tuple(nav_boards()), tuple(nav_tags())
    is_known = place in FIXED_PLACES or any(place == f"/boards/{board.slug}" for board in boards)
    return fragment("components/side_nav.html", "side_nav", boards, tags, place if is_known else "")
