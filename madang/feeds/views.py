"""Views of the feeds, sitemaps, robots.txt, web manifest and OpenSearch description, and the page about the site."""

from flask import Blueprint, Response, current_app, jsonify, make_response, redirect, render_template, url_for
from markupsafe import Markup
from werkzeug.wrappers import Response as AnyResponse

from madang.accounts.queries.users import get_user
from madang.accounts.sentences import name_with_badge
from madang.boards.queries import get_board, visible_boards
from madang.core.errors import NotFound
from madang.core.i18n import _, current_locale
from madang.core.markdown.renderer import render
from madang.core.site import site
from madang.core.text import slugify
from madang.core.web.actor import current_actor
from madang.core.web.caching import mark_cacheable
from madang.core.web.urls import external_url
from madang.tags.queries.tags import get_tag

from .fragments import conditional, feed
from .queries import (
    entries_by,
    entries_on,
    entries_with,
    newest_entries,
    posts_in_sitemap,
    site_numbers,
    sitemap_count,
    tags_in_sitemap,
)

bp = Blueprint("feeds", __name__)


@bp.get("/feed.atom")
def newest() -> Response:
    return feed(site().name, external_url("posts.home"), newest_entries(current_actor()))


@bp.get("/boards/<slug>/feed.atom")
def board(slug: str) -> Response:
    actor = current_actor()
    board = get_board(slug, actor)
    return feed(f"{board.name} · {site().name}", external_url("posts.board", slug=slug), entries_on(board, actor))


@bp.get("/tags/<name>/feed.atom")
def tag(name: str) -> Response:
    actor = current_actor()
    tag = get_tag(name, actor)
    address = external_url("tags.tag", name=tag.name)
    return feed(f"{tag.name} · {site().name}", address, entries_with(tag, actor))


@bp.get("/users/<username>/feed.atom")
def user(username: str) -> Response:
    user = get_user(username, current_actor())
    address = external_url("people.profile", username=user.username)
    name = name_with_badge(user.shown_name, user.username, user.role)
    return feed(f"{name} · {site().name}", address, entries_by(user, current_actor()))


@bp.get("/sitemap.xml")
def site_map() -> Response:
    """The sitemap index."""
    pages = [external_url("feeds.map_of_places")]
    pages += [external_url("feeds.map_of_posts", number=number) for number in range(1, sitemap_count() + 1)]
    return _xml("feeds/sitemap_index.xml", pages=pages)


@bp.get("/sitemap-places.xml")
def map_of_places() -> Response:
    """The sitemap of boards, tags and general pages."""
    places = [external_url(name) for name in ("posts.home", "posts.questions", "tags.tags", "feeds.about")]
    places += [external_url("posts.board", slug=board.slug) for board in visible_boards(current_actor())]
    places += [external_url("tags.tag", name=name) for name in tags_in_sitemap(current_actor())]
    return _xml("feeds/sitemap.xml", pages=[(place, None) for place in places])


@bp.get("/sitemap-<int:number>.xml")
def map_of_posts(number: int) -> Response:
    """One of the sitemaps of posts."""
    if not 1 <= number <= sitemap_count():
        raise NotFound
    posts = [
        (external_url("posts.show", post_id=row.id, slug=slugify(row.title) or None), row.last_activity_at)
        for row in posts_in_sitemap(number, current_actor())
    ]
    return _xml("feeds/sitemap.xml", pages=posts)


def _xml(template: str, mimetype: str = "application/xml", **values: object) -> Response:
    mark_cacheable()
    response = make_response(render_template(template, **values))
    response.mimetype = mimetype
    return conditional(response)


@bp.get("/robots.txt")
def robots() -> Response:
    mark_cacheable()
    response = make_response(render_template("feeds/robots.txt", map=external_url("feeds.site_map")))
    response.mimetype = "text/plain"
    return conditional(response)


@bp.get("/manifest.webmanifest")
def manifest() -> Response:
    """The web application manifest."""
    mark_cacheable()
    response = jsonify(
        name=site().name,
        short_name=site().name[:12],
        description=site().description,
        lang=current_locale(),
        id="/",
        start_url="/",
        display="minimal-ui",
        background_color="#fbfaf8",
        theme_color="#1f7a5c",
        icons=[
            {"src": "/static/favicon.svg", "sizes": "any", "type": "image/svg+xml"},
            {"src": "/static/icon-512.png", "sizes": "512x512", "type": "image/png", "purpose": "any maskable"},
        ],
    )
    response.mimetype = "application/manifest+json"
    return conditional(response)


@bp.get("/favicon.ico")
def favicon() -> Response:
    """The icon where programs look for it without reading a page."""
    return current_app.send_static_file("favicon.ico")


@bp.get("/apple-touch-icon.png")
@bp.get("/apple-touch-icon-precomposed.png")
def touch_icon() -> Response:
    return current_app.send_static_file("touch-icon.png")


@bp.get("/.well-known/change-password")
def change_password() -> AnyResponse:
    """Where password managers lead their owner (W3C, "A Well-Known URL for Changing Passwords")."""
    return redirect(url_for("settings.account", _anchor="current_password"))


@bp.get("/opensearch.xml")
def search_description() -> Response:
    """The description of the site's search for browsers (OpenSearch 1.1)."""
    address = external_url("search.search")
    return _xml("feeds/opensearch.xml", "application/opensearchdescription+xml", address=address)


@bp.get("/about")
def about() -> str:
    mark_cacheable()
    rules = Markup(render(site().rules))  # noqa: S704  (sanitised by the renderer)
    return render_template(
        "feeds/about.html", numbers=site_numbers(current_actor()), rules=rules, description=_description()
    )


def _description() -> str:
    return site().description or _("Questions, answers and talk.")
