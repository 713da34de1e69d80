"""Render a post's Markdown to HTML, and find its cover picture."""

import re
from typing import NamedTuple

from sqlalchemy import select

from madang.accounts.queries.users import existing_usernames
from madang.core.db import db
from madang.core.markdown.renderer import MAX_BODY, RENDERER_VERSION, as_mathml, render
from madang.core.markdown.sanitizer import excerpt
from madang.core.storage.pictures import FILES_URL, small_name
from madang.core.text import clean_body

from ..models import EXCERPT_LENGTH, Attachment, Post

HOSTED_PICTURE = re.compile(rf'<img (?:[^>"]|"[^"]*")*?\bsrc="{FILES_URL}([0-9a-z.]+)"')


class Cover(NamedTuple):
    """The picture that a gallery shows for a post: file name, and size in pixels."""

    name: str
    width: int
    height: int


def render_body(body: str, *, uses_math: bool, field: str | None = None) -> str:
    """Render a Markdown body to HTML; `@username` of an existing account becomes a link, and with `uses_math` what
    stands between dollar signs a formula.

    With `field`, raises `InvalidInput` where the body passes a bound of the renderer.
    """
    formulas = as_mathml if uses_math else None
    return render(body, mentions=existing_usernames, image_size=_picture_size, formulas=formulas, field=field)


def render_preview(body: str, *, uses_math: bool) -> str:
    """Render an unposted body to HTML, cut to the greatest length of a post. Raises `InvalidInput` (body)."""
    return render_body(clean_body(body)[:MAX_BODY], uses_math=uses_math, field="body")


def _picture_size(address: str) -> tuple[int, int] | None:
    """Width and height of a picture hosted on this site; None for other addresses."""
    if not address.startswith(FILES_URL):
        return None
    size = select(Attachment.width, Attachment.height).where(Attachment.name == address.removeprefix(FILES_URL))
    row = db.session.execute(size).first()
    return (row.width, row.height) if row else None


def cover_of(kind: str, html: str) -> Cover | None:
    """The cover of a gallery post: its first picture that is hosted here. None for other kinds of post."""
    names = list(dict.fromkeys(HOSTED_PICTURE.findall(html))) if kind == "gallery" else []
    if not names:
        return None
    pictures = db.session.scalars(select(Attachment).where(Attachment.name.in_(names)))
    first = min(pictures, key=lambda picture: names.index(picture.name), default=None)
    return _cover(first) if first else None


def _cover(picture: Attachment) -> Cover:
    """The thumbnail of a picture, or the picture itself if it has none."""
    if picture.thumbnail_width is None or picture.thumbnail_height is None:
        return Cover(picture.name, picture.width, picture.height)
    return Cover(small_name(picture.name), picture.thumbnail_width, picture.thumbnail_height)


def set_cover(post: Post, cover: Cover | None) -> None:
    post.cover_file, post.cover_width, post.cover_height = cover or (None, None, None)


def set_body(post: Post, body: str, html: str) -> None:
    """Set the body, its HTML (from `render_body`) and its excerpt."""
    post.body = body
    set_html(post, html)


def set_html(post: Post, html: str) -> None:
    """Set the HTML of a post's body and its excerpt."""
    post.body_html = html
    post.renderer_version = RENDERER_VERSION
    post.excerpt = excerpt(post.body_html, EXCERPT_LENGTH)
