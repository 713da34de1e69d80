"""JSON API of following and the feed."""

import pytest

from .programs import Program, program_of


@pytest.fixture
def post(ann) -> int:
    return ann.ask(tags="yard")


@pytest.mark.parametrize("path", ["/users/ann", "/tags/yard", "/boards/qa", "/posts/{post}"])
def test_following_and_unfollowing(bob, post, path):
    program, path = program_of(bob), f"{path.format(post=post)}/follow"
    assert program.read(path) == {"is_following": False}
    for _ in range(2):
        answer = program.put(path)
        assert (answer.status_code, answer.json) == (200, {"is_following": True})
    assert program.read(path) == {"is_following": True}
    for _ in range(2):
        assert program.delete(path).status_code == 204
    assert program.read(path) == {"is_following": False}


def test_nobody_follows_themselves_or_their_own_question(ann, post):
    program = program_of(ann)
    assert program.put("/users/ann/follow").status_code == 403
    assert program.put(f"/posts/{post}/follow").status_code == 403


@pytest.mark.parametrize("path", ["/users/nobody", "/tags/nothing", "/boards/nowhere", "/posts/999"])
def test_missing_subjects_are_not_found(bob, path):
    assert program_of(bob).put(f"{path}/follow").status_code == 404


def test_the_feed_has_reasons_and_pages(ann, bob, post):
    program = program_of(bob)
    program.put("/users/ann/follow")
    program.put("/tags/yard/follow")
    newer_post = ann.ask("What is a garden, after all?", tags="garden")
    pages = [program.read("/feed?limit=1")]
    pages.append(program.read(f"/feed?limit=1&cursor={pages[0]['next_cursor']}"))
    why = {"kind": "person", "name": "ann"}
    assert [(item["id"], item["why"]) for page in pages for item in page["items"]] == [(newer_post, why), (post, why)]
    assert pages[1]["next_cursor"] is None


def test_lists_are_paged_by_cursor(app, ann, bob, cho, dan):
    for person in (bob, cho, dan):
        program_of(person).put("/users/ann/follow")
    seen, cursor = [], ""
    while cursor is not None:
        page = Program(app).read(f"/users/ann/followers?limit=2&cursor={cursor}")
        seen += [item["username"] for item in page["items"]]
        cursor = page["next_cursor"]
    assert seen == ["dan", "cho", "bob"]
    assert [item["username"] for item in Program(app).read("/users/bob/following")["items"]] == ["ann"]


def test_followed_tags_and_questions_are_private(ann, bob, post):
    program = program_of(bob)
    program.put("/tags/yard/follow")
    program.put(f"/posts/{post}/follow")
    assert [item["word"] for item in program.read("/me/following?kind=tag")["items"]] == ["yard"]
    assert [item["id"] for item in program.read("/me/following?kind=question")["items"]] == [post]
    assert program_of(ann).read("/me/following?kind=tag")["items"] == []
    assert program.get("/me/following").json["errors"].keys() == {"kind"}
