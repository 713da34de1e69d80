"""JSON API of notifications: events, activity, read marks, preferences."""

import pytest

from tests.accounts.mailbox import run_jobs

from .programs import Program, program_of
from .test_users import pages


@pytest.fixture
def ann_client(app, ann, bob) -> Program:
    """An API client of Ann, who has three unread answers by Bob."""
    for number in range(3):
        bob.answer(ann.ask(f"Question number {number}?"))
    run_jobs(app)
    return program_of(ann)


def unread_count(program: Program) -> int:
    return program.read("/me")["unread_notification_count"]


def test_a_token_gets_the_same_events_as_a_session(app, ann, ann_client, visitor):
    events = ann_client.read("/notifications")
    assert events == ann.client.get("/api/v1/notifications").json
    assert events.keys() == {"items", "last_id", "has_more"}
    assert events["items"][0].keys() == {
        "id", "name", "payload", "is_activity", "created_at", "timestamp", "read_at"
    }  # fmt: skip
    first = ann_client.read("/notifications?limit=1")
    assert first["has_more"]
    rest = ann_client.read(f"/notifications?after={first['last_id']}")["items"]
    assert first["items"] + rest == events["items"]
    assert Program(app).get("/notifications").status_code == 401


@pytest.mark.parametrize(
    ("query", "field"),
    [("since=yesterday", "since"), ("after=-1", "after"), ("limit=0", "limit"), ("limit=501", "limit"), ("x=1", "x")],
)
def test_invalid_parameters_are_named(ann, query, field):
    assert program_of(ann).get(f"/notifications?{query}").json["errors"].keys() == {field}


def test_activity_has_sentences(ann_client):
    lines = ann_client.read("/notifications/activity")["items"]
    assert [line["sentence"] for line in lines] == [
        f"bob answered your question “Question number {number}?”" for number in (2, 1, 0)
    ]
    assert lines[0]["people"][0]["username"] == "bob"
    assert lines[0]["url"].startswith("/posts/")
    assert pages(ann_client, "/notifications/activity", "id", 1) == [line["id"] for line in lines]


def test_marking_as_read(ann_client, eve):
    newest, second, _third = pages(ann_client, "/notifications/activity", "id")
    assert program_of(eve).put(f"/notifications/{newest}/read").status_code == 404
    assert ann_client.put(f"/notifications/{newest}/read").status_code == 204
    assert unread_count(ann_client) == 2
    assert pages(ann_client, "/notifications/activity?unread=true", "id", 1)[0] == second
    post = int(ann_client.read("/notifications/activity")["items"][1]["url"].split("/")[2].partition("#")[0])
    assert ann_client.put("/notifications/read", {"post": post}).status_code == 204
    assert unread_count(ann_client) == 1
    assert ann_client.put("/notifications/read", {"post": "all"}).json["errors"].keys() == {"post"}
    assert ann_client.put("/notifications/read").status_code == 204
    assert unread_count(ann_client) == 0


def test_preferences_change_one_by_one(app, ann, ann_client, bob):
    before = ann_client.read("/notifications/preferences")
    assert before["digest"] == "none"
    changed = ann_client.put("/notifications/preferences", {"answer_posted": "none", "digest": "weekly"})
    assert changed.json == {**before, "answer_posted": "none", "digest": "weekly"}
    assert ann_client.put("/notifications/preferences", {"mentioned": "none"}).json["digest"] == "weekly"
    bob.answer(ann.ask("Nobody tells me?"))
    run_jobs(app)
    assert unread_count(ann_client) == 3
    wrong = ann_client.put(
        "/notifications/preferences", {"answer_posted": "pigeon", "digest": "hourly", "weather": "web"}
    )
    assert wrong.json["errors"].keys() == {"answer_posted", "digest", "weather"}
