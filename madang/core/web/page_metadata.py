"""What a page says about itself to search engines and messengers: its canonical address and schema.org data."""

from collections.abc import Mapping, Sequence
from urllib.parse import quote

from flask import request
from jinja2.utils import htmlsafe_json_dumps
from markupsafe import Markup

from madang.core.site import site

from .pagination import page_number
from .urls import absolute_url

StructuredData = Mapping[str, object]


def canonical_url(path: str | None = None) -> str:
    """The absolute URL of this page by which others should link to it; `path` replaces its own path.

    Of the query only the number of the page and the tag make another page; an order of the list does not.
    """
    number, tag = page_number(request.args.get("page")), request.args.get("tag", "")[:200]
    kept = [f"tag={quote(tag)}"] * bool(tag) + [f"page={number}"] * (number > 1)
    address = absolute_url(path or quote(request.path, safe="/@:+~"))
    return f"{address}?{'&'.join(kept)}" if kept else address


def breadcrumb_list(*places: tuple[str, str]) -> StructuredData:
    """The way to a page as schema.org's BreadcrumbList: pairs of name and path below the home page."""
    way = [(site().name, "/"), *places]
    items = [
        {"@type": "ListItem", "position": number, "name": name, "item": absolute_url(path)}
        for number, (name, path) in enumerate(way, 1)
    ]
    return {"@type": "BreadcrumbList", "itemListElement": items}


def structured_data(items: Sequence[StructuredData]) -> Markup:
    """The element that holds items of schema.org (JSON-LD); browsers do not execute it."""
    document = {"@context": "https://schema.org", "@graph": items}
    return Markup('<script type="application/ld+json">{}</script>').format(htmlsafe_json_dumps(document))
