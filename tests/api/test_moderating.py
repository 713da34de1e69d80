"""Moderation of posts in the JSON API."""

from datetime import timedelta

import pytest

from madang.core.clock import at, now

from .programs import Program, program_of

BODIES = {"close": {"reason": "unclear"}, "board": {"board": "talk"}}
VERBS = [
    ("PUT", "restore"),
    ("PUT", "close"),
    ("DELETE", "close"),
    ("PUT", "lock"),
    ("DELETE", "lock"),
    ("PUT", "pin"),
    ("DELETE", "pin"),
    ("PUT", "board"),
]


@pytest.fixture
def staff(dan) -> Program:
    return program_of(dan)


def test_members_cannot_moderate(ann):
    question, member = ann.ask(), program_of(ann)
    for method, verb in VERBS:
        refused = member.call(method, f"/posts/{question}/{verb}", BODIES.get(verb) if method == "PUT" else None)
        assert (refused.status_code, refused.json["code"]) == (403, "forbidden"), f"{method} {verb}"


def test_unknown_posts_are_not_found(staff):
    for method, verb in VERBS:
        body = BODIES.get(verb) if method == "PUT" else None
        assert staff.call(method, f"/posts/999/{verb}", body).status_code == 404, f"{method} {verb}"


def test_a_question_is_closed_and_reopened(app, ann, bob, staff):
    question = ann.ask()
    closed = staff.put(f"/posts/{question}/close", {"reason": "off_topic"})
    assert (closed.status_code, closed.json["is_closed"], closed.json["close_reason"]) == (200, True, "off_topic")
    answer = program_of(bob).post(f"/posts/{question}/answers", {"body": "Lift it gently and walk."})
    assert answer.status_code == 403
    assert staff.delete(f"/posts/{question}/close").status_code == 204
    assert Program(app).read(f"/posts/{question}")["is_closed"] is False
    answer = program_of(bob).post(f"/posts/{question}/answers", {"body": "Lift it gently and walk."})
    assert answer.status_code == 201


def test_a_duplicate_names_its_original(app, ann, staff):
    question, original = ann.ask(), ann.ask("How does one carry a yard?")
    unrelated = ann.ask("How is a yard lost?")
    path = f"/posts/{question}/close"
    for other in (None, question, 10**12):
        refused = staff.put(path, {"reason": "duplicate", "duplicate_of": other})
        assert (refused.status_code, set(refused.json["errors"])) == (422, {"duplicate_of"})
    assert set(staff.put(path, {"reason": "boring"}).json["errors"]) == {"reason"}
    assert set(staff.put(path, {"reason": "duplicate", "duplicate_of": 2**70}).json["errors"]) == {"duplicate_of"}
    assert staff.put(path, {"reason": "duplicate", "duplicate_of": original}).status_code == 200
    links = Program(app).read(f"/posts/{question}/links")["items"]
    assert links == [{"id": original, "title": "How does one carry a yard?", "score": 0, "is_original": True}]
    assert links[0]["is_original"] is True  # and no 1, which would be equal
    backlinks = Program(app).read(f"/posts/{original}/links")["items"]
    assert [(link["id"], link["is_original"]) for link in backlinks] == [(question, False)]
    assert Program(app).read(f"/posts/{unrelated}/links")["items"] == []


def test_a_locked_post_accepts_no_changes(app, ann, bob, staff):
    question = ann.ask()
    answer = bob.answer(question)
    assert staff.put(f"/posts/{question}/lock").json["is_locked"] is True
    assert Program(app).read(f"/posts/{answer}")["is_locked"] is True
    assert program_of(ann).patch(f"/posts/{question}", {"title": "How do I move it?"}).status_code == 403
    assert program_of(bob).post(f"/posts/{question}/comments", {"body": "Words"}).status_code == 403
    assert staff.put(f"/posts/{answer}/lock").status_code == 422
    assert staff.delete(f"/posts/{question}/lock").status_code == 204
    assert program_of(bob).post(f"/posts/{question}/comments", {"body": "Words"}).status_code == 201


