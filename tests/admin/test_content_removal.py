"""Staff pages: deleting accounts."""

import pytest

from tests.accounts.mailbox import run_jobs
from tests.admin.helpers import staff_actions, suspend, user_of, wrong_counts

pytestmark = pytest.mark.each_database


def _delete(root, person, **fields):
    values = {"reason": "Sells watches", "content": "keep"}
    return root.post(f"/admin/users/{person.id}/delete", **{**values, **fields})


def test_the_page_shows_how_much_content_there_is(root, ann, bob):
    question = ann.ask()
    ann.comment(question, "One remark.")
    ann.comment(question, "Another remark.")
    ann.post(f"/posts/{bob.ask()}/votes", value="1")
    assert "1 post, 2 comments, 1 vote" in root.page(f"/admin/users/{ann.id}/delete")


def test_content_stays_under_deleted_user(app, root, ann, bob, visitor):
    question = ann.ask("What remains of this?")
    bob.answer(question)
    assert _delete(root, ann).status_code == 302
    page = visitor.page(f"/posts/{question}")
    assert "deleted user" in page and "/users/ann" not in page
    assert ann.get("/settings").status_code == 302
    visitor.page("/users/ann", 404)
    assert staff_actions(app) == [("delete_account", ann.id)]
    assert "ann" not in root.page("/admin/log").partition("<tbody>")[2].partition("</tbody>")[0]
    assert wrong_counts(app) == []


def test_content_and_votes_are_removed(app, root, ann, bob, cho, visitor):
    question_of_bob = bob.ask("A question that stays?")
    question = ann.ask("A question that goes?")
    bob.answer(question, "An answer under what goes.")
    answer = ann.answer(question_of_bob, "An answer that goes, with words.")
    remark = ann.comment(question_of_bob, "A remark that goes.")
    remaining_comment = bob.comment(question_of_bob, "A remark that stays.")
    bob.post(f"/posts/{question_of_bob}/accept", value=1)
    bob.post(f"/posts/{answer}/accept", value="1")
    ann.post(f"/posts/{question_of_bob}/votes", value="1")
    ann.post(f"/comments/{remaining_comment}/votes", value="1")
    before = user_of(app, "bob").reputation

    response = _delete(root, ann, content="remove")
    assert "/jobs/" in response.location
    run_jobs(app)
    visitor.page(f"/posts/{question}", 410)
    page = visitor.page(f"/posts/{question_of_bob}")
    assert "A remark that stays." in page and "A remark that goes." not in page
    assert "An answer that goes" not in page
    assert user_of(app, "bob").reputation == before - 10
    assert wrong_counts(app) == []
    assert [verb for verb, _id in staff_actions(app)] == ["delete_account"], "one action, one entry"
    assert remark
    root.page("/admin/log")


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [("reason", "", "Please give a short reason"), ("content", "burn", "Please choose what happens")],
)
def test_a_reason_and_a_choice_are_required(app, root, ann, visitor, field, value, sentence):
    refused = _delete(root, ann, **{field: value})
    assert refused.status_code == 422 and sentence in refused.text
    visitor.page("/users/ann")
    assert staff_actions(app) == []


def test_ones_own_account_cannot_be_deleted_here(root, people, ann):
    refused = _delete(root, root)
    assert refused.status_code == 409 and "This is your own account." in refused.text
    root.page("/users/ruth")


def test_only_administrators_can_delete(dan, ann, eve):
    assert _delete(dan, ann).status_code == 403
    assert _delete(eve, ann).status_code == 404
    ann.page("/users/ann")


def test_a_suspended_administrator_can_be_deleted(root, ann, app):
    fields = {"username": "ann", "display_name": "ann", "email": "ann@example.org", "role": "admin", "confirmed": "1"}
    root.post(f"/admin/users/{ann.id}", **fields)
    suspend(root, ann)
    assert _delete(root, ann).status_code == 302
