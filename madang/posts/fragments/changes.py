"""What an edit changed, as HTML."""

from hashlib import blake2b

from markupsafe import Markup

from madang.core.web.fragment_cache import cached_markup, render_macro

from ..queries.diff import DiffLimit, diff_lines


def changes_fragment(old: str, new: str, limit: DiffLimit, whole: str | None = None) -> Markup:
    """The diff of two texts, compared once; `whole` is the address where there is more of it than `limit`."""
    key = ("changes", _digest(old), _digest(new), limit, whole)
    return cached_markup(key, lambda: render_macro("components/diff.html", "diff", diff_lines(old, new, limit), whole))


def _digest(text: str) -> bytes:
    return blake2b(text.encode(), digest_size=16).digest()
