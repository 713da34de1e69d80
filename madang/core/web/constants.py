"""What tells the callers apart: programs, scripts of a page, and the cookies that choose language and theme."""

from flask import request

LOCALE_COOKIE = "locale"
THEME_COOKIE = "theme"
API = "/api/"


def is_htmx() -> bool:
    """Whether a script on the page asks and wants a piece of it."""
    return request.headers.get("HX-Request") == "true"
