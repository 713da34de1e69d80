"""API of to-dos, their lists and saving for later."""

from datetime import timedelta

import pytest

from madang.core.clock import at, now
from madang.core.db import transaction
from madang.todos.jobs import remind_due
from tests.accounts.mailbox import run_jobs

from .programs import Program, program_of
from .test_users import pages

pytestmark = pytest.mark.each_database


@pytest.fixture
def client(ann) -> Program:
    return program_of(ann)


def todo(program: Program, title: str = "Water the yard", **words) -> dict:
    answer = program.post("/todos", {"title": title, **words})
    assert answer.status_code == 201, answer.text
    assert answer.headers["Location"] == f"/api/v1/todos/{answer.json['id']}"
    return answer.json


def test_a_to_do_is_created_edited_and_completed(ann, client):
    created = todo(
        client, note="Not at noon.", due_date="2027-01-02", due_time="15:30", remind_at="2027-01-02T06:00:00Z"
    )
    path = f"/todos/{created['id']}"
    assert client.read(path) == created
    assert (created["due_date"], created["due_time"], created["list_name"]) == ("2027-01-02", "15:30", "To-dos")
    assert created["remind_at"] == "2027-01-02T06:00:00.000000Z"
    changed = client.patch(path, {"title": "Water the garden"}).json
    assert changed == {**created, "title": "Water the garden"}
    assert "Water the garden" in ann.page("/todos")
    changed = client.patch(path, {"due_date": None, "due_time": None, "remind_at": None}).json
    assert (changed["due_date"], changed["due_time"], changed["remind_at"]) == (None, None, None)
    assert client.put(f"{path}/done").json["done_at"]
    assert client.read("/todos")["items"] == []
    assert client.delete(f"{path}/done").status_code == 204
    assert client.read(path)["done_at"] is None


@pytest.mark.parametrize(
    ("clock", "shown", "words"),
    [("15:30", "15:30", "3:30 PM"), ("15:30:00", "15:30", "3:30 PM"), ("15:30:45", "15:30:45", "3:30:45 PM"),
     ("00:00:01", "00:00:01", "12:00:01 AM"), ("00:00", "00:00", "12:00 AM")],
)  # fmt: skip
def test_a_due_time_keeps_its_seconds(ann, client, clock, shown, words):
    """Tried too: 15:30:60, 15:30:1 and 15:30:01.5, which are refused (`tests/core/test_local_time.py`)."""
    created = todo(client, due_date="2027-01-02", due_time=clock)
    path = f"/todos/{created['id']}"
    assert created["due_time"] == shown
    assert client.patch(path, {"note": "Slowly."}).json["due_time"] == shown
    assert f'value="{shown}"' in ann.page(f"{path}/edit")
    assert words in ann.page("/todos").replace("\u202f", " ")


@pytest.mark.parametrize(
    ("sent", "kept", "in_form"),
    [("09:30Z", "09:30:00.000000Z", "09:30"), ("09:30:45Z", "09:30:45.000000Z", "09:30:45"),
     ("09:30:45.123Z", "09:30:45.123000Z", "09:30:45"), ("18:30:45+09:00", "09:30:45.000000Z", "09:30:45")],
)  # fmt: skip
def test_a_reminder_keeps_its_seconds(ann, client, sent, kept, in_form):
    """Whatever else is edited, by the API or by the form, which shows no fraction of a second."""
    created = todo(client, remind_at=f"2027-01-02T{sent}")
    path, moment = f"/todos/{created['id']}", f"2027-01-02T{kept}"
    assert created["remind_at"] == moment
    assert client.patch(path, {"note": "Slowly."}).json["remind_at"] == moment
    assert f'value="2027-01-02T{in_form}"' in ann.page(f"{path}/edit")
    fields = {"title": "Water the field", "remind_at": f"2027-01-02T{in_form}", "list_id": str(created["list_id"])}
    assert ann.post(f"{path}/edit", **fields).status_code == 302
    edited = client.read(path)
    assert (edited["title"], edited["remind_at"]) == ("Water the field", moment)


@pytest.mark.parametrize("clock", ["15:30:60", "15:30:1", "15:30:01.5", "15:30:45Z"])
def test_a_due_time_that_cannot_be_kept_is_refused(client, clock):
    answer = client.post("/todos", {"title": "x", "due_date": "2027-01-02", "due_time": clock})
    assert answer.status_code == 422 and "times like 15:30" in answer.json["errors"]["due_time"]


