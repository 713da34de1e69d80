"""A body is turned into HTML once, when it is written."""

from sqlalchemy import select

from madang.accounts.queries import existing_usernames
from madang.core.db import db
from madang.core.files import FILES
from madang.core.markdown import RENDERER_VERSION, render
from madang.core.markdown_sanitizer import excerpt

from .models import EXCERPT_LENGTH, Attachment, Post


def render_body(body: str) -> str:
    """The HTML of a Markdown body; @names become links where somebody has the name."""
    return render(body, mentions=existing_usernames, image_size=_picture_size)


def _picture_size(address: str) -> tuple[int, int] | None:
    """Width and height of a picture of ours."""
    if not address.startswith(FILES):
        return None
    size = select(Attachment.width, Attachment.height).where(Attachment.name == address.removeprefix(FILES))
    row = db.session.execute(size).first()
    return (row.width, row.height) if row else None


def set_body(post: Post, body: str, html: str) -> None:
    """Give `post` a text, its HTML (by `render_body`) and its excerpt."""
    post.body = body
    post.body_html = html
    post.renderer_version = RENDERER_VERSION
    post.excerpt = excerpt(post.body_html, EXCERPT_LENGTH)
