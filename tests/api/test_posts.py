"""Posts and answers in the JSON API."""

import pytest
from sqlalchemy import event

from madang.core.db import db

from .programs import Program, program_of

QUESTION = {
    "board": "qa",
    "title": "How do I move a yard?",
    "body": "I tried the **obvious** things.",
    "tags": ["yard"],
}


@pytest.fixture
def program(ann) -> Program:
    return program_of(ann)


def create_question(program: Program, **changes) -> dict:
    answer = program.post("/posts", {**QUESTION, **changes})
    assert answer.status_code == 201, answer.text
    assert answer.headers["Location"] == f"/api/v1/posts/{answer.json['id']}"
    return answer.json


def test_a_question_is_asked_read_edited_and_deleted(app, program, visitor):
    post = create_question(program)
    reader = Program(app)
    assert reader.read(f"/posts/{post['id']}")["title"] == QUESTION["title"]
    assert "<strong>obvious</strong>" in visitor.page(f"/posts/{post['id']}/how-do-i-move-a-yard")
    changed = program.patch(f"/posts/{post['id']}", {"title": "How do I move a garden?"})
    assert (changed.status_code, changed.json["title"], changed.json["version"]) == (200, "How do I move a garden?", 2)
    assert changed.json["body"] == QUESTION["body"]
    assert program.delete(f"/posts/{post['id']}").status_code == 204
    assert reader.get(f"/posts/{post['id']}").status_code == 410


def test_every_wrong_field_is_named(program):
    answer = program.post("/posts", {**QUESTION, "title": "E", "body": ""})
    assert answer.status_code == 422
    assert answer.mimetype == "application/problem+json"
    assert set(answer.json["errors"]) == {"title", "body"}
    answer = program.post("/posts", {"board": 7, "colour": "red"})
    assert set(answer.json["errors"]) == {"board", "title", "body", "colour"}


def test_a_list_is_paginated_by_cursor(app, program):
    numbers = [create_question(program, title=f"Question number {n}?")["id"] for n in range(7)]
    listed, path = [], "/posts?limit=3"
    while path:
        answer = Program(app).get(path)
        listed += [item["id"] for item in answer.json["items"]]
        link = answer.headers.get("Link")
        assert (link is None) == (answer.json["next_cursor"] is None)
        path = link and link.partition("/api/v1")[2].partition(">")[0]
    assert listed == numbers[::-1]


@pytest.mark.parametrize("sort", ["newest", "active", "votes", "unanswered"])
def test_every_order_has_every_post_once(app, program, bob, sort):
    numbers = [create_question(program, title=f"Question number {n}?")["id"] for n in range(5)]
    bob.post(f"/posts/{numbers[2]}/votes", value="1")
    first = Program(app).read(f"/posts?sort={sort}&limit=2")
    second = Program(app).read(f"/posts?sort={sort}&limit=2&cursor={first['next_cursor']}")
    third = Program(app).read(f"/posts?sort={sort}&limit=2&cursor={second['next_cursor']}")
    listed = [item["id"] for page in (first, second, third) for item in page["items"]]
    assert sorted(listed) == numbers
    assert (sort != "votes") or listed[0] == numbers[2]


def test_filters_narrow_a_list(app, ann, program, bob):
    yard = create_question(program)["id"]
    other = create_question(program_of(bob), title="What is a garden?", tags=["garden"])["id"]
    talk = create_question(program, board="talk", title="Good morning to all", tags=[])["id"]
    reader = Program(app)

    def ids(query: str) -> list[int]:
        return [item["id"] for item in reader.read(f"/posts?{query}")["items"]]

    assert ids("tag=yard") == [yard]
    assert ids("author=bob") == [other]
    assert ids("board=talk") == ids("kind=talk") == [talk]
    assert ids("kind=question") == [other, yard]
    assert ids("author=ann&tag=yard") == [yard]
    assert reader.get("/posts?tag=nowhere").json["errors"].keys() == {"tag"}
    assert reader.get("/posts?colour=red").json["errors"].keys() == {"colour"}


def test_only_the_requested_fields_are_returned(app, program):
    post = create_question(program)
    assert Program(app).read(f"/posts/{post['id']}?fields=id,title") == {"id": post["id"], "title": post["title"]}
    assert Program(app).read("/posts?fields=id")["items"] == [{"id": post["id"]}]
    assert Program(app).get("/posts?fields=id,colour").json["errors"].keys() == {"fields"}


def test_an_unchanged_post_is_304(app, program):
    post = create_question(program)
    reader = Program(app)
    first = reader.get(f"/posts/{post['id']}")
    again = reader.get(f"/posts/{post['id']}", headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data, again.headers["ETag"]) == (304, b"", first.headers["ETag"])
    program.patch(f"/posts/{post['id']}", {"title": "How do I move a garden?"})
    assert reader.get(f"/posts/{post['id']}", headers={"If-None-Match": first.headers["ETag"]}).status_code == 200


