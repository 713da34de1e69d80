"""The page of a list that a request asks for."""

from urllib.parse import quote

from flask import request

from madang.core.db.pagination import Page

LARGEST_PAGE = 10_000_000


def page_number(text: str | None) -> int:
    """The page that a query string asks for; 1 where it makes no sense."""
    if text and text.isascii() and text.isdigit():
        return min(max(1, int(text[:9])), LARGEST_PAGE)
    return 1


def list_page(total: int, size: int) -> Page:
    """The page that the request asks for, of a list of `total`; its links keep the rest of the query."""
    kept = [(name, value) for name, value in request.args.items() if name != "page"]
    query = "&".join(f"{quote(name)}={quote(value[:200])}" for name, value in kept)
    path = quote(request.path)
    start = f"{path}?{query}&page=" if query else f"{path}?page="
    asked = page_number(request.args.get("page"))
    page = Page(asked, size, total, lambda number: f"{start}{number}")
    return page if asked <= page.last else Page(page.last, size, total, page.link)
