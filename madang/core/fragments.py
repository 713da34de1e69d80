"""Pieces of pages that are rendered once and printed often.

A fragment is a pure function of what it is given, so what it is given is its key and nothing is ever out of date. The
reader's CSRF token must not be part of that: templates print a secret word of this process in its place, and the edge
puts the token there when the page leaves.
"""

import secrets
from collections.abc import Hashable
from functools import lru_cache
from typing import Any

from flask import Response, current_app
from flask_wtf.csrf import generate_csrf
from markupsafe import Markup

from .i18n import current_locale, current_zone

TOKEN_PLACE = f"token-{secrets.token_hex(16)}"
KEPT = 8192


def token_place() -> str:
    """What templates print where the reader's CSRF token belongs."""
    return TOKEN_PLACE


@lru_cache(maxsize=KEPT)
def _render(template: str, macro: str, _locale: str, _zone: str, arguments: tuple[Hashable, ...]) -> Markup:
    module: Any = current_app.jinja_env.get_template(template).module
    return Markup(getattr(module, macro)(*arguments))  # noqa: S704  (the output of an autoescaping template)


def fragment(template: str, macro: str, *arguments: Hashable) -> Markup:
    """What `macro` of `template` makes of `arguments`, in the reader's language and zone; rendered once for each."""
    return _render(template, macro, current_locale(), current_zone(), arguments)


def put_token(response: Response) -> None:
    """Put this reader's CSRF token into a page wherever it has a place for one."""
    page = response.get_data()
    place = TOKEN_PLACE.encode()
    if place in page:
        response.set_data(page.replace(place, generate_csrf().encode()))
