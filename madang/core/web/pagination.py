"""The page number and page links of a list, from the query string."""

from urllib.parse import quote

from flask import request

from madang.core.db.pagination import Page

MAX_PAGE = 10_000_000


def page_number(text: str | None) -> int:
    """Parse a page number; 1 for anything that is none, at most `MAX_PAGE`."""
    if text and text.isascii() and text.isdigit():
        return min(max(1, int(text[:9])), MAX_PAGE)
    return 1


def list_page(total: int, size: int) -> Page:
    """Return the requested page of a list of `total` rows; its links keep the other query parameters."""
    others = [(name, value) for name, value in request.args.items() if name != "page"]
    query = "&".join(f"{quote(name)}={quote(value[:200])}" for name, value in others)
    path = quote(request.path)
    start = f"{path}?{query}&page=" if query else f"{path}?page="
    number = page_number(request.args.get("page"))
    page = Page(number, size, total, lambda linked: f"{start}{linked}")
    return page if number <= page.last else Page(page.last, size, total, page.link)
