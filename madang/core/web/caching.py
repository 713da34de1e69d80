"""Which responses the page cache may store."""

from flask import Response, g, session

from .actor import current_actor

CACHEABLE_HEADER = "X-Madang-Cacheable"
VIEWED_POST_HEADER = "X-Madang-Viewed"


def is_cacheable_for_visitors(response: Response) -> bool:
    """Whether the response may be stored for every visitor."""
    is_cacheable = getattr(g, "is_cacheable", False) and response.status_code == 200
    return is_cacheable and not current_actor().has_identity and not session


def mark_cacheable() -> None:
    """Let the page cache store this response if the caller is an anonymous visitor: all visitors get the same."""
    g.is_cacheable = True
