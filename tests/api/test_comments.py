"""Comments in the JSON API."""

import pytest

from .programs import Program, program_of


@pytest.fixture
def post(ann) -> int:
    return ann.ask()


def create_comment(program: Program, post: int, body: str = "Which yard do you *mean*?", **fields) -> dict:
    answer = program.post(f"/posts/{post}/comments", {"body": body, **fields})
    assert answer.status_code == 201, answer.text
    assert answer.headers["Location"] == f"/api/v1/comments/{answer.json['id']}"
    return answer.json


def test_a_comment_is_written_read_edited_deleted_and_restored(app, bob, dan, post, visitor):
    program, reader = program_of(bob), Program(app)
    comment = create_comment(program, post)
    path = f"/comments/{comment['id']}"
    assert comment == reader.read(path)
    assert (comment["author"]["username"], comment["post_id"], comment["parent_id"]) == ("bob", post, None)
    assert "<em>mean</em>" in comment["body_html"]
    assert comment["body_html"] in visitor.page(f"/posts/{post}/how-do-i-move-a-yard")
    changed = program.patch(path, {"body": "Which yard?"})
    assert (changed.status_code, changed.json["body"]) == (200, "Which yard?")
    assert changed.json["edited_at"]
    assert program.delete(path).status_code == 204
    assert reader.get(path).status_code == program.get(path).status_code == 404
    staff = program_of(dan)
    assert staff.read(path)["is_deleted"] is True
    for _twice in range(2):
        restored = staff.put(f"{path}/restore")
        assert (restored.status_code, restored.json["is_deleted"]) == (200, False)
    assert reader.read(path)["body"] == "Which yard?"


def test_a_reply_belongs_to_a_comment_on_the_same_post(ann, bob, post):
    program, elsewhere = program_of(bob), ann.ask("Another question?")
    first = create_comment(program, post, "The first")
    answer = create_comment(program_of(ann), post, "The second", parent_id=first["id"])
    nested = create_comment(program, post, "The third", parent_id=answer["id"])
    assert answer["parent_id"] == nested["parent_id"] == first["id"]
    for post_id, parent in ((elsewhere, first["id"]), (post, 10**9)):
        refused = program.post(f"/posts/{post_id}/comments", {"body": "Words", "parent_id": parent})
        assert (refused.status_code, set(refused.json["errors"])) == (422, {"parent_id"})


def test_a_form_with_an_unknown_parent_is_refused(bob, post):
    for parent in ("0", "nothing", "9" * 30):
        refused = bob.post(f"/posts/{post}/comments", body="Mine", parent_id=parent)
        assert refused.status_code == 422
        assert "The comment you are replying to has been deleted." in refused.text
        assert "Mine" in refused.text


def test_comments_are_paginated_by_cursor(app, bob, cho, post):
    numbers = [person.comment(post, f"Remark {n}") for n, person in enumerate((bob, cho, bob, cho, bob))]
    cho.post(f"/comments/{numbers[3]}/delete")
    listed = Program(app).walk(f"/posts/{post}/comments", limit=2)
    assert [comment["id"] for comment in listed] == [numbers[n] for n in (0, 1, 2, 4)]


@pytest.mark.parametrize("value", [0, -1, "1", 2**63, 1.0, True])
def test_an_invalid_parent_id_is_named(bob, post, value):
    refused = program_of(bob).post(f"/posts/{post}/comments", {"body": "Words", "parent_id": value})
    assert (refused.status_code, set(refused.json["errors"])) == (422, {"parent_id"})


def test_an_invalid_body_is_named(bob, post):
    program = program_of(bob)
    path = f"/comments/{create_comment(program, post)['id']}"
    for body in ("", "  ", "x" * 1_001):
        for answer in (program.post(f"/posts/{post}/comments", {"body": body}), program.patch(path, {"body": body})):
            assert (answer.status_code, set(answer.json["errors"])) == (422, {"body"})


def test_others_cannot_change_a_comment(ann, bob, eve, post):
    path = f"/comments/{create_comment(program_of(bob), post)['id']}"
    for person in (eve, ann):
        program = program_of(person)
        assert program.patch(path, {"body": "Mine"}).status_code == 403
        assert program.delete(path).status_code == 403
        assert program.put(f"{path}/restore").status_code == 403
    assert program_of(bob).delete(path).status_code == 204
    assert program_of(ann).put(f"{path}/restore").status_code == 404
    assert program_of(eve).patch(path, {"body": "Mine"}).status_code == 404


def test_an_edit_of_an_outdated_version_is_refused(bob, post):
    program = program_of(bob)
    path = f"/comments/{create_comment(program, post)['id']}"
    tag = program.get(path).headers["ETag"]
    assert program.patch(path, {"body": "The first"}, headers={"If-Match": tag}).status_code == 200
    assert program.patch(path, {"body": "The second"}, headers={"If-Match": tag}).status_code == 412
    assert program.delete(path, headers={"If-Match": tag}).status_code == 412
    assert program.read(path)["body"] == "The first"


def test_comments_of_a_deleted_post_are_gone(app, ann, bob, post):
    comment = bob.comment(post)
    ann.post(f"/posts/{post}/delete")
    assert Program(app).get(f"/posts/{post}/comments").status_code == 410
    assert Program(app).get(f"/comments/{comment}").status_code == 410
    assert program_of(bob).post(f"/posts/{post}/comments", {"body": "Words"}).status_code == 410


def test_comments_are_limited_as_on_pages(app, bob, post):
    app.config["COMMENT_LIMIT"] = "2 per minute"
    create_comment(program_of(bob), post, "The first")
    bob.comment(post, "The second")
    assert program_of(bob).post(f"/posts/{post}/comments", {"body": "The third"}).status_code == 429
