"""Pieces of pages that are rendered once and printed often.

A fragment is a pure function of what it is given, so what it is given is its key and nothing is ever out of date. The
reader's CSRF token and the page's own address must not be part of that: templates print a secret word of this process
in their place, and the edge puts them there when the page leaves.
"""

import secrets
import threading
from collections.abc import Callable, Hashable
from sys import getsizeof
from typing import Any
from urllib.parse import quote

from flask import Response, current_app, request
from flask_wtf.csrf import generate_csrf
from markupsafe import Markup

from madang.core.i18n import current_locale, current_zone

TOKEN_PLACE = f"token-{secrets.token_hex(16)}"
HERE_PLACE = f"here-{secrets.token_hex(16)}"
BYTES_KEPT = 48 * 1024 * 1024


class FragmentCache:
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


_kept = FragmentCache(BYTES_KEPT)


def token_place() -> str:
    """What templates print where the reader's CSRF token belongs."""
    return TOKEN_PLACE


def here_place() -> str:
    """What templates print where the address to come back to belongs, ready for a query."""
    return HERE_PLACE


def piece(template: str, macro: str, *arguments: Any) -> Markup:
    """What `macro` of `template` makes of `arguments`, for this once."""
    module: Any = current_app.jinja_env.get_template(template).module
    return Markup(getattr(module, macro)(*arguments))  # noqa: S704  (the output of an autoescaping template)


def fragment(template: str, macro: str, *arguments: Any, key: Hashable = None) -> Markup:
    """What `macro` of `template` makes of `arguments`, in the reader's language and zone; rendered once for each.

    `key` stands for arguments that cannot be compared, or only slowly.
    """
    return kept((template, macro, arguments if key is None else key), lambda: piece(template, macro, *arguments))


def kept(key: Hashable, make: Callable[[], Markup]) -> Markup:
    """What `make` gives for `key` in the reader's language and zone; made once."""
    place = (current_locale(), current_zone(), key)
    made = _kept.get(place)
    if made is None:
        made = make()
        _kept.keep(place, made)
    return made


def fill_places(response: Response) -> None:
    """Put this reader's CSRF token and the page's address into it wherever it has a place for them."""
    page = filled = response.get_data()
    if (token := TOKEN_PLACE.encode()) in page:
        filled = filled.replace(token, generate_csrf().encode())
    if (here := HERE_PLACE.encode()) in page:
        address = request.full_path if request.query_string else request.path
        filled = filled.replace(here, quote(address).encode())
    if filled is not page:
        response.set_data(filled)
