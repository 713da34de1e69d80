"""Markers of form views: which routes of the API do the same as the form. Only tests read them."""

from collections.abc import Callable
from typing import TypeVar

View = TypeVar("View", bound=Callable)


def api_twin(*routes: str) -> Callable[[View], View]:
    """Declare the API routes that do the same as this form, without the prefix: "PUT /posts/<int:post_id>/pin"."""

    def mark(view: View) -> View:
        vars(view)["api_twins"] = routes
        return view

    return mark


def without_api_twin(reason: str) -> Callable[[View], View]:
    """Declare that no API route does the same as this form, and why."""

    def mark(view: View) -> View:
        vars(view)["without_api_twin"] = reason
        return view

    return mark
