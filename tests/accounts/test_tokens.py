"""Personal tokens on their page of the settings: made, shown once, taken back."""

import re

import pytest

from tests.api.programs import Program, program_of


def made(person, **fields) -> str:
    """The secret of a new token."""
    answer = person.post("/settings/tokens", **{"name": "backup script", "scopes": "read", "days": "30", **fields})
    assert answer.status_code == 200, answer.text
    assert answer.headers["Cache-Control"] == "private, no-store"
    return re.search(r'value="(madang_[\w-]+)"', answer.text)[1]


def test_a_token_is_made_and_opens_the_api(app, ann):
    assert "You have no tokens." in ann.page("/settings/tokens")
    secret = made(ann, scopes=["read", "messages"])
    assert Program(app, secret).read("/me")["username"] == "ann"
    assert Program(app, secret).get("/conversations").status_code == 200
    assert Program(app, secret).put("/notifications/read", {}).json["code"] == "insufficient_scope"
    page = ann.page("/settings/tokens")
    assert "backup script" in page and "Last used" in page


def test_its_secret_is_shown_once(app, ann):
    secret = made(ann)
    assert secret not in ann.page("/settings/tokens")
    assert secret not in ann.page("/settings")


def test_it_is_taken_back_by_its_owner_alone(app, ann, bob):
    secret = made(ann)
    number = program_of(ann).read("/me/tokens")["items"][0]["id"]
    assert bob.post(f"/settings/tokens/{number}/revoke").status_code == 404
    assert Program(app, secret).get("/me").status_code == 200
    assert "opens nothing any more" in ann.follow(ann.post(f"/settings/tokens/{number}/revoke"))
    assert Program(app, secret).get("/me").status_code == 401


def test_it_lives_as_long_as_was_chosen(ann):
    made(ann, days="")
    assert program_of(ann).read("/me/tokens")["items"][0]["expires_at"] is None
    made(ann, days="7")
    assert program_of(ann).read("/me/tokens")["items"][0]["expires_at"]


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"name": " "}, "Please give it a name"),
        ({"name": "가" * 61}, "Please shorten this to 60 characters."),
        ({"scopes": []}, "Please choose what it may be used for."),
        ({"scopes": ["fly"]}, "There are only these scopes"),
        ({"scopes": ["admin"]}, "Only staff can make a token for administration."),
        ({"days": "0"}, "A token lives for 1 to 366 days"),
        ({"days": "ten"}, "A token lives for 1 to 366 days"),
        ({"days": "9" * 30}, "A token lives for 1 to 366 days"),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_is_kept(ann, fields, sentence):
    words = {"name": "my typed name", "scopes": ["write"], "days": "7", **fields}
    answer = ann.post("/settings/tokens", **words)
    assert answer.status_code == 422
    assert sentence in answer.text
    assert ("my typed name" in answer.text) == (words["name"] == "my typed name")
    assert ('value="write" checked' in answer.text) == (words["scopes"] == ["write"])
    assert program_of(ann).read("/me/tokens")["items"] == []


def test_only_staff_are_offered_administration(ann, dan):
    assert 'value="admin"' not in ann.page("/settings/tokens")
    assert 'value="admin"' in dan.page("/settings/tokens")
