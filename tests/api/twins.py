"""The forms of all pages, and the routes of the API that their views name as their twins."""

from collections.abc import Callable

from flask import Flask

from .programs import V1

UNSAFE = {"POST", "PUT", "PATCH", "DELETE"}


def twins_of_forms(app: Flask) -> dict[str, tuple[str, ...]]:
    """The twins of each form, by the form's rule."""
    return {form: getattr(view, "api_twins", ()) for form, view in views_of_forms(app).items()}


def views_of_forms(app: Flask) -> dict[str, Callable]:
    """The view of each form, by the form's rule."""
    return {
        rule.rule: app.view_functions[rule.endpoint]
        for rule in app.url_map.iter_rules()
        if rule.methods and rule.methods & UNSAFE and not rule.rule.startswith("/api/")
    }


def api_routes(app: Flask) -> set[str]:
    """The routes of the API as twins are written: "PUT /posts/<int:post_id>/pin"."""
    return {
        f"{method} {rule.rule.removeprefix(V1)}"
        for rule in app.url_map.iter_rules()
        if rule.rule.startswith(V1)
        for method in rule.methods or ()
    }
