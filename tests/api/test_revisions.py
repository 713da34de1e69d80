"""Revisions in the JSON API."""

import pytest

from .programs import Program, program_of

FIRST, SECOND = "I tried the obvious things.", "I tried the obvious things.\nThen I tried others."


@pytest.fixture
def post(ann) -> int:
    number = ann.ask(body=FIRST, tags="yard")
    program = program_of(ann)
    assert program.patch(f"/posts/{number}", {"body": SECOND, "summary": "Say more"}).status_code == 200
    assert (
        program.patch(f"/posts/{number}", {"title": "How do I move a garden?", "tags": ["garden"]}).status_code == 200
    )
    return number


def test_revisions_are_listed_newest_first(app, ann, post):
    listed = Program(app).walk(f"/posts/{post}/revisions")
    assert [revision["number"] for revision in listed] == [3, 2, 1]
    assert [revision["summary"] for revision in listed] == ["", "Say more", ""]
    assert [revision["tags"] for revision in listed] == [["garden"], ["yard"], ["yard"]]
    assert {revision["author"]["username"] for revision in listed} == {"ann"}
    assert Program(app).read(f"/posts/{ann.ask('A question never edited?')}/revisions")["items"] == []


def test_a_revision_contains_its_changes(app, post):
    first = Program(app).read(f"/posts/{post}/revisions/1")
    assert (first["body"], [line["kind"] for line in first["changes"]]) == (FIRST, ["added"])
    second = Program(app).read(f"/posts/{post}/revisions/2")
    assert second["body"] == SECOND
    assert second["changes"] == [
        {"kind": "same", "text": FIRST, "hidden": 0},
        {"kind": "added", "text": "Then I tried others.", "hidden": 0},
    ]
    assert Program(app).read(f"/posts/{post}/revisions/3")["title"] == "How do I move a garden?"
    assert Program(app).get(f"/posts/{post}/revisions/4").status_code == 404


def test_the_changes_of_a_long_revision_have_a_limit(app, ann):
    number = ann.ask(body=FIRST)
    body = "\n".join(f"line {line}" for line in range(3_000))
    program_of(ann).patch(f"/posts/{number}", {"body": body})
    revision = Program(app).read(f"/posts/{number}/revisions/2")
    assert revision["body"] == body
    assert [len(revision["changes"]), revision["changes"][-1]] == [1_001, {"kind": "more", "text": "", "hidden": 0}]


def test_a_revision_is_restored(ann, post):
    answer = program_of(ann).post(f"/posts/{post}/revisions/1/revert")
    assert (answer.status_code, answer.json["version"], answer.json["body"]) == (200, 4, FIRST)
    assert (answer.json["title"], answer.json["tags"]) == ("How do I move a yard?", ["yard"])
    assert "Restored revision 1" in program_of(ann).read(f"/posts/{post}/revisions/4")["summary"]


def test_others_cannot_revert(app, ann, eve, post):
    assert program_of(eve).post(f"/posts/{post}/revisions/1/revert").status_code == 403
    assert program_of(ann).post(f"/posts/{post}/revisions/9/revert").status_code == 404
    ann.post(f"/posts/{post}/delete")
    for path in (f"/posts/{post}/revisions", f"/posts/{post}/revisions/1"):
        assert Program(app).get(path).status_code == 410
    assert program_of(ann).post(f"/posts/{post}/revisions/1/revert").status_code == 410
    assert Program(app).get("/posts/999/revisions").status_code == 404


def test_reverting_is_limited_as_on_pages(app, ann, post):
    app.config["POST_LIMIT"] = "1 per minute"
    program = program_of(ann)
    statuses = [program.post(f"/posts/{post}/revisions/{number}/revert").status_code for number in (1, 2)]
    assert statuses[-1] == 429
