"""To-dos, their lists and saving for later by the API."""

from datetime import timedelta

import pytest

from madang.core.clock import at, now

from .programs import Program, program_of
from .test_users import pages

pytestmark = pytest.mark.each_database


@pytest.fixture
def hers(ann) -> Program:
    return program_of(ann)


def todo(program: Program, title: str = "Water the yard", **words) -> dict:
    answer = program.post("/todos", {"title": title, **words})
    assert answer.status_code == 201, answer.text
    assert answer.headers["Location"] == f"/api/v1/todos/{answer.json['id']}"
    return answer.json


def test_a_to_do_is_written_edited_and_ticked(ann, hers):
    made = todo(hers, note="Not at noon.", due_date="2027-01-02", due_time="15:30", remind_at="2027-01-02T06:00:00Z")
    path = f"/todos/{made['id']}"
    assert hers.read(path) == made
    assert (made["due_date"], made["due_time"], made["list_name"]) == ("2027-01-02", "15:30", "To-dos")
    assert made["remind_at"] == "2027-01-02T06:00:00.000000Z"
    changed = hers.patch(path, {"title": "Water the garden"}).json
    assert changed == {**made, "title": "Water the garden"}
    assert "Water the garden" in ann.page("/todos")
    changed = hers.patch(path, {"due_date": None, "due_time": None, "remind_at": None}).json
    assert (changed["due_date"], changed["due_time"], changed["remind_at"]) == (None, None, None)
    assert hers.put(f"{path}/done").json["done_at"]
    assert hers.read("/todos")["items"] == []
    assert hers.delete(f"{path}/done").status_code == 204
    assert hers.read(path)["done_at"] is None


def test_every_wrong_field_is_named(hers):
    wrong = {"title": " ", "note": "x" * 2_001, "due_date": "tomorrow", "due_time": "noon"}
    past = (now() - timedelta(hours=1)).isoformat()
    answer = hers.post("/todos", {**wrong, "remind_at": past})
    assert answer.json["errors"].keys() == {*wrong, "remind_at"}
    assert hers.post("/todos", {"title": "x", "due_time": "15:30"}).json["errors"].keys() == {"due_date"}
    assert hers.post("/todos", {"title": "x", "list_id": 99}).json["errors"].keys() == {"list_id"}
    assert hers.post("/todos", {"title": "x", "remind_at": "noon"}).json["errors"].keys() == {"remind_at"}
    number = todo(hers)["id"]
    assert hers.patch(f"/todos/{number}", {"title": ""}).json["errors"].keys() == {"title"}


def test_an_edit_of_an_older_to_do_is_refused(hers):
    path = f"/todos/{todo(hers)['id']}"
    tag = hers.get(path).headers["ETag"]
    assert hers.patch(path, {"note": "Mine."}, headers={"If-Match": tag}).status_code == 200
    assert hers.patch(path, {"note": "Theirs."}, headers={"If-Match": tag}).status_code == 412


def test_to_dos_come_in_every_order(hers):
    words = {
        "some day": {},
        "late": {"due_date": "2027-03-01"},
        "late at nine": {"due_date": "2027-03-01", "due_time": "09:00"},
        "soon": {"due_date": "2027-01-01"},
        "another day": {},
    }
    numbers = {title: todo(hers, title, **when)["id"] for title, when in words.items()}
    for size in (1, 2):
        assert pages(hers, "/todos", "title", size) == list(words)[::-1]
        by_day = pages(hers, "/todos?sort=due", "title", size)
        assert by_day == ["soon", "late at nine", "late", "another day", "some day"]
    for minute, title in enumerate(("late", "soon", "some day")):
        with at(now() + timedelta(minutes=minute)):
            hers.put(f"/todos/{numbers[title]}/done")
    assert pages(hers, "/todos?state=done", "title", 1) == ["some day", "soon", "late"]
    assert hers.delete(f"/todos/{numbers['another day']}").status_code == 204
    assert hers.delete("/todos/done").status_code == 204
    assert len(pages(hers, "/todos?state=deleted", "title", 1)) == 4
    assert pages(hers, "/todos", "title", 1) == ["late at nine"]
    assert hers.get("/todos?list=99").json["errors"].keys() == {"list"}


