"""Pieces of pages that are rendered once and printed often.

A fragment is a pure function of what it is given, so what it is given is its key and nothing is ever out of date. The
reader's CSRF token must not be part of that: templates print a secret word of this process in its place, and the edge
puts the token there when the page leaves.
"""

import secrets
import threading
from collections.abc import Hashable
from sys import getsizeof
from typing import Any

from flask import Response, current_app
from flask_wtf.csrf import generate_csrf
from markupsafe import Markup

from .i18n import current_locale, current_zone

TOKEN_PLACE = f"token-{secrets.token_hex(16)}"
BYTES_KEPT = 48 * 1024 * 1024


class Kept:
    """What has been rendered, at most `most` bytes of it. Where there is no more room, the older half goes."""

    def __init__(self, most: int) -> None:
        self.most = most
        self.size = 0
        self._pieces: dict[tuple, Markup] = {}
        self._keeping = threading.Lock()
        self.get = self._pieces.get

    def keep(self, key: tuple, made: Markup) -> None:
        with self._keeping:
            if key not in self._pieces:
                self._pieces[key] = made
                self.size += _size_of(made)
            if self.size > self.most:
                self._forget_older()

    def _forget_older(self) -> None:
        for key in list(self._pieces)[: len(self._pieces) // 2 + 1]:
            self.size -= _size_of(self._pieces.pop(key))


def _size_of(made: Markup) -> int:
    """About as much memory as a fragment takes: its key holds what it prints."""
    return 2 * getsizeof(made) + 1_000


_kept = Kept(BYTES_KEPT)


def token_place() -> str:
    """What templates print where the reader's CSRF token belongs."""
    return TOKEN_PLACE


def fragment(template: str, macro: str, *arguments: Hashable) -> Markup:
    """What `macro` of `template` makes of `arguments`, in the reader's language and zone; rendered once for each."""
    key = (template, macro, current_locale(), current_zone(), arguments)
    made = _kept.get(key)
    if made is None:
        module: Any = current_app.jinja_env.get_template(template).module
        made = Markup(getattr(module, macro)(*arguments))  # noqa: S704  (the output of an autoescaping template)
        _kept.keep(key, made)
    return made


def put_token(response: Response) -> None:
    """Put this reader's CSRF token into a page wherever it has a place for one."""
    page = response.get_data()
    place = TOKEN_PLACE.encode()
    if place in page:
        response.set_data(page.replace(place, generate_csrf().encode()))
