"""Atom feeds (RFC 4287)."""

import re
from datetime import UTC, datetime
from urllib.parse import urljoin

from flask import Response, make_response, render_template, request
from markupsafe import escape
from sqlalchemy import Row

from madang.accounts.sentences import name_with_badge
from madang.core.i18n import _
from madang.core.markdown.sanitizer import with_formulas_as
from madang.core.text import NOT_XML
from madang.core.web.actor import current_actor
from madang.core.web.caching import mark_cacheable
from madang.core.web.urls import external_url
from madang.posts.fragments.authors import Author, author_of

from .queries import MAX_ENTRY_BYTES

OWN_ADDRESS = re.compile(r'(?<= )(href|src)="(/[^"]*)"')
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def feed(title: str, address: str, entries: list[Row]) -> Response:
    """An Atom feed of these posts, or 304 if the client has it; `address` is the page that lists the same posts."""
    mark_cacheable()
    updated = max((row.edited_at or row.created_at for row in entries), default=EPOCH)
    page = render_template(
        "feeds/atom.xml", title=title, address=address, own_address=_own_address(), updated=updated, entries=entries,
        entry_title=_entry_title, entry_address=_entry_address, content=_content, written_by=author_of,
        author_name=_author_name,
        profile=lambda author: external_url("people.profile", username=author.username),
    )  # fmt: skip
    response = make_response(NOT_XML.sub("", page))
    response.mimetype = "application/atom+xml"
    response.last_modified = updated
    return conditional(response)


def conditional(response: Response) -> Response:
    """The response with an ETag, or 304 if the client has the same version."""
    response.add_etag()
    audience = "private" if current_actor().has_identity else "public"  # a member may see more than a visitor
    response.headers["Cache-Control"] = f"{audience}, max-age=60"
    response.make_conditional(request)
    return response


def _own_address() -> str:
    return urljoin(external_url("posts.home"), request.path)


def _author_name(author: Author) -> str:
    name = author.display_name or author.username or _("deleted user")
    return name_with_badge(name, author.username, author.role)


def _entry_title(row: Row) -> str:
    return _("Answer to “%(title)s”", title=row.title) if row.kind == "answer" else row.title


def _entry_address(row: Row) -> str:
    return external_url("posts.show", post_id=row.id)


def _content(row: Row) -> str:
    """The HTML of a post with absolute addresses; of a post over `MAX_ENTRY_BYTES` the excerpt."""
    if row.body_html is None or len(row.body_html.encode()) > MAX_ENTRY_BYTES:
        return str(escape(row.excerpt))
    markup = with_formulas_as("<code>{}</code>".format, row.body_html)  # readers of feeds drop MathML, or its elements
    base = external_url("posts.home")
    return OWN_ADDRESS.sub(lambda match: f'{match[1]}="{urljoin(base, match[2])}"', markup)
