"""A body is turned into HTML once, when it is written."""

from madang.accounts.queries import existing_usernames
from madang.core.markdown import RENDERER_VERSION, excerpt, render

from .models import EXCERPT_LENGTH, Post


def render_body(body: str) -> str:
    """The HTML of a Markdown body; @names become links where somebody has the name."""
    return render(body, mentions=existing_usernames)


def set_body(post: Post, body: str) -> None:
    """Give `post` a text, its HTML and its excerpt."""
    post.body = body
    post.body_html = render_body(body)
    post.renderer_version = RENDERER_VERSION
    post.excerpt = excerpt(post.body_html, EXCERPT_LENGTH)
