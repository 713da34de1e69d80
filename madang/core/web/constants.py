"""How callers differ: the prefix of the API, htmx requests, and the cookies of locale and theme."""

from flask import request

LOCALE_COOKIE = "locale"
THEME_COOKIE = "theme"
THEMES = ("light", "dark")
API = "/api/"
FOR_PROGRAMS = (API, "/files/")  # where the header Authorization names the caller
AUTHENTICATION = ("/auth/", "/api/v1/auth/")  # forms to log in and to sign up
# They answer while the database does not: neither the site nor an actor is read for them.
BARE_ENDPOINTS = ("static", "health.health", "health.ready_health", "metrics.health")
REFUSED = "madang.refused"  # in the WSGI environment: the seconds after which a refused client may try again
STARTED = "madang.started"  # in the WSGI environment: `perf_counter()` when the server had read the request

ACCOUNT = "madang.account"  # in the WSGI environment: the id of the account that the request was found to be of


def is_htmx() -> bool:
    """Whether a script of the page sent the request and expects a fragment."""
    return request.headers.get("HX-Request") == "true"
