"""Pages of to-dos: add, edit, complete, order, delete and restore, for members and guests."""

import re
from datetime import UTC, datetime, timedelta

import pytest

from madang.core import clock
from madang.core.clock import now
from madang.core.db import db, transaction
from madang.todos.jobs import purge_todos
from madang.todos.models import POSITION_STEP, Todo
from madang.todos.operations import lists, todos

pytestmark = pytest.mark.each_database

NOON = datetime(2026, 3, 10, 12, 0, tzinfo=UTC)


def add(person, title: str, **fields) -> int:
    response = person.post("/todos", title=title, **fields)
    assert response.status_code == 302, response.text
    return int(re.search(r"added=(\d+)", response.location)[1])


def titles(page: str) -> list[str]:
    return re.findall(r'class="said[^>]*>([^<]*)<', page)


def titles_under(page: str, heading: str) -> list[str]:
    section = re.search(rf"<section[^>]*>\s*<div[^>]*><h2[^>]*>{heading}</h2>.*?</section>", page, re.S)
    return titles(section[0]) if section else []


def make_list(person, name: str) -> int:
    response = person.post("/todos/lists", name=name)
    assert response.status_code == 302, response.text
    return int(response.location.rpartition("/")[2])


def test_a_new_to_do_is_listed_first(ann):
    assert "Nothing to do" in ann.page("/todos")
    add(ann, "Buy lanterns")
    add(ann, "  Call\tBob ")
    assert titles(ann.page("/todos")) == ["Call Bob", "Buy lanterns"]


def test_a_guest_has_todos_which_stay_when_they_sign_up(visitor):
    visitor.page("/todos")
    visitor.username = "guest"
    add(visitor, "Buy lanterns")
    password = "seven lanterns over water"
    visitor.post("/auth/signup", username="nari", email="n@example.org", password=password, password2=password)
    visitor._token = ""
    assert titles(visitor.page("/todos")) == ["Buy lanterns"]


def test_a_guests_todos_are_deleted_with_the_handle(app, visitor):
    visitor.page("/todos")
    visitor.username = "guest"
    add(visitor, "Buy lanterns")
    visitor.post("/guest/change")
    assert titles(visitor.page("/todos")) == []
    with app.app_context():
        assert db.session.query(Todo).count() == 0


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"title": " "}, "Please describe the to-do in a few words."),
        ({"title": "a" * 201}, "Field cannot be longer|Please shorten this to 200"),
        ({"title": "x", "note": "a" * 2001}, "Please shorten this to 2,?000"),
        ({"title": "x", "due_date": "tomorrow"}, "Please write dates like 2026-11-21"),
        ({"title": "x", "due_date": "2026-02-30"}, "Please write dates like"),
        ({"title": "x", "due_date": "0001-01-01"}, "Please write dates like"),
        ({"title": "x", "due_date": "9999-12-31"}, "Please write dates like"),
        ({"title": "x", "due_date": "2026-11-21", "due_time": "25:00"}, "Please write dates like"),
        ({"title": "x", "due_time": "15:00"}, "Please add a date to the time."),
        ({"title": "x", "remind_at": "2001-01-01T10:00"}, "This time has already passed"),
        ({"title": "x", "remind_at": "2150-01-01"}, "Please write dates like"),
        ({"title": "x", "remind_at": "\0 가 <b>"}, "Please write dates like"),
        ({"title": "x", "list_id": "999999"}, "This list no longer exists"),
        ({"title": "x", "list_id": "9" * 30}, "This list no longer exists"),
        ({"title": "x", "list_id": "-1"}, "This list no longer exists"),
    ],
)
def test_invalid_fields_are_reported_and_the_input_is_kept(ann, fields, sentence):
    response = ann.post("/todos", **{"note": "my own note", **fields})
    assert response.status_code == 422
    assert re.search(sentence, response.text), response.text
    assert "my own note" in response.text or "note" in fields
    assert titles(ann.page("/todos")) == []


def test_a_double_click_adds_one_to_do(ann):
    assert add(ann, "Buy lanterns") == add(ann, "Buy lanterns")
    with clock.at(now() + timedelta(minutes=1)):
        add(ann, "Buy lanterns")
    assert len(titles(ann.page("/todos"))) == 2


def test_completing_and_reopening(ann):
    todo = add(ann, "Buy lanterns")
    ann.post(f"/todos/{todo}/done", value="1")
    ann.post(f"/todos/{todo}/done", value="1")
    assert titles(ann.page("/todos")) == []
    assert titles(ann.page("/todos/done")) == ["Buy lanterns"]
    assert ann.htmx(f"/todos/{todo}/done", value="0").status_code == 200
    assert titles(ann.page("/todos")) == ["Buy lanterns"]
    assert ann.post(f"/todos/{todo}/done", value="yes").status_code == 422


