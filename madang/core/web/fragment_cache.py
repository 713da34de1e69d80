"""A cache of rendered HTML fragments, keyed by everything that they print, so that no entry is ever stale.

The reader's CSRF token, the page's own URL and where a log-in leads are no part of a fragment: templates print
placeholders, secret words of this process, which are replaced when the response is sent.
"""

import secrets
import threading
from collections.abc import Callable, Hashable
from sys import getsizeof
from urllib.parse import quote

from flask import Response, current_app
from flask_wtf.csrf import generate_csrf
from markupsafe import Markup

from madang.core.i18n import current_locale, current_zone

from .urls import path_after_login, return_path

TOKEN_PLACEHOLDER = f"token-{secrets.token_hex(16)}"
PATH_PLACEHOLDER = f"here-{secrets.token_hex(16)}"
NEXT_PLACEHOLDER = f"next-{secrets.token_hex(16)}"
MAX_BYTES = 16 * 1024 * 1024


class FragmentCache:
    """Rendered fragments, at most `max_bytes` of them. A full cache drops the older half of its entries."""

    def __init__(self, max_bytes: int) -> None:
        self.max_bytes = max_bytes
        self.size = 0
        self._fragments: dict[Hashable, Markup] = {}
        self._lock = threading.Lock()
        self.get = self._fragments.get

    def add(self, key: Hashable, markup: Markup) -> None:
        with self._lock:
            if key not in self._fragments:
                self._fragments[key] = markup
                self.size += _size_of(markup)
            if self.size > self.max_bytes:
                for old in list(self._fragments)[: len(self._fragments) // 2 + 1]:
                    self.size -= _size_of(self._fragments.pop(old))


def _size_of(markup: Markup) -> int:
    """Estimate the memory of an entry in bytes: its key holds what it prints."""
    return 2 * getsizeof(markup) + 1_000


_cache = FragmentCache(MAX_BYTES)


def token_placeholder() -> str:
    """Return what templates print in place of the reader's CSRF token."""
    return TOKEN_PLACEHOLDER


def path_placeholder() -> str:
    """Return what templates print in place of the page's own path, quoted for a query string."""
    return PATH_PLACEHOLDER


def next_placeholder() -> str:
    """Return what templates print in place of the `next` of a log-in, quoted for a query string."""
    return NEXT_PLACEHOLDER


def render_macro(template: str, macro: str, *arguments: object) -> Markup:
    """Render `macro` of `template` with `arguments`, without the cache."""
    render = getattr(current_app.jinja_env.get_template(template).module, macro)
    return Markup(render(*arguments))  # noqa: S704  (the output of an autoescaping template)


def fragment(template: str, macro: str, *arguments: object, key: Hashable = None) -> Markup:
    """Render `macro` of `template` with `arguments` through the cache.

    `key` replaces `arguments` in the cache key where they are not hashable, or slow to compare.
    """
    return cached_markup(
        (template, macro, arguments if key is None else key), lambda: render_macro(template, macro, *arguments)
    )


def cached_markup(key: Hashable, make: Callable[[], Markup]) -> Markup:
    """Return the cached markup of `key` in the current locale and time zone, or cache what `make` returns."""
    full_key = (current_locale(), current_zone(), key)
    markup = _cache.get(full_key)
    if markup is None:
        markup = make()
        _cache.add(full_key, markup)
    return markup


def fill_placeholders(response: Response) -> None:
    """Replace the placeholders of the response by this reader's CSRF token and by paths to come back to."""
    page = filled = response.get_data()
    if (token := TOKEN_PLACEHOLDER.encode()) in page:
        filled = filled.replace(token, generate_csrf().encode())
    for placeholder, path in ((PATH_PLACEHOLDER, return_path), (NEXT_PLACEHOLDER, path_after_login)):
        if placeholder.encode() in page:
            filled = filled.replace(placeholder.encode(), quote(path()).encode())
    if filled is not page:
        response.set_data(filled)
