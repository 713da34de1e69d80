"""JSON API of flags and of the moderators' queue."""

import pytest

from madang.moderation.models import REASONS

from .programs import Program, program_of

SPAM = {"reason": "spam"}


@pytest.fixture
def moderator(dan) -> Program:
    return program_of(dan)


@pytest.fixture
def subjects(ann) -> list[str]:
    question = ann.ask()
    return [f"posts/{question}", f"comments/{ann.comment(question)}"]


def test_setting_changing_and_deleting_a_flag(subjects, bob):
    program = program_of(bob)
    for subject in subjects:
        path = f"/{subject}/flag"
        assert program.get(path).status_code == 404
        first = program.put(path, SPAM)
        assert (first.status_code, first.json["reason"], first.json["note"]) == (200, "spam", "")
        second = program.put(path, {"reason": "attention", "note": "Look at the tone."}).json
        assert second == program.read(path) == {**first.json, "reason": "attention", "note": "Look at the tone."}
        for _twice in range(2):
            assert program.delete(path).status_code == 204
        assert program.get(path).status_code == 404


def test_flags_of_others_are_not_visible(subjects, bob, cho):
    for subject in subjects:
        program_of(bob).put(f"/{subject}/flag", SPAM)
        assert program_of(cho).get(f"/{subject}/flag").status_code == 404
        assert program_of(cho).delete(f"/{subject}/flag").status_code == 204
        assert program_of(bob).get(f"/{subject}/flag").status_code == 200


def test_own_content_cannot_be_flagged(subjects, ann):
    for subject in subjects:
        refused = program_of(ann).put(f"/{subject}/flag", SPAM)
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
def test_invalid_fields_are_named(subjects, bob, body, field):
    for subject in subjects:
        refused = program_of(bob).put(f"/{subject}/flag", body)
        assert (refused.status_code, set(refused.json["errors"])) == (422, {field})


def test_deleted_content_cannot_be_flagged_or_unflagged(ann, bob, subjects):
    post, comment = subjects
    program = program_of(bob)
    ann.post(f"/{comment}/delete")
    for call in (program.get, program.delete, lambda path: program.put(path, SPAM)):
        assert call(f"/{comment}/flag").status_code == 404
    ann.post(f"/{post}/delete")
    for call in (program.get, program.delete, lambda path: program.put(path, SPAM)):
        assert call(f"/{post}/flag").status_code == 410


def test_flags_are_rate_limited_as_on_pages(app, bob, subjects):
    app.config["FLAG_LIMIT"] = "1 per hour"
    program = program_of(bob)
    assert program.put(f"/{subjects[0]}/flag", SPAM).status_code == 200
    assert program.put(f"/{subjects[1]}/flag", SPAM).status_code == 429
    assert program.delete(f"/{subjects[0]}/flag").status_code == 204, "withdrawing is not limited"


def test_the_queue_has_flagged_content_with_reasons(ann, bob, cho, moderator, subjects):
    post, comment = subjects
    program_of(bob).put(f"/{comment}/flag", SPAM)
    program_of(bob).put(f"/{post}/flag", {"reason": "attention", "note": "Look at the tone."})
    program_of(cho).put(f"/{post}/flag", SPAM)
    first, second = moderator.walk("/admin/flags")
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


def test_an_answer_in_the_queue_has_its_questions_title(ann, bob, moderator):
    answer = bob.answer(ann.ask("How do I move a yard?"))
    program_of(ann).put(f"/posts/{answer}/flag", SPAM)
    (waiting,) = moderator.walk("/admin/flags")
    assert (waiting["post_id"], waiting["kind"], waiting["title"]) == (answer, "answer", "How do I move a yard?")


@pytest.mark.parametrize("verdict", ["upheld", "declined"])
def test_a_verdict_removes_content_from_the_queue(app, bob, moderator, subjects, verdict):
    for subject in subjects:
        program_of(bob).put(f"/{subject}/flag", SPAM)
        assert moderator.put(f"/admin/flags/{subject}/verdict", {"verdict": verdict}).status_code == 204
        assert program_of(bob).get(f"/{subject}/flag").status_code == 404
        again = moderator.put(f"/admin/flags/{subject}/verdict", {"verdict": verdict})
        assert (again.status_code, again.json["code"]) == (409, "conflict")
        assert Program(app).get(f"/{subject}").status_code == 200
    assert moderator.walk("/admin/flags") == []


def test_upheld_content_is_deleted_on_request(app, bob, moderator, subjects):
    post, comment = subjects
    for subject in (comment, post):
        program_of(bob).put(f"/{subject}/flag", SPAM)
        assert (
            moderator.put(f"/admin/flags/{subject}/verdict", {"verdict": "upheld", "delete": True}).status_code == 204
        )
    assert Program(app).get(f"/{comment}").status_code in (404, 410)
    assert Program(app).get(f"/{post}").status_code == 410


def test_invalid_verdicts_are_named(bob, moderator, subjects):
    for subject in subjects:
        program_of(bob).put(f"/{subject}/flag", SPAM)
        path = f"/admin/flags/{subject}/verdict"
        for body, field in (
            ({}, "verdict"),
            ({"verdict": "maybe"}, "verdict"),
            ({"verdict": "upheld", "delete": "yes"}, "delete"),
            ({"verdict": "declined", "delete": True}, "delete"),
        ):
            refused = moderator.put(path, body)
            assert (refused.status_code, set(refused.json["errors"])) == (422, {field})
    assert len(moderator.walk("/admin/flags")) == 2


def test_verdicts_on_missing_content_are_not_found(moderator):
    for subject in ("posts/999", "comments/999"):
        assert moderator.put(f"/admin/flags/{subject}/verdict", {"verdict": "upheld"}).status_code == 404


def test_every_reason_is_on_the_page(ann, bob):
    page = bob.page(f"/posts/{ann.ask()}/flags")
    assert all(f'value="{reason}"' in page for reason in REASONS)
