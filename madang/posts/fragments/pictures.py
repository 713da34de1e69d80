"""Pictures in the text of a post: each links to its full size."""

import re

from markupsafe import Markup

from madang.core.i18n import _
from madang.core.markdown.printing import mark_addresses

ATTRIBUTES = r'(?:[^>"]|"[^"]*")*'
LINK_OR_PICTURE = re.compile(rf"<a\b{ATTRIBUTES}>.*?</a>|<img\b({ATTRIBUTES})>", re.DOTALL)
SOURCE = re.compile(r'\bsrc="([^"]+)"')
EMPTY_ALT = re.compile(r'\balt=""')


def link_pictures(body_html: str) -> Markup:
    """Sanitised HTML whose pictures, but for those within a link, are links to themselves."""
    return Markup(LINK_OR_PICTURE.sub(_link, mark_addresses(body_html)))  # noqa: S704  (sanitised when it was written)


def _link(match: re.Match[str]) -> str:
    source = SOURCE.search(match[1] or "")
    if source is None:
        return match[0]
    name = Markup(' aria-label="{}"').format(_("Full-size picture")) if EMPTY_ALT.search(match[1]) else ""
    return f'<a class="zoom" href="{source[1]}"{name}>{match[0]}</a>'