def test_editing(ann):
    errands = make_list(ann, "Errands")
    todo = add(ann, "Buy lanterns")
    assert 'value="Buy lanterns"' in ann.page(f"/todos/{todo}/edit")
    fields = {"title": "Buy seven lanterns", "note": "red\nones", "due_date": "2150-02-03", "due_time": "09:05"}
    ann.post(f"/todos/{todo}/edit", **fields, remind_at="2150-02-03T08:00", list_id=str(errands))
    page = ann.page(f"/todos/lists/{errands}")
    assert titles(page) == ["Buy seven lanterns"] and "Feb 3, 2150" in page and "9:05" in page
    page = ann.page(f"/todos/{todo}/edit")
    for value in ("2150-02-03", "09:05", "2150-02-03T08:00"):
        assert f'value="{value}"' in page
    response = ann.post(f"/todos/{todo}/edit", title="", note="kept as typed")
    assert response.status_code == 422 and "kept as typed" in response.text


def test_sections_depend_on_the_persons_time_zone(app, ann):
    ann.post("/settings/preferences", timezone="Asia/Seoul", locale="en")
    with clock.at(NOON):  # 21:00 in Seoul
        for title, fields in {
            "long ago": {"due_date": "2026-03-01"},
            "an hour ago": {"due_date": "2026-03-10", "due_time": "20:00"},
            "tonight": {"due_date": "2026-03-10", "due_time": "22:00"},
            "some time today": {"due_date": "2026-03-10"},
            "tomorrow": {"due_date": "2026-03-11"},
            "next year early": {"due_date": "2027-01-01", "due_time": "08:00"},
            "next year": {"due_date": "2027-01-01"},
            "whenever": {},
        }.items():
            add(ann, title, **fields)
        page = ann.page("/todos")
    assert titles_under(page, "Overdue") == ["long ago", "an hour ago"]
    assert titles_under(page, "Today") == ["some time today", "tonight"]
    assert titles_under(page, "Later") == ["tomorrow", "next year early", "next year"]
    assert titles_under(page, "Someday") == ["whenever"]
    with clock.at(NOON + timedelta(hours=4)):  # past midnight in Seoul
        page = ann.page("/todos")
    assert titles_under(page, "Overdue") == ["long ago", "an hour ago", "tonight", "some time today"]
    assert titles_under(page, "Today") == ["tomorrow"]


class TestOrder:
    @pytest.fixture
    def three(self, ann):
        return {name: add(ann, name) for name in ("c", "b", "a")}

    def test_before_and_after(self, ann, three):
        assert titles(ann.page("/todos")) == ["a", "b", "c"]
        ann.post(f"/todos/{three['c']}/move", before=str(three["a"]))
        assert titles(ann.page("/todos")) == ["c", "a", "b"]
        assert ann.htmx(f"/todos/{three['c']}/move", after=str(three["b"])).status_code == 204
        assert titles(ann.page("/todos")) == ["a", "b", "c"]
        ann.post(f"/todos/{three['a']}/move", after=str(three["b"]))
        assert titles(ann.page("/todos")) == ["b", "a", "c"]

    def test_the_buttons_refer_to_the_neighbours(self, ann, three):
        page = ann.page("/todos")
        row = page.partition(f'id="todo-{three["b"]}"')[2].partition("</li>")[0]
        assert f'name="before" value="{three["a"]}"' in row and f'name="after" value="{three["c"]}"' in row

    def test_a_to_do_without_a_neighbour_is_not_moved(self, ann, three):
        for fields in ({}, {"before": ""}, {"before": str(three["a"])}):
            assert ann.post(f"/todos/{three['a']}/move", **fields).status_code == 302
        assert titles(ann.page("/todos")) == ["a", "b", "c"]

    def test_adjacent_positions_are_renumbered(self, app, ann, three):
        with app.app_context(), transaction():
            for number, name in enumerate("abc"):
                db.session.get(Todo, three[name]).position = number
        ann.post(f"/todos/{three['c']}/move", before=str(three["b"]))
        assert titles(ann.page("/todos")) == ["a", "c", "b"]
        with app.app_context():
            positions = sorted(db.session.get(Todo, three[name]).position for name in "abc")
            assert positions[1] - positions[0] == POSITION_STEP

    @pytest.mark.parametrize("place", ["x", "0", "999999", "9" * 25])
    def test_an_unknown_neighbour_is_404(self, ann, three, place):
        assert ann.post(f"/todos/{three['a']}/move", before=place).status_code == 404


