"""Parity of pages and API: each form of a page names its twin in the API (`core/web/api_twins.py`)."""

import pytest
from flask import Flask

from madang.core.web.api_twins import api_twin, without_api_twin

from .programs import V1
from .twins import api_routes, twins_of_forms, views_of_forms

MARKERS = {"api_twins", "without_api_twin"}


def forms_without_one_marker(app: Flask) -> list[str]:
    return [form for form, view in views_of_forms(app).items() if len(MARKERS & vars(view).keys()) != 1]


def unknown_twins(app: Flask) -> set[str]:
    return {route for routes in twins_of_forms(app).values() for route in routes} - api_routes(app)


def needless_markers(app: Flask) -> list[str]:
    forms = list(views_of_forms(app).values())
    return [name for name, view in app.view_functions.items() if MARKERS & vars(view).keys() and view not in forms]


def test_every_form_has_a_twin_in_the_api(whole_app: Flask):
    assert forms_without_one_marker(whole_app) == [], "give each view `api_twin`, or `without_api_twin` and the reason"


def test_every_twin_exists(whole_app: Flask):
    assert unknown_twins(whole_app) == set(), "`api_twin` names routes that the API does not have"


def test_only_forms_have_twins(whole_app: Flask):
    assert needless_markers(whole_app) == [], "these views take no form, or belong to the API"


@pytest.fixture
def small_app() -> Flask:
    """An application with one route of the API, for a form that each test adds."""
    app = Flask("small")
    app.add_url_rule(f"{V1}/polls/<int:poll_id>/close", "close_by_api", lambda poll_id: "", methods=["PUT"])
    return app


def test_a_form_without_a_marker_is_found(small_app):
    small_app.add_url_rule("/polls/<int:poll_id>/close", "close", lambda poll_id: "", methods=["GET", "POST"])
    assert forms_without_one_marker(small_app) == ["/polls/<int:poll_id>/close"]


def test_a_form_with_either_marker_passes(small_app):
    @small_app.post("/polls/<int:poll_id>/close")
    @api_twin("PUT /polls/<int:poll_id>/close")
    def close(poll_id: int) -> str:
        return ""

    @small_app.post("/polls/restart")
    @without_api_twin("a reason")
    def restart() -> str:
        return ""

    assert (forms_without_one_marker(small_app), unknown_twins(small_app)) == ([], set())
    assert needless_markers(small_app) == []


def test_a_form_with_both_markers_is_found(small_app):
    both = without_api_twin("a reason")(api_twin("PUT /polls/<int:poll_id>/close")(lambda: ""))
    small_app.add_url_rule("/polls/close", "close", both, methods=["POST"])
    assert forms_without_one_marker(small_app) == ["/polls/close"]


def test_a_twin_of_another_method_does_not_exist(small_app):
    small_app.add_url_rule(
        "/polls/close", "close", api_twin("DELETE /polls/<int:poll_id>/close")(lambda: ""), methods=["POST"]
    )
    assert unknown_twins(small_app) == {"DELETE /polls/<int:poll_id>/close"}


@pytest.mark.parametrize("path", ["/polls", f"{V1}/polls"])
def test_a_marker_where_no_form_is_sent_is_found(small_app, path):
    methods = ["POST"] if path.startswith(V1) else ["GET"]
    small_app.add_url_rule(path, "polls", without_api_twin("a reason")(lambda: ""), methods=methods)
    assert needless_markers(small_app) == ["polls"]
