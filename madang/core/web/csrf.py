"""CSRF protection for requests that are authenticated by the session cookie."""

from flask import g, request
from flask_wtf.csrf import CSRFProtect

from .actor import current_actor
from .constants import API


class Csrf(CSRFProtect):
    """Checks the CSRF token of forms, and of API calls that the session cookie authenticates."""

    def protect(self, **options: object) -> None:
        if not request.path.startswith(API) or comes_with_session():
            super().protect(**options)


csrf = Csrf()


def comes_with_session() -> bool:
    """Whether the session cookie identifies the caller, and no credential that the caller sent deliberately."""
    return "credential" not in g and current_actor().has_identity
