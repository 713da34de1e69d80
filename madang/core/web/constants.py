"""How callers differ: the prefix of the API, htmx requests, and the cookies of locale and theme."""

from flask import request

LOCALE_COOKIE = "locale"
THEME_COOKIE = "theme"
THEMES = ("light", "dark")
API = "/api/"
REFUSED = "madang.refused"  # in the WSGI environment: the seconds after which a refused client may try again


def is_htmx() -> bool:
    """Whether a script of the page sent the request and expects a fragment."""
    return request.headers.get("HX-Request") == "true"
