"""Votes in the JSON API."""

import pytest

from .programs import Program, program_of


def test_a_vote_is_set_changed_and_retracted(app, ann, bob):
    post = ann.ask()
    program, path = program_of(bob), f"/posts/{post}/vote"
    assert program.read(path) == {"value": 0, "score": 0}
    for _twice in range(2):
        assert program.put(path, {"value": 1}).json == {"value": 1, "score": 1}
    assert program.put(path, {"value": -1}).json == program.read(path) == {"value": -1, "score": -1}
    assert program_of(ann).read(path) == {"value": 0, "score": -1}
    assert program.put(path, {"value": 0}).json == {"value": 0, "score": 0}
    program.put(path, {"value": 1})
    for _twice in range(2):
        assert program.delete(path).status_code == 204
    assert Program(app).read(f"/posts/{post}")["score"] == 0


def test_a_vote_on_a_comment_is_set_and_retracted(app, ann, bob):
    comment = ann.comment(ann.ask())
    program, path = program_of(bob), f"/comments/{comment}/vote"
    assert program.read(path) == {"value": 0, "score": 0}
    for _twice in range(2):
        assert program.put(path, {"value": 1}).json == program.read(path) == {"value": 1, "score": 1}
    assert Program(app).read(f"/comments/{comment}")["score"] == 1
    assert program.delete(path).status_code == 204
    assert program.read(path) == {"value": 0, "score": 0}


def test_own_posts_and_comments_cannot_be_voted_on(ann):
    post = ann.ask()
    for path in (f"/posts/{post}/vote", f"/comments/{ann.comment(post)}/vote"):
        refused = program_of(ann).put(path, {"value": 1})
        assert (refused.status_code, refused.json["code"]) == (403, "forbidden")


@pytest.mark.parametrize("value", [2, -2, "1", 1.0, True, None, 10**30])
def test_a_wrong_value_is_named(ann, bob, value):
    post = ann.ask()
    for path in (f"/posts/{post}/vote", f"/comments/{ann.comment(post)}/vote"):
        refused = program_of(bob).put(path, {"value": value})
        assert (refused.status_code, set(refused.json["errors"])) == (422, {"value"})


def test_comments_and_talk_can_only_be_voted_up(ann, bob):
    talk = ann.ask("Good morning to all", board="talk")
    assert program_of(bob).put(f"/comments/{ann.comment(talk)}/vote", {"value": -1}).status_code == 422
    assert program_of(bob).put(f"/posts/{talk}/vote", {"value": -1}).status_code == 403


def test_deleted_posts_and_comments_cannot_be_voted_on(ann, bob):
    post = ann.ask()
    comment = ann.comment(post)
    ann.post(f"/comments/{comment}/delete")
    program = program_of(bob)
    for call in (program.get, program.delete, lambda path: program.put(path, {"value": 1})):
        assert call(f"/comments/{comment}/vote").status_code == 404
    ann.post(f"/posts/{post}/delete")
    for call in (program.get, program.delete, lambda path: program.put(path, {"value": 1})):
        assert call(f"/posts/{post}/vote").status_code == 410


def test_votes_are_limited_as_on_pages(app, ann, bob):
    app.config["VOTE_LIMIT"] = "1 per minute"
    post, program = ann.ask(), program_of(bob)
    assert program.put(f"/posts/{post}/vote", {"value": 1}).status_code == 200
    assert program.delete(f"/posts/{post}/vote").status_code == 429
    assert program.put(f"/comments/{ann.comment(post)}/vote", {"value": 1}).status_code == 429
