"""Suspension: a suspended member can read but not write."""

import re

import pytest

from madang.core.clock import at
from tests.admin.helpers import in_days, staff_actions, suspend
from tests.api.programs import Program, program_of
from tests.people import PASSWORD
from tests.test_conventions_routes import UNSAFE, example_path, form_rules

# The unsafe routes open to suspended members: others read nothing of what these write.
ALLOWED_WHILE_SUSPENDED = {
    "/auth/login",
    "/auth/logout",
    "/auth/forgot",
    "/auth/reset/<token>",
    "/auth/confirm",
    "/auth/confirm/<token>",
    "/settings/account/password",
    "/settings/sessions/<int:session_id>/end",
    "/settings/sessions/end-others",
    "/settings/preferences",
    "/settings/notifications",
    "/settings/leave/export",
    "/settings/leave/delete",
    "/notifications/read",
    "/messages/read",
    "/unsubscribe/<token>",
    # Only to unfollow; the operation refuses to follow.
    "/users/<username>/follow",
    "/tags/<name>/follow",
    "/boards/<slug>/follow",
    "/posts/<int:post_id>/follow",
}


def test_a_suspended_member_cannot_write_anywhere(whole_app, root, ann):
    suspend(root, ann)
    for rule in form_rules(whole_app):
        for method in rule.methods & UNSAFE if rule.rule not in ALLOWED_WHILE_SUSPENDED else ():
            answer = ann.client.open(example_path(rule), method=method, data={"csrf_token": ann.token})
            assert answer.status_code == 403, f"{method} {rule.rule} answers {answer.status_code}"
            assert "Too loud at night" in answer.text, rule.rule


def test_the_list_of_allowed_routes_is_exact(whole_app):
    assert ALLOWED_WHILE_SUSPENDED - {rule.rule for rule in form_rules(whole_app)} == set()
    views = {
        rule.rule
        for rule in form_rules(whole_app)
        if getattr(whole_app.view_functions[rule.endpoint], "open_to_suspended", False)
    }
    assert views == ALLOWED_WHILE_SUSPENDED


def test_api_clients_of_a_suspended_member_can_only_read(root, ann, bob):
    bob.ask()
    program = program_of(ann)
    suspend(root, ann)
    assert program.get("/posts").status_code == 200
    post = {"board": "talk", "title": "May I still write?", "body": "Just a word."}
    refused = program.post("/posts", post)
    assert refused.status_code == 403 and refused.json["code"] == "forbidden"
    assert "Too loud at night" in refused.json["detail"]
    new_browser = Program(ann.app).post("/auth/login", {"username": "ann", "password": PASSWORD})
    assert Program(ann.app, new_browser.json["refresh_token"]).post("/auth/refresh").status_code == 200
    assert program.post("/auth/logout").status_code == 204


def test_every_page_shows_end_and_reason_of_the_suspension(root, ann, bob, people):
    question = bob.ask("Can she still read this?")
    suspend(root, ann)
    assert "Can she still read this?" in ann.page(f"/posts/{question}")
    new_browser = people.visitor()
    assert new_browser.post("/auth/login", username="ann", password=PASSWORD).status_code == 302
    page = new_browser.page("/")
    assert "Your account is suspended until" in page and "Reason: Too loud at night" in page
    assert "suspended until" not in bob.page("/")


def test_a_suspended_member_sees_the_reason_instead_of_a_form(whole_app, root, ann, bob):
    """Every page whose form is sent to its own address; pages that show other things too stay readable."""
    question = bob.ask("Can she still read this?")
    comment = ann.comment(question)
    own = ann.ask("A question of her own")
    suspend(root, ann)
    for path in (
        "/posts/new", "/questions/ask", f"/posts/{own}/edit", f"/posts/{own}/delete", f"/posts/{question}/flags",
        f"/comments/{comment}/edit", f"/comments/{comment}/delete", "/messages/new", "/tools/word-counter",
    ):  # fmt: skip
        answer = ann.get(path)
        assert (answer.status_code, "Too loud at night" in answer.text) == (403, True), path
        assert "<textarea" not in answer.text, path
    for path in ("/", "/messages", "/todos", "/settings", "/settings/account", "/settings/tokens", "/settings/leave"):
        assert ann.get(path).status_code == 200, path
    assert "<textarea" not in ann.page(f"/posts/{question}")
    assert ann.get(f"/posts/{question}/comments").status_code == 302


def test_the_end_is_shown_as_it_was_chosen(root, ann):
    fields = {"reason": "Too loud", "until": in_days(3).date().isoformat()}
    root.post(f"/admin/users/{ann.id}/suspend", **fields)
    day = in_days(3)
    assert f"suspended until {day:%B} {day.day}, {day.year} at 11:59 PM: you can read" in ann.page("/").replace(
        "\u202f", " "
    )


def test_a_suspension_ends_at_its_time(root, ann, bob):
    question = bob.ask()
    suspend(root, ann, days=2)
    with at(in_days(2)):
        assert ann.post(f"/posts/{question}/comments", body="May I?").status_code == 403
    with at(in_days(4)):
        assert "suspended" not in ann.page("/")
        ann.comment(question, "Now I may.")


def test_a_suspension_can_be_lifted(app, root, ann, bob):
    question = bob.ask()
    suspend(root, ann)
    page = root.page(f"/admin/users/{ann.id}")
    assert "Too loud at night" in page
    root.post(f"/admin/users/{ann.id}/unsuspend")
    ann.comment(question, "Now I may.")
    root.post(f"/admin/users/{ann.id}/unsuspend")
    assert staff_actions(app) == [("suspend_account", ann.id), ("lift_suspension", ann.id)]


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("reason", " ", "Please give a short reason"),
        ("reason", "x" * 301, "Please shorten this to 300 characters."),
        ("until", "", "Please choose a date in the future."),
        ("until", "2020-01-01", "Please choose a date in the future."),
        ("until", "tomorrow", "Please choose a date in the future."),
        ("until", "2999-01-01", "within the next ten years"),
        ("until", "9999-12-31", "Please choose a date"),
    ],
)
def test_a_suspension_requires_a_reason_and_a_future_end(app, root, ann, field, value, sentence):
    fields = {"reason": "Too loud", "until": in_days(3).date().isoformat(), field: value}
    refused = root.post(f"/admin/users/{ann.id}/suspend", **fields)
    assert refused.status_code == 422
    assert re.search(rf'id="{field}-error".*{sentence}', refused.text, re.S)
    assert staff_actions(app) == []


def test_administrators_cannot_suspend_themselves(root):
    fields = {"reason": "Tired", "until": in_days(3).date().isoformat()}
    refused = root.post(f"/admin/users/{root.id}/suspend", **fields)
    assert refused.status_code == 409 and "This is your own account." in refused.text


def test_moderators_cannot_suspend_anybody(dan, ann):
    assert dan.post(f"/admin/users/{ann.id}/suspend", reason="x", until="2099-01-01").status_code == 403
