"""Addresses: of this site in full, and safe ways back."""

import re
from typing import Any
from urllib.parse import urlsplit

from flask import current_app, request

THIS_MACHINE = re.compile(r"(?:127\.0\.0\.1|localhost|\[::1\])(?::[0-9]{1,5})?")


def way_back() -> str:
    """Where somebody returns after a detour: to this page, or for a form to the page that held it."""
    if request.method == "GET":
        return request.full_path.rstrip("?")
    try:
        came_from = urlsplit(request.referrer or "")
    except ValueError:
        return "/"
    return safe_path(came_from._replace(scheme="", netloc="").geturl()) or "/"


def safe_path(target: str | None) -> str | None:
    """`target` if it is a path on this site, else None. Browsers read backslashes as slashes and skip controls."""
    if not target or not re.fullmatch(r"/(?![/\\])[^\x00-\x20\\]*", target):
        return None
    return target


def absolute(path: str) -> str:
    """The full address of a path on this site, in a request."""
    return (current_app.config["SITE_URL"] or request.host_url).rstrip("/") + path


def external_url(endpoint: str, **values: Any) -> str:
    """The full address of a page, also outside a request (mails)."""
    base = current_app.config["SITE_URL"] or (request and request.host_url) or "http://127.0.0.1:5000"
    parts = urlsplit(base)
    adapter = current_app.url_map.bind(parts.netloc, parts.path or "/", url_scheme=parts.scheme)
    return adapter.build(endpoint, values, force_external=True)


def host_of_request() -> str:
    """The host that a mail's links should name instead of the default: that of a trial on the reader's own machine.

    Any other host comes from the SITE_URL alone; a request's Host header is a stranger's claim.
    """
    if current_app.config["SITE_URL"] or not request:
        return ""
    return request.host if THIS_MACHINE.fullmatch(request.host) else ""


def mail_url(endpoint: str, host: str, **values: Any) -> str:
    """The full address of a page for a mail; `host` is what `host_of_request` said when the mail was asked for."""
    parts = urlsplit(external_url(endpoint, **values))
    return parts._replace(netloc=host or parts.netloc).geturl()