def test_an_edit_of_an_outdated_version_is_refused(program, bob):
    post = create_question(program)
    tag = program.get(f"/posts/{post['id']}").headers["ETag"]
    bob.post(f"/posts/{post['id']}/votes", value="1")
    first = program.patch(f"/posts/{post['id']}", {"body": "Mine, which is longer."}, headers={"If-Match": tag})
    assert first.status_code == 200, "a vote does not stand in the way"
    second = program.patch(f"/posts/{post['id']}", {"body": "Theirs, which is longer."}, headers={"If-Match": tag})
    assert (second.status_code, second.json["code"]) == (412, "precondition_failed")
    assert program.delete(f"/posts/{post['id']}", headers={"If-Match": tag}).status_code == 412


def test_a_repeated_idempotency_key_makes_one_post(program):
    first = program.post("/posts", QUESTION, headers={"Idempotency-Key": "one"})
    second = program.post("/posts", QUESTION, headers={"Idempotency-Key": "one"})
    assert (first.status_code, second.status_code) == (201, 201)
    assert second.json == first.json
    assert second.headers["Location"] == first.headers["Location"]
    assert second.headers["Idempotency-Replayed"] == "true"
    other = program.post("/posts", {**QUESTION, "title": "Another title?"}, headers={"Idempotency-Key": "one"})
    assert (other.status_code, other.json["code"]) == (409, "conflict")
    assert len(program.read("/posts")["items"]) == 1


def test_an_idempotency_key_of_a_refused_request_can_be_reused(program):
    refused = program.post("/posts", {**QUESTION, "title": ""}, headers={"Idempotency-Key": "one"})
    assert refused.status_code == 422
    assert program.post("/posts", QUESTION, headers={"Idempotency-Key": "one"}).status_code == 201


def test_an_answer_is_given_and_accepted(app, program, bob):
    question = create_question(program)
    answer = program_of(bob).post(f"/posts/{question['id']}/answers", {"body": "Lift it gently and walk slowly."})
    assert (answer.status_code, answer.json["kind"]) == (201, "answer")
    number = answer.json["id"]
    assert program_of(bob).put(f"/posts/{number}/accept").status_code == 403
    assert program.put(f"/posts/{number}/accept").json["accepted_answer_id"] == number
    listed = Program(app).read(f"/posts/{question['id']}/answers")["items"]
    assert [item["id"] for item in listed] == [number]
    assert program.delete(f"/posts/{number}/accept").status_code == 204
    assert Program(app).read(f"/posts/{question['id']}")["accepted_answer_id"] is None


@pytest.mark.parametrize("sort", ["votes", "newest", "oldest"])
def test_answers_are_paginated_by_cursor(app, ann, program, bob, cho, dan, sort):
    question = create_question(program)["id"]
    numbers = [person.answer(question, f"Answer of {person.username}.") for person in (bob, cho, dan)]
    ann.post(f"/posts/{numbers[1]}/votes", value="1")
    program.put(f"/posts/{numbers[2]}/accept")
    expected = {"votes": [2, 1, 0], "newest": [2, 1, 0], "oldest": [0, 1, 2]}[sort]
    listed, cursor = [], ""
    while cursor is not None:
        query = f"&cursor={cursor}" if cursor else ""
        page = Program(app).read(f"/posts/{question}/answers?limit=1&sort={sort}{query}")
        listed += [item["id"] for item in page["items"]]
        cursor = page["next_cursor"]
    assert listed == [numbers[place] for place in expected]


def test_a_board_that_is_renamed_is_renamed_in_every_list(app, program, people):
    post = create_question(program)
    reader = Program(app)
    assert reader.read("/posts")["items"][0]["board"] == "qa"
    answer = program_of(people["ruth"]).patch("/admin/boards/qa", {"slug": "help"})
    assert answer.status_code == 200, answer.text
    assert reader.read("/posts")["items"][0]["board"] == "help"
    assert reader.read(f"/posts/{post['id']}")["board"] == "help"


def test_an_answer_takes_few_statements(app, ann, bob):
    """A statement costs more in Python than in the database; 20 of them were most of the cost of an answer."""
    program, question, statements = program_of(bob), ann.ask(), []
    with app.app_context():
        engine = db.engine

    def record(_connection, _cursor, statement, *_rest):
        statements.append(statement)

    event.listen(engine, "before_cursor_execute", record)
    try:
        assert program.post(f"/posts/{question}/answers", {"body": "Lift it and walk slowly."}).status_code == 201
    finally:
        event.remove(engine, "before_cursor_execute", record)
    assert len(statements) <= 17, statements  # one of them, of the boards not for everyone, at most twice a second