def test_a_post_is_pinned_to_its_board(app, ann, bob, staff):
    first, second = ann.ask(), ann.ask("Another question?")
    answer = bob.answer(first)
    reader = Program(app)
    assert reader.read("/boards/qa/pinned")["items"] == []
    assert staff.put(f"/posts/{first}/pin").json["is_pinned"] is True
    pinned = reader.read("/boards/qa/pinned")["items"]
    assert pinned == [post for post in reader.read("/posts?board=qa")["items"] if post["id"] == first]
    assert reader.read(f"/posts/{second}")["is_pinned"] is False
    assert staff.put(f"/posts/{answer}/pin").status_code == 422
    assert staff.delete(f"/posts/{first}/pin").status_code == 204
    assert reader.read("/boards/qa/pinned")["items"] == []
    assert reader.get("/boards/nowhere/pinned").status_code == 404


def test_a_post_is_moved_to_another_board(app, ann, bob, staff):
    question = ann.ask()
    path = f"/posts/{question}/board"
    for board in ("nowhere", "qa", ""):
        refused = staff.put(path, {"board": board})
        assert (refused.status_code, set(refused.json["errors"])) == (422, {"board"})
    moved = staff.put(path, {"board": "talk"})
    assert (moved.status_code, moved.json["board"], moved.json["kind"]) == (200, "talk", "talk")
    answered = ann.ask("Another question?")
    bob.answer(answered)
    assert staff.put(f"/posts/{answered}/board", {"board": "talk"}).status_code == 409


def test_a_deleted_post_is_restored(app, ann, bob, staff):
    question = ann.ask()
    program_of(ann).delete(f"/posts/{question}")
    assert program_of(bob).put(f"/posts/{question}/restore").status_code == 410
    for _twice in range(2):
        answer = staff.put(f"/posts/{question}/restore")
        assert (answer.status_code, answer.json["is_deleted"]) == (200, False)
    assert Program(app).get(f"/posts/{question}").status_code == 200


@pytest.mark.parametrize("kind", ["question", "answer", "comment"])
def test_an_author_undoes_a_deletion_for_some_minutes(ann, bob, staff, kind):
    """Whoever deleted their own; not others, not after ten minutes, not what a moderator deleted."""
    question = bob.ask() if kind != "question" else ann.ask()
    write = {"question": lambda number: number, "answer": ann.answer, "comment": ann.comment}[kind]
    path = f"/{'comments' if kind == 'comment' else 'posts'}/{write(question)}"
    author, other = program_of(ann), program_of(bob)
    tag = author.get(path).headers["ETag"]
    for _twice in range(2):
        assert author.delete(path).status_code == 204
        assert other.put(f"{path}/restore").status_code in (404, 410)
        assert author.put(f"{path}/restore", headers={"If-Match": tag}).status_code == 412
        restored = author.put(f"{path}/restore")
        assert (restored.status_code, restored.json["is_deleted"]) == (200, False)
        assert other.read(path)["is_deleted"] is False
    assert author.put(f"{path}/restore").status_code == 403, "nothing is left to undo"
    author.delete(path)
    with at(now() + timedelta(minutes=11)):
        assert program_of(ann).put(f"{path}/restore").status_code in (404, 410)
    for _twice in range(2):
        assert staff.put(f"{path}/restore").status_code == 200
    staff.delete(path)
    assert author.put(f"{path}/restore").status_code in (404, 410)


@pytest.mark.parametrize("way", ["page", "program"])
def test_an_answer_is_not_undone_below_a_deleted_question(ann, bob, staff, way):
    question = ann.ask()
    answer = bob.answer(question)
    bob.post(f"/posts/{answer}/delete")
    staff.delete(f"/posts/{question}")
    restore = bob.post if way == "page" else program_of(bob).put
    assert restore(f"/posts/{answer}/restore").status_code == 410
    staff.put(f"/posts/{question}/restore")
    assert restore(f"/posts/{answer}/restore").status_code in (200, 302)


def test_moderation_of_an_outdated_version_is_refused(ann, staff):
    question = ann.ask()
    tag = staff.get(f"/posts/{question}").headers["ETag"]
    program_of(ann).patch(f"/posts/{question}", {"title": "How do I move a garden?"})
    for method, verb in VERBS:
        body = BODIES.get(verb) if method == "PUT" else None
        answer = staff.call(method, f"/posts/{question}/{verb}", body, headers={"If-Match": tag})
        assert answer.status_code == 412, f"{method} {verb}"
