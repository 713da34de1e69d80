"""Which answers the page cache may keep."""

from flask import Response, g, session

from .actor import current_actor

CACHEABLE = "X-Madang-Cacheable"
VIEWED = "X-Madang-Viewed"


def is_for_all(response: Response) -> bool:
    """Whether this answer may be kept for every visitor."""
    is_cacheable = getattr(g, "is_cacheable", False) and response.status_code == 200
    return is_cacheable and not current_actor().has_identity and not session


def mark_cacheable() -> None:
    """Let this answer be kept for a second if a visitor asked: it is the same for all of them."""
    g.is_cacheable = True
