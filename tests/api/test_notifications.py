"""Notifications by the API: all that one was told, the list behind the bell, preferences."""

import pytest

from tests.accounts.mailbox import run_jobs

from .programs import Program, program_of
from .test_users import pages


@pytest.fixture
def hers(app, ann, bob) -> Program:
    """Ann's program; three answers of bob's wait for her."""
    for number in range(3):
        bob.answer(ann.ask(f"Question number {number}?"))
    run_jobs(app)
    return program_of(ann)


def unread(program: Program) -> int:
    return program.read("/me")["unread_notification_count"]


def test_a_token_hears_what_a_session_hears(app, ann, hers, visitor):
    told = hers.read("/notifications")
    assert told == ann.client.get("/api/v1/notifications").json
    assert told.keys() == {"items", "last_id", "has_more"}
    assert told["items"][0].keys() == {
        "id", "name", "payload", "is_activity", "created_at", "timestamp", "read_at"
    }  # fmt: skip
    first = hers.read("/notifications?limit=1")
    assert first["has_more"]
    rest = hers.read(f"/notifications?after={first['last_id']}")["items"]
    assert first["items"] + rest == told["items"]
    assert Program(app).get("/notifications").status_code == 401


@pytest.mark.parametrize(
    ("query", "field"),
    [("since=yesterday", "since"), ("after=-1", "after"), ("limit=0", "limit"), ("limit=501", "limit"), ("x=1", "x")],
)
def test_asking_with_nonsense_names_the_field(ann, query, field):
    assert program_of(ann).get(f"/notifications?{query}").json["errors"].keys() == {field}


def test_the_list_behind_the_bell_is_said_in_words(hers):
    lines = hers.read("/notifications/activity")["items"]
    assert [line["sentence"] for line in lines] == [
        f"bob answered your question “Question number {number}?”" for number in (2, 1, 0)
    ]
    assert lines[0]["people"][0]["username"] == "bob"
    assert lines[0]["url"].startswith("/posts/")
    assert pages(hers, "/notifications/activity", "id", 1) == [line["id"] for line in lines]


def test_what_is_read_is_marked(hers, eve):
    newest, second, _third = pages(hers, "/notifications/activity", "id")
    assert program_of(eve).put(f"/notifications/{newest}/read").status_code == 404
    assert hers.put(f"/notifications/{newest}/read").status_code == 204
    assert unread(hers) == 2
    assert pages(hers, "/notifications/activity?unread=true", "id", 1)[0] == second
    post = int(hers.read("/notifications/activity")["items"][1]["url"].split("/")[2].partition("#")[0])
    assert hers.put("/notifications/read", {"post": post}).status_code == 204
    assert unread(hers) == 1
    assert hers.put("/notifications/read", {"post": "all"}).json["errors"].keys() == {"post"}
    assert hers.put("/notifications/read").status_code == 204
    assert unread(hers) == 0


def test_preferences_change_one_by_one(app, ann, hers, bob):
    before = hers.read("/notifications/preferences")
    assert before["digest"] == "none"
    changed = hers.put("/notifications/preferences", {"answer_posted": "none", "digest": "weekly"})
    assert changed.json == {**before, "answer_posted": "none", "digest": "weekly"}
    assert hers.put("/notifications/preferences", {"mentioned": "none"}).json["digest"] == "weekly"
    bob.answer(ann.ask("Nobody tells me?"))
    run_jobs(app)
    assert unread(hers) == 3
    wrong = hers.put("/notifications/preferences", {"answer_posted": "pigeon", "digest": "hourly", "weather": "web"})
    assert wrong.json["errors"].keys() == {"answer_posted", "digest", "weather"}
