"""The settings page of personal tokens: create, show once, revoke."""

import re

import pytest

from tests.api.programs import Program, program_of


def create_token(person, **fields) -> str:
    """Create a token, and return its secret."""
    response = person.post("/settings/tokens", **{"name": "backup script", "scopes": "read", "days": "30", **fields})
    assert response.status_code == 200, response.text
    assert response.headers["Cache-Control"] == "private, no-store"
    return re.search(r'value="(madang_[\w-]+)"', response.text)[1]


def test_a_new_token_authenticates_api_calls(app, ann):
    assert "You have no tokens." in ann.page("/settings/tokens")
    secret = create_token(ann, scopes=["read", "messages"])
    assert Program(app, secret).read("/me")["username"] == "ann"
    assert Program(app, secret).get("/conversations").status_code == 200
    assert Program(app, secret).put("/notifications/read", {}).json["code"] == "insufficient_scope"
    page = ann.page("/settings/tokens")
    assert "backup script" in page and "Last used" in page


def test_the_secret_is_shown_once(app, ann):
    secret = create_token(ann)
    assert secret not in ann.page("/settings/tokens")
    assert secret not in ann.page("/settings")


def test_only_its_owner_can_revoke_a_token(app, ann, bob):
    secret = create_token(ann)
    token_id = program_of(ann).read("/me/tokens")["items"][0]["id"]
    assert bob.post(f"/settings/tokens/{token_id}/revoke").status_code == 404
    assert Program(app, secret).get("/me").status_code == 200
    assert "no longer works" in ann.follow(ann.post(f"/settings/tokens/{token_id}/revoke"))
    assert Program(app, secret).get("/me").status_code == 401


def test_a_token_is_valid_for_the_chosen_time(ann):
    create_token(ann, days="")
    assert program_of(ann).read("/me/tokens")["items"][0]["expires_at"] is None
    create_token(ann, days="7")
    assert program_of(ann).read("/me/tokens")["items"][0]["expires_at"]


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"name": " "}, "Please give it a name"),
        ({"name": "가" * 61}, "Please shorten this to 60 characters."),
        ({"scopes": []}, "Please choose its permissions."),
        ({"scopes": ["fly"]}, "There are only these scopes"),
        ({"scopes": ["admin"]}, "Only staff can create tokens for administration."),
        ({"days": "0"}, "A token is valid for 1 to 366 days"),
        ({"days": "ten"}, "A token is valid for 1 to 366 days"),
        ({"days": "9" * 30}, "A token is valid for 1 to 366 days"),
    ],
)
def test_errors_are_shown_with_the_submitted_values(ann, fields, sentence):
    values = {"name": "my typed name", "scopes": ["write"], "days": "7", **fields}
    response = ann.post("/settings/tokens", **values)
    assert response.status_code == 422
    assert sentence in response.text
    assert ("my typed name" in response.text) == (values["name"] == "my typed name")
    assert ('value="write" checked' in response.text) == (values["scopes"] == ["write"])
    assert program_of(ann).read("/me/tokens")["items"] == []


def test_only_staff_can_choose_the_admin_scope(ann, dan):
    assert 'value="admin"' not in ann.page("/settings/tokens")
    assert 'value="admin"' in dan.page("/settings/tokens")
