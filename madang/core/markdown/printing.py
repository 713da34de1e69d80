"""Mark links whose text is their address: a printed page shows the address of every other link after it."""

import re
from html import unescape
from urllib.parse import unquote

LINK = re.compile(r'<a href="(https?://[^"]*)"((?: [a-z-]+="[^"]*")*)>([^<]*)</a>')
SCHEME = re.compile(r"https?://", re.IGNORECASE)


def mark_addresses(markup: str) -> str:
    """Sanitized HTML with the class `address` on the links that show where they lead."""
    return LINK.sub(_mark, markup) if "<a " in markup else markup


def _mark(found: re.Match[str]) -> str:
    address, others, text = found.groups()
    is_shown = _plain(address) == _plain(text) and " class=" not in others
    return f'<a class="address" href="{address}"{others}>{text}</a>' if is_shown else found[0]


def _plain(address: str) -> str:
    """An address as people read it: without its scheme, and with letters instead of their codes."""
    return unquote(SCHEME.sub("", unescape(address), count=1)).rstrip("/")