def test_every_wrong_field_is_named(client):
    wrong = {"title": " ", "note": "x" * 2_001, "due_date": "tomorrow", "due_time": "noon"}
    past = (now() - timedelta(hours=1)).isoformat()
    answer = client.post("/todos", {**wrong, "remind_at": past})
    assert answer.json["errors"].keys() == {*wrong, "remind_at"}
    assert client.post("/todos", {"title": "x", "due_time": "15:30"}).json["errors"].keys() == {"due_date"}
    assert client.post("/todos", {"title": "x", "list_id": 99}).json["errors"].keys() == {"list_id"}
    assert client.post("/todos", {"title": "x", "remind_at": "noon"}).json["errors"].keys() == {"remind_at"}
    number = todo(client)["id"]
    assert client.patch(f"/todos/{number}", {"title": ""}).json["errors"].keys() == {"title"}


def test_an_edit_of_an_older_to_do_is_refused(client):
    path = f"/todos/{todo(client)['id']}"
    tag = client.get(path).headers["ETag"]
    assert client.patch(path, {"note": "Mine."}, headers={"If-Match": tag}).status_code == 200
    assert client.patch(path, {"note": "Theirs."}, headers={"If-Match": tag}).status_code == 412


def test_to_dos_come_in_every_order(client):
    words = {
        "some day": {},
        "late": {"due_date": "2027-03-01"},
        "late at nine": {"due_date": "2027-03-01", "due_time": "09:00"},
        "soon": {"due_date": "2027-01-01"},
        "another day": {},
    }
    numbers = {title: todo(client, title, **when)["id"] for title, when in words.items()}
    for size in (1, 2):
        assert pages(client, "/todos", "title", size) == list(words)[::-1]
        by_day = pages(client, "/todos?sort=due", "title", size)
        assert by_day == ["soon", "late at nine", "late", "another day", "some day"]
    for minute, title in enumerate(("late", "soon", "some day")):
        with at(now() + timedelta(minutes=minute)):
            client.put(f"/todos/{numbers[title]}/done")
    assert pages(client, "/todos?state=done", "title", 1) == ["some day", "soon", "late"]
    assert client.delete(f"/todos/{numbers['another day']}").status_code == 204
    assert client.delete("/todos/done").status_code == 204
    assert len(pages(client, "/todos?state=deleted", "title", 1)) == 4
    assert pages(client, "/todos", "title", 1) == ["late at nine"]
    assert client.get("/todos?list=99").json["errors"].keys() == {"list"}


def test_a_to_do_is_moved(client, bob):
    first, second, third = (todo(client, title)["id"] for title in ("first", "second", "third"))
    assert client.put(f"/todos/{first}/position", {"before": third}).status_code == 200
    assert pages(client, "/todos", "id") == [first, third, second]
    assert client.put(f"/todos/{first}/position", {"after": second}).status_code == 200
    assert pages(client, "/todos", "id") == [third, second, first]
    foreign = todo(program_of(bob))["id"]
    assert client.put(f"/todos/{first}/position", {"before": foreign}).json["errors"].keys() == {"before"}
    for neither in ({}, {"before": second, "after": third}):
        assert client.put(f"/todos/{first}/position", neither).json["errors"].keys() == {"before"}


def test_to_dos_of_others_are_not_found(client, bob):
    mine, stranger = todo(client), program_of(bob)
    path, lists = f"/todos/{mine['id']}", f"/todo-lists/{mine['list_id']}"
    assert stranger.get(path).status_code == stranger.get(lists).status_code == 404
    assert stranger.patch(path, {"title": "x"}).status_code == 404
    assert stranger.patch(lists, {"name": "x"}).status_code == 404
    assert stranger.delete(path).status_code == stranger.delete(lists).status_code == 404
    assert stranger.put(f"{path}/done").status_code == stranger.delete(f"{path}/done").status_code == 404
    assert stranger.put(f"{path}/position", {"before": 1}).status_code == 404
    assert stranger.post("/todos", {"title": "x", "list_id": mine["list_id"]}).json["errors"].keys() == {"list_id"}
    assert stranger.read("/todos")["items"] == []


def test_a_deleted_to_do_is_restored(client, bob):
    number = todo(client)["id"]
    client.delete(f"/todos/{number}")
    assert client.get(f"/todos/{number}").status_code == 404
    moment = {"deleted_at": client.read("/todos?state=deleted")["items"][0]["deleted_at"]}
    assert program_of(bob).post("/todos/restorations", moment).status_code == 404
    assert client.post("/todos/restorations", moment).status_code == 204
    assert pages(client, "/todos", "id") == [number]
    assert client.post("/todos/restorations", moment).status_code == 404