class TestDeleting:
    def test_can_be_undone(self, ann):
        todo = add(ann, "Buy lanterns")
        response = ann.post(f"/todos/{todo}/delete")
        page = ann.follow(response)
        assert "Buy lanterns" not in page and "Undo" in page
        moment = re.search(r'name="moment" value="([^"]+)"', page)[1].replace("&#43;", "+")
        assert "It has been restored." in ann.follow(ann.post("/todos/restore", moment=moment))
        assert titles(ann.page("/todos")) == ["Buy lanterns"]
        assert ann.post("/todos/restore", moment=moment).status_code == 404

    @pytest.mark.parametrize("moment", ["", "yesterday", "2026-01-01", "2026-01-01T00:00:00+09:00", "\0"])
    def test_an_invalid_moment_restores_nothing(self, ann, moment):
        assert ann.post("/todos/restore", moment=moment).status_code == 404
        ann.get("/todos", query_string={"deleted": moment}) and ann.page("/todos")

    def test_deletions_of_others_cannot_be_undone(self, ann, eve):
        with clock.at(NOON):
            ann.post(f"/todos/{add(ann, 'Buy lanterns')}/delete")
        assert eve.post("/todos/restore", moment=NOON.isoformat()).status_code == 404

    def test_a_list_is_deleted_and_restored_with_its_to_dos(self, ann):
        errands = make_list(ann, "Errands")
        todo = add(ann, "Buy lanterns", list_id=str(errands))
        with clock.at(NOON):
            ann.post(f"/todos/lists/{errands}/delete")
        ann.page(f"/todos/lists/{errands}", 404)
        ann.page(f"/todos/{todo}/edit", 404)
        assert ann.post("/todos/restore", moment=NOON.isoformat()).status_code == 302
        assert titles(ann.page(f"/todos/lists/{errands}")) == ["Buy lanterns"]

    def test_all_done_to_dos_are_deleted_and_restored(self, ann):
        todo = add(ann, "Buy lanterns")
        add(ann, "Call Bob")
        ann.post(f"/todos/{todo}/done", value="1")
        with clock.at(NOON):
            assert "Undo" in ann.follow(ann.post("/todos/done/delete"))
        assert "Nothing done yet" in ann.page("/todos/done")
        assert titles(ann.page("/todos")) == ["Call Bob"]
        ann.post("/todos/restore", moment=NOON.isoformat())
        assert titles(ann.page("/todos/done")) == ["Buy lanterns"]

    def test_deleted_to_dos_are_purged_after_a_week(self, app, ann):
        remaining = add(ann, "Call Bob")
        with clock.at(NOON):
            ann.post(f"/todos/{add(ann, 'Buy lanterns')}/delete")
        with app.app_context(), clock.at(NOON + timedelta(days=8)), transaction():
            purge_todos.function()
        with app.app_context():
            assert [todo.id for todo in db.session.query(Todo)] == [remaining]


class TestLists:
    def test_names_are_unique(self, ann):
        errands = make_list(ann, "Errands")
        for name, sentence in (
            ("", "A list needs a name."),
            ("ERRANDS", "already have a list with this name"),
            ("x" * 61, "60"),
        ):
            response = ann.post("/todos/lists", name=name)
            assert response.status_code == 422 and sentence in response.text
        ann.post(f"/todos/lists/{errands}", name="Shopping")
        assert "<h1>Shopping</h1>" in ann.page(f"/todos/lists/{errands}")
        assert ann.post(f"/todos/lists/{errands}", name=" ").status_code == 422

    def test_to_dos_are_added_to_the_chosen_list(self, ann):
        errands, work = make_list(ann, "Errands"), make_list(ann, "Work")
        add(ann, "Buy lanterns", list_id=str(errands))
        add(ann, "Write a report", list_id=str(work))
        assert titles(ann.page(f"/todos/lists/{errands}")) == ["Buy lanterns"]
        assert titles(ann.page("/todos")) == ["Write a report", "Buy lanterns"]

    def test_the_numbers_of_lists_and_to_dos_are_limited(self, monkeypatch, ann):
        monkeypatch.setattr(todos, "MAX_LISTS", 1)
        monkeypatch.setattr(todos, "MAX_TODOS", 1)
        make_list(ann, "Errands")
        response = ann.post("/todos/lists", name="Work")
        assert response.status_code == 409 and "You can have up to 1 lists" in response.text
        assert 'value="Work"' in response.text
        todo = add(ann, "Buy lanterns")
        response = ann.post("/todos", title="Call Bob")
        assert response.status_code == 409 and 'value="Call Bob"' in response.text
        with clock.at(NOON):
            ann.post(f"/todos/{todo}/delete")
        add(ann, "Call Bob")
        assert ann.post("/todos/restore", moment=NOON.isoformat()).status_code == 409

    def test_the_default_list_is_created_once(self, app, ann):
        with app.app_context(), transaction():
            first = lists.default_list(ann.actor, now=now())
            assert lists.default_list(ann.actor, now=now()).id == first.id