def test_a_to_do_is_moved_in_ones_own_order(hers, bob):
    first, second, third = (todo(hers, title)["id"] for title in ("first", "second", "third"))
    assert hers.put(f"/todos/{first}/position", {"before": third}).status_code == 200
    assert pages(hers, "/todos", "id") == [first, third, second]
    assert hers.put(f"/todos/{first}/position", {"after": second}).status_code == 200
    assert pages(hers, "/todos", "id") == [third, second, first]
    foreign = todo(program_of(bob))["id"]
    assert hers.put(f"/todos/{first}/position", {"before": foreign}).json["errors"].keys() == {"before"}
    for neither in ({}, {"before": second, "after": third}):
        assert hers.put(f"/todos/{first}/position", neither).json["errors"].keys() == {"before"}


def test_nobody_else_finds_them(hers, bob):
    mine, stranger = todo(hers), program_of(bob)
    path, lists = f"/todos/{mine['id']}", f"/todo-lists/{mine['list_id']}"
    assert stranger.get(path).status_code == stranger.get(lists).status_code == 404
    assert stranger.patch(path, {"title": "x"}).status_code == 404
    assert stranger.patch(lists, {"name": "x"}).status_code == 404
    assert stranger.delete(path).status_code == stranger.delete(lists).status_code == 404
    assert stranger.put(f"{path}/done").status_code == stranger.delete(f"{path}/done").status_code == 404
    assert stranger.put(f"{path}/position", {"before": 1}).status_code == 404
    assert stranger.post("/todos", {"title": "x", "list_id": mine["list_id"]}).json["errors"].keys() == {"list_id"}
    assert stranger.read("/todos")["items"] == []


def test_what_was_taken_away_comes_back(hers, bob):
    number = todo(hers)["id"]
    hers.delete(f"/todos/{number}")
    assert hers.get(f"/todos/{number}").status_code == 404
    moment = {"deleted_at": hers.read("/todos?state=deleted")["items"][0]["deleted_at"]}
    assert program_of(bob).post("/todos/restorations", moment).status_code == 404
    assert hers.post("/todos/restorations", moment).status_code == 204
    assert pages(hers, "/todos", "id") == [number]
    assert hers.post("/todos/restorations", moment).status_code == 404


def test_lists_are_made_named_and_taken_away_with_what_stands_on_them(hers):
    todo(hers)
    made = hers.post("/todo-lists", {"name": "Garden"})
    path = made.headers["Location"]
    assert (made.status_code, made.json["open_count"]) == (201, 0)
    assert hers.post("/todo-lists", {"name": "garden"}).json["errors"].keys() == {"name"}
    assert hers.post("/todo-lists", {"name": " "}).json["errors"].keys() == {"name"}
    on_it = todo(hers, "Rake", list_id=made.json["id"])
    assert hers.read(path)["open_count"] == 1
    assert pages(hers, f"/todos?list={made.json['id']}", "id") == [on_it["id"]]
    tag = hers.get(path).headers["ETag"]
    assert hers.patch(path, {"name": "Yard"}, headers={"If-Match": tag}).json["name"] == "Yard"
    assert hers.patch(path, {"name": "Lawn"}, headers={"If-Match": tag}).status_code == 412
    assert [row["name"] for row in hers.read("/todo-lists")["items"]] == ["To-dos", "Yard"]
    assert hers.delete(path).status_code == 204
    assert pages(hers, "/todos", "title") == ["Water the yard"]
    moment = hers.read("/todos?state=deleted")["items"][0]["deleted_at"]
    assert hers.post("/todos/restorations", {"deleted_at": moment}).status_code == 204
    assert hers.read(path)["open_count"] == 1


def test_a_post_is_saved_for_later(app, ann, bob, dan):
    question = ann.ask()
    answer, his = bob.answer(question), program_of(bob)
    saved = his.put(f"/posts/{answer}/save").json
    assert (saved["title"], saved["link"]) == ("How do I move a yard?", f"/posts/{answer}")
    assert his.put(f"/posts/{answer}/save").json["id"] == saved["id"]
    assert his.delete(f"/posts/{answer}/save").status_code == 204
    assert pages(his, "/todos", "id") == []
    assert his.put("/posts/999/save").status_code == 404
    dan.post(f"/posts/{question}/delete")
    assert his.put(f"/posts/{question}/save").status_code == 410
    assert Program(app).put(f"/posts/{question}/save").status_code == 401


def test_a_guest_has_to_dos_too(app, visitor):
    headers = {"X-CSRFToken": visitor.page("/todos").partition('name="csrf-token" content="')[2].partition('"')[0]}
    made = visitor.client.post("/api/v1/todos", json={"title": "Sign up"}, headers=headers)
    assert made.status_code == 201
    assert "Sign up" in visitor.page("/todos")
    assert Program(app).post("/todos", {"title": "Sign up"}).status_code == 401
