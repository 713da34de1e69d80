"""Flags by the API: one's own, and the moderators' queue."""

import pytest

from madang.moderation.models import REASONS

from .programs import Program, program_of

SPAM = {"reason": "spam"}


@pytest.fixture
def staff(dan) -> Program:
    return program_of(dan)


@pytest.fixture
def things(ann) -> list[str]:
    question = ann.ask()
    return [f"posts/{question}", f"comments/{ann.comment(question)}"]


def test_a_flag_is_given_changed_and_taken_back(things, bob):
    program = program_of(bob)
    for thing in things:
        path = f"/{thing}/flag"
        assert program.get(path).status_code == 404
        first = program.put(path, SPAM)
        assert (first.status_code, first.json["reason"], first.json["note"]) == (200, "spam", "")
        second = program.put(path, {"reason": "attention", "note": "Look at the tone."}).json
        assert second == program.read(path) == {**first.json, "reason": "attention", "note": "Look at the tone."}
        for _twice in range(2):
            assert program.delete(path).status_code == 204
        assert program.get(path).status_code == 404


def test_ones_flag_is_ones_own(things, bob, cho):
    for thing in things:
        program_of(bob).put(f"/{thing}/flag", SPAM)
        assert program_of(cho).get(f"/{thing}/flag").status_code == 404
        assert program_of(cho).delete(f"/{thing}/flag").status_code == 204
        assert program_of(bob).get(f"/{thing}/flag").status_code == 200


def test_nobody_flags_their_own(things, ann):
    for thing in things:
        refused = program_of(ann).put(f"/{thing}/flag", SPAM)
        assert (refused.status_code, refused.json["code"]) == (403, "forbidden")
        assert refused.json["detail"].startswith("You cannot flag what you wrote yourself.")


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "reason"),
        ({"reason": "boring"}, "reason"),
        ({"reason": None}, "reason"),
        ({"reason": "spam", "note": None}, "note"),
        ({"reason": "spam", "note": "x" * 501}, "note"),
        ({"reason": "attention"}, "note"),
        ({"reason": "attention", "note": " "}, "note"),
        ({"reason": "spam", "verdict": "upheld"}, "verdict"),
    ],
)
def test_what_is_wrong_is_named(things, bob, body, field):
    for thing in things:
        refused = program_of(bob).put(f"/{thing}/flag", body)
        assert (refused.status_code, set(refused.json["errors"])) == (422, {field})


def test_what_is_gone_is_not_flagged(ann, bob, things):
    post, comment = things
    program = program_of(bob)
    ann.post(f"/{comment}/delete")
    for call in (program.get, program.delete, lambda path: program.put(path, SPAM)):
        assert call(f"/{comment}/flag").status_code == 404
    ann.post(f"/{post}/delete")
    for call in (program.get, program.delete, lambda path: program.put(path, SPAM)):
        assert call(f"/{post}/flag").status_code == 410


def test_flags_are_limited_as_on_pages(app, bob, things):
    app.config["FLAG_LIMIT"] = "1 per hour"
    program = program_of(bob)
    assert program.put(f"/{things[0]}/flag", SPAM).status_code == 200
    assert program.put(f"/{things[1]}/flag", SPAM).status_code == 429
    assert program.delete(f"/{things[0]}/flag").status_code == 204, "taking back is free"


def test_the_queue_says_what_waits_and_why(ann, bob, cho, staff, things):
    post, comment = things
    program_of(bob).put(f"/{comment}/flag", SPAM)
    program_of(bob).put(f"/{post}/flag", {"reason": "attention", "note": "Look at the tone."})
    program_of(cho).put(f"/{post}/flag", SPAM)
    first, second = staff.walk("/admin/flags")
    assert (f"posts/{first['post_id']}", first["comment_id"]) == (post, None)
    assert (second["post_id"], f"comments/{second['comment_id']}") == (None, comment)
    assert first["on_post_id"] == second["on_post_id"] == first["post_id"]
    assert (first["kind"], second["kind"]) == ("question", "comment")
    assert first["title"] == second["title"] == "How do I move a yard?"
    assert second["excerpt"] == "Which yard do you mean?"
    assert first["author"]["username"] == second["author"]["username"] == "ann"
    assert (first["flag_count"], first["counts"]) == (2, {"attention": 1, "spam": 1})
    assert [(flag["flagger"]["username"], flag["reason"], flag["note"]) for flag in first["flags"]] == [
        ("cho", "spam", ""),
        ("bob", "attention", "Look at the tone."),
    ]
    assert first["flagged_at"] == first["flags"][0]["created_at"]
    assert first["is_deleted"] is False


def test_an_answer_has_its_questions_title(ann, bob, staff):
    answer = bob.answer(ann.ask("How do I move a yard?"))
    program_of(ann).put(f"/posts/{answer}/flag", SPAM)
    (waiting,) = staff.walk("/admin/flags")
    assert (waiting["post_id"], waiting["kind"], waiting["title"]) == (answer, "answer", "How do I move a yard?")


@pytest.mark.parametrize("verdict", ["upheld", "declined"])
def test_a_verdict_ends_the_waiting(app, bob, staff, things, verdict):
    for thing in things:
        program_of(bob).put(f"/{thing}/flag", SPAM)
        assert staff.put(f"/admin/flags/{thing}/verdict", {"verdict": verdict}).status_code == 204
        assert program_of(bob).get(f"/{thing}/flag").status_code == 404
        again = staff.put(f"/admin/flags/{thing}/verdict", {"verdict": verdict})
        assert (again.status_code, again.json["code"]) == (409, "conflict")
        assert Program(app).get(f"/{thing}").status_code == 200
    assert staff.walk("/admin/flags") == []


def test_what_is_upheld_is_deleted_where_that_is_wanted(app, bob, staff, things):
    post, comment = things
    for thing in (comment, post):
        program_of(bob).put(f"/{thing}/flag", SPAM)
        assert staff.put(f"/admin/flags/{thing}/verdict", {"verdict": "upheld", "delete": True}).status_code == 204
    assert Program(app).get(f"/{comment}").status_code in (404, 410)
    assert Program(app).get(f"/{post}").status_code == 410


def test_a_wrong_verdict_is_named(bob, staff, things):
    for thing in things:
        program_of(bob).put(f"/{thing}/flag", SPAM)
        path = f"/admin/flags/{thing}/verdict"
        for body, field in (
            ({}, "verdict"),
            ({"verdict": "maybe"}, "verdict"),
            ({"verdict": "upheld", "delete": "yes"}, "delete"),
            ({"verdict": "declined", "delete": True}, "delete"),
        ):
            refused = staff.put(path, body)
            assert (refused.status_code, set(refused.json["errors"])) == (422, {field})
    assert len(staff.walk("/admin/flags")) == 2


def test_there_is_nothing_to_decide_where_nothing_is(staff):
    for thing in ("posts/999", "comments/999"):
        assert staff.put(f"/admin/flags/{thing}/verdict", {"verdict": "upheld"}).status_code == 404


def test_every_reason_has_words_on_the_page(ann, bob):
    page = bob.page(f"/posts/{ann.ask()}/flags")
    assert all(f'value="{reason}"' in page for reason in REASONS)