def test_adding_is_rate_limited(app, ann):
    app.config["TODO_LIMIT"] = "1 per hour"
    add(ann, "Buy lanterns")
    response = ann.post("/todos", title="Call Bob")
    assert response.status_code == 429 and 'value="Call Bob"' in response.text


def test_to_dos_of_others_are_not_found(ann, eve):
    errands = make_list(ann, "Errands")
    todo = add(ann, "Buy lanterns", list_id=str(errands))
    own = add(eve, "Look around")
    for path in (f"/todos/{todo}/edit", f"/todos/lists/{errands}"):
        eve.page(path, 404)
    for path, fields in {
        f"/todos/{todo}/edit": {"title": "mine"},
        f"/todos/{todo}/done": {"value": "1"},
        f"/todos/{todo}/delete": {},
        f"/todos/{todo}/move": {"before": str(own)},
        f"/todos/{own}/move": {"before": str(todo)},
        f"/todos/lists/{errands}": {"name": "mine"},
        f"/todos/lists/{errands}/delete": {},
    }.items():
        assert eve.post(path, **fields).status_code == 404, path
    assert eve.post("/todos", title="x", list_id=str(errands)).status_code == 422
    assert eve.post(f"/todos/{own}/edit", title="x", list_id=str(errands)).status_code == 422
    assert titles(ann.page(f"/todos/lists/{errands}")) == ["Buy lanterns"]


def test_long_lists_are_paginated(ann, monkeypatch):
    monkeypatch.setattr("madang.todos.views.todos.PER_PAGE", 2)
    for name in "abc":
        add(ann, name)
    assert titles(ann.page("/todos")) == ["c", "b"]
    assert titles(ann.page("/todos?page=2")) == ["a"]
    ann.page("/todos?page=-1")
    ann.page("/todos/done?page=999999999999999999999")


def test_an_edited_to_do_is_shown_where_it_stands(ann, monkeypatch):
    """Open or done, on the first page or another; "cancel" leads there too."""
    monkeypatch.setattr("madang.todos.views.todos.PER_PAGE", 2)
    ids = [add(ann, name) for name in "abcdef"]
    for done in ids[:3]:
        ann.post(f"/todos/{done}/done", value="1")
    for todo, page in zip(
        ids, ("/todos/done?page=2", "/todos/done", "/todos/done", "/todos?page=2", "/todos"), strict=False
    ):
        place = f"{page}#todo-{todo}"
        assert f'href="{place}"' in ann.page(f"/todos/{todo}/edit")
        assert ann.post(f"/todos/{todo}/edit", title="again").location == place
        assert f'id="todo-{todo}"' in ann.page(page)


def test_the_field_has_the_focus_after_a_to_do_was_added(ann):
    errands = make_list(ann, "Errands")
    for page, fields in (("/todos", {}), (f"/todos/lists/{errands}", {"list_id": str(errands)})):
        assert "autofocus" not in ann.page(page)
        answer = ann.post("/todos", title="Buy lanterns", headers={"Referer": f"http://localhost{page}"}, **fields)
        assert answer.location.startswith(f"{page}?added=")
        shown = ann.page(answer.location)
        assert re.search(r'<input[^>]* id="title"[^>]*autofocus|<input[^>]*autofocus[^>]* id="title"', shown)
        assert len(re.findall('class="comment todo added"', shown)) == 1
    for sent in ("x", "-1", "9" * 40, ""):
        assert "autofocus" not in ann.page(f"/todos?added={sent}")


def test_a_tick_in_place_answers_with_the_counts_of_the_tabs(ann):
    add(ann, "Call Bob")
    errands = make_list(ann, "Errands")
    todo = add(ann, "Buy lanterns", list_id=str(errands))
    for value, counts in (("1", ("1", "0")), ("0", ("2", "1"))):
        answered = ann.htmx(f"/todos/{todo}/done", value=value).json["counts"]
        assert (answered["all"], answered[str(errands)]) == counts


def test_titles_and_notes_are_escaped(ann):
    add(ann, "<b>bold</b>", note="<script>alert(1)</script>")
    page = ann.page("/todos")
    assert "<b>bold" not in page and "<script>alert" not in page
