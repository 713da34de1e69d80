"""Absolute URLs of this site, and safe paths to return to."""

import re
from urllib.parse import urlsplit

from flask import current_app, request

from .constants import is_htmx

PAGES_OF_LOGGING_IN = ("/auth/login", "/auth/signup", "/auth/forgot", "/auth/reset/", "/auth/confirm/")
LOOPBACK_HOST = re.compile(r"(?:127\.0\.0\.1|localhost|\[::1\])(?::[0-9]{1,5})?")


def return_path() -> str:
    """Return the path to come back to: this page, or for a form and for a request of a script the page that sent it."""
    if request.method in ("GET", "HEAD") and not is_htmx():
        return request.full_path.rstrip("?")
    try:
        referrer = urlsplit(request.referrer or "")
    except ValueError:
        return "/"
    return safe_path(referrer._replace(scheme="", netloc="").geturl()) or "/"


def path_after_login() -> str:
    """Return the `next` of a log-in begun here.

    The pages of logging in pass on the one they were given. A form can name a place on its page, which no browser
    tells.
    """
    is_logging_in = request.path.startswith(PAGES_OF_LOGGING_IN)
    given = request.values.get("next") if is_logging_in or request.method == "POST" else None
    return safe_path(given) or ("/" if is_logging_in else return_path())


def safe_path(target: str | None) -> str | None:
    """Return `target` if it is a path on this site, else None.

    Backslashes and control characters are refused: browsers read the first as slashes and skip the others.
    """
    if not target or not re.fullmatch(r"/(?![/\\])[^\x00-\x20\\]*", target):
        return None
    return target


def absolute_url(path: str) -> str:
    """Return the absolute URL of a path on this site. Needs a request unless SITE_URL is set."""
    return (current_app.config["SITE_URL"] or request.host_url).rstrip("/") + path


def external_url(endpoint: str, **values: object) -> str:
    """Return the absolute URL of an endpoint, also outside a request (mails)."""
    base = current_app.config["SITE_URL"] or (request and request.host_url) or "http://127.0.0.1:5000"
    parts = urlsplit(base)
    adapter = current_app.url_map.bind(parts.netloc, parts.path or "/", url_scheme=parts.scheme)
    return adapter.build(endpoint, values, force_external=True)


def host_of_request() -> str:
    """Return the host for links in mails if it is a loopback host and SITE_URL is not set, else an empty string.

    Any other host comes from SITE_URL alone, since a request's Host header cannot be trusted.
    """
    if current_app.config["SITE_URL"] or not request:
        return ""
    return request.host if LOOPBACK_HOST.fullmatch(request.host) else ""


def mail_url(endpoint: str, host: str, **values: object) -> str:
    """Return the absolute URL of an endpoint for a mail; `host` is what `host_of_request` returned in the request."""
    parts = urlsplit(external_url(endpoint, **values))
    return parts._replace(netloc=host or parts.netloc).geturl()
