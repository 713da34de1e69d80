"""CSRF tokens for what comes with the browser's session."""

from typing import Any

from flask import g, request
from flask_wtf.csrf import CSRFProtect

from .actor import current_actor
from .constants import API


class Csrf(CSRFProtect):
    """Forms carry a token, and so does what comes with the browser's session; other callers show who they are."""

    def protect(self, **options: Any) -> None:
        if not request.path.startswith(API) or comes_with_session():
            super().protect(**options)


csrf = Csrf()


def comes_with_session() -> bool:
    """Whether the browser's cookie says who asks, and not something that the caller has sent on purpose."""
    return "credential" not in g and current_actor().has_identity