def test_lists_are_created_renamed_and_deleted_with_their_to_dos(client):
    todo(client)
    created = client.post("/todo-lists", {"name": "Garden"})
    path = created.headers["Location"]
    assert (created.status_code, created.json["open_count"]) == (201, 0)
    assert client.post("/todo-lists", {"name": "garden"}).json["errors"].keys() == {"name"}
    assert client.post("/todo-lists", {"name": " "}).json["errors"].keys() == {"name"}
    on_it = todo(client, "Rake", list_id=created.json["id"])
    assert client.read(path)["open_count"] == 1
    assert pages(client, f"/todos?list={created.json['id']}", "id") == [on_it["id"]]
    tag = client.get(path).headers["ETag"]
    assert client.patch(path, {"name": "Yard"}, headers={"If-Match": tag}).json["name"] == "Yard"
    assert client.patch(path, {"name": "Lawn"}, headers={"If-Match": tag}).status_code == 412
    assert [row["name"] for row in client.read("/todo-lists")["items"]] == ["To-dos", "Yard"]
    assert client.delete(path).status_code == 204
    assert pages(client, "/todos", "title") == ["Water the yard"]
    moment = client.read("/todos?state=deleted")["items"][0]["deleted_at"]
    assert client.post("/todos/restorations", {"deleted_at": moment}).status_code == 204
    assert client.read(path)["open_count"] == 1


def test_a_post_is_saved_for_later(app, ann, bob, dan):
    question = ann.ask()
    answer, bobs_client = bob.answer(question), program_of(bob)
    saved = bobs_client.put(f"/posts/{answer}/save").json
    assert (saved["title"], saved["link"]) == ("How do I move a yard?", f"/posts/{answer}")
    assert bobs_client.put(f"/posts/{answer}/save").json["id"] == saved["id"]
    assert bobs_client.delete(f"/posts/{answer}/save").status_code == 204
    assert pages(bobs_client, "/todos", "id") == []
    assert bobs_client.put("/posts/999/save").status_code == 404
    dan.post(f"/posts/{question}/delete")
    assert bobs_client.put(f"/posts/{question}/save").status_code == 410
    assert Program(app).put(f"/posts/{question}/save").status_code == 401


def test_a_guest_has_to_dos_too(app, visitor):
    headers = {"X-CSRFToken": visitor.page("/todos").partition('name="csrf-token" content="')[2].partition('"')[0]}
    created = visitor.client.post("/api/v1/todos", json={"title": "Sign up"}, headers=headers)
    assert created.status_code == 201
    assert "Sign up" in visitor.page("/todos")
    assert Program(app).post("/todos", {"title": "Sign up"}).status_code == 401


WORDS = "zebra lantern"


@pytest.mark.parametrize(
    ("scopes", "reads"),
    [(["read"], False), (["read", "write"], False), (["read", "account"], False), (["read", "messages"], True)],
    ids=lambda value: str(value),
)
def test_only_a_token_for_messages_reads_the_text_of_a_saved_message(app, ann, bob, client, scopes, reads):
    written = program_of(bob).post("/conversations", {"to": ["ann"], "body": WORDS}).json
    conversation_id = client.read("/conversations")["items"][0]["id"]
    message_id = client.read(f"/conversations/{conversation_id}/messages")["items"][-1]["id"]
    saved = client.put(f"/conversations/{conversation_id}/messages/{message_id}/save").json
    assert saved["title"] == WORDS and written
    path = f"/todos/{saved['id']}"
    moment = now() + timedelta(hours=1)
    client.patch(path, {"remind_at": f"{moment:%Y-%m-%dT%H:%M:%SZ}"})
    with at(moment + timedelta(minutes=1)):
        with app.app_context(), transaction():
            remind_due.enqueue()
        run_jobs(app)
    secret = client.post("/me/tokens", {"name": "x", "scopes": scopes}).json["secret"]
    reader = Program(app, secret)
    for address in ("/todos", path):
        assert (WORDS in reader.get(address).text) is reads
    for address in (
        "/notifications",
        "/notifications/activity",
        "/jobs",
        "/me",
        "/todo-lists",
        "/drafts",
        "/search?q=zebra",
    ):
        assert WORDS not in reader.get(address).text
    assert (WORDS in str(reader.get("/conversations").json)) is reads
    if "write" in scopes:
        changed = reader.patch(path, {"note": "Soon."})
        assert changed.status_code == 200 and WORDS not in changed.text
    assert client.read(path)["title"] == WORDS
    assert "Reminder of a saved message" in ann.page("/notifications")
