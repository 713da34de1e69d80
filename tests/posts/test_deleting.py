"""Delete posts after a confirmation; moderators restore them, others get 410."""

import re
from datetime import timedelta

import pytest

from madang.core.clock import at, now
from tests.api.programs import program_of
from tests.people import PASSWORD


def test_deleting_asks_for_confirmation_and_hides_the_post(ann, visitor):
    question = ann.ask()
    assert "Delete this post?" in ann.page(f"/posts/{question}/delete")
    assert ann.post(f"/posts/{question}/delete").status_code == 302
    assert "has been deleted" in visitor.page(f"/posts/{question}", 410)
    assert "How do I move a yard?" not in visitor.page("/questions")


def test_unknown_addresses_are_not_found(visitor):
    for address in (
        "/posts/999999",
        "/posts/99999999999999999999",
        "/posts/0",
        "/boards/none",
        "/tags/none",
        "/nothing",
    ):
        assert visitor.get(address).status_code == 404, address


def test_the_author_cannot_delete_a_question_with_answers(ann, bob):
    question = ann.ask()
    bob.answer(question)
    response = ann.post(f"/posts/{question}/delete")
    assert response.status_code == 409
    assert "Others have answered this question." in response.text


def test_the_author_deletes_a_question_whose_answers_are_all_their_own(ann, bob, dan, visitor):
    """Deleted answers do not count; those of others do, also of deleted accounts."""
    question = ann.ask()
    own, other = ann.answer(question), bob.answer(question)
    link = f'href="/posts/{question}/delete"'
    assert link not in ann.page(f"/posts/{question}")
    assert ann.get(f"/posts/{question}/delete").location == f"/posts/{question}/deletion-request"
    bob.post("/settings/leave/delete", current_password=PASSWORD)
    assert ann.post(f"/posts/{question}/delete").status_code == 409
    dan.post(f"/posts/{other}/delete")
    assert link in ann.page(f"/posts/{question}")
    assert "Delete this post?" in ann.page(f"/posts/{question}/delete")
    assert ann.post(f"/posts/{question}/delete").status_code == 302
    for post in (question, own):
        visitor.page(f"/posts/{post}", 410)
    assert ann.post(f"/posts/{question}/restore").status_code == 302
    assert "Lift it gently" in visitor.page(f"/posts/{question}")


def test_answers_of_others_on_another_page_count_too(ann, bob, monkeypatch):
    monkeypatch.setattr("madang.posts.views.reading.ANSWERS_PER_PAGE", 1)
    monkeypatch.setattr("madang.posts.queries.answers.ANSWERS_PER_PAGE", 1)
    question = ann.ask()
    ann.answer(question)
    bob.answer(question, "The other way round, of course.")
    for page in (1, 2):
        shown = ann.page(f"/posts/{question}?sort=oldest&page={page}")
        assert "deletion-request" in shown and f'href="/posts/{question}/delete"' not in shown


def test_programs_delete_a_question_by_the_same_rule(ann, bob):
    question, program = ann.ask(), program_of(ann)
    answer = bob.answer(question)
    assert program.delete(f"/posts/{question}").status_code == 409
    bob.post(f"/posts/{answer}/delete")
    ann.answer(question, "I found out by myself.")
    assert program.delete(f"/posts/{question}").status_code == 204


def test_others_cannot_delete(ann, eve, visitor):
    question = ann.ask()
    assert eve.post(f"/posts/{question}/delete").status_code == 403
    assert eve.get(f"/posts/{question}/delete").status_code == 403
    visitor.page(f"/posts/{question}")


def test_a_moderator_sees_and_restores_a_deleted_post(ann, bob, dan, visitor):
    question = ann.ask(tags="flask")
    ann.post(f"/posts/{question}/delete")
    assert "only moderators see this" in dan.page(f"/posts/{question}")
    assert bob.post(f"/posts/{question}/restore").status_code == 410
    assert dan.post(f"/posts/{question}/restore").status_code == 302
    visitor.page(f"/posts/{question}")
    assert visitor.page("/questions?tag=flask").count('class="row"') == 1


@pytest.mark.parametrize("kind", ["question", "answer", "comment"])
def test_a_deletion_says_so_and_can_be_undone_for_some_minutes(ann, bob, dan, kind):
    """By whoever deleted their own; not by others, not after ten minutes, not what a moderator deleted."""
    question = bob.ask(tags="flask") if kind != "question" else ann.ask(tags="flask")
    write = {"question": lambda number: number, "answer": ann.answer, "comment": ann.comment}[kind]
    path = f"/{'comments' if kind == 'comment' else 'posts'}/{write(question)}"
    page = ann.follow(ann.post(f"{path}/delete"))
    assert "has been deleted." in page and f'action="{path}/restore"' in page and "Undo" in page
    assert bob.post(f"{path}/restore").status_code in (404, 410)
    restored = ann.post(f"{path}/restore")
    assert restored.status_code == 302
    assert "It has been restored." in ann.follow(restored)
    ann.post(f"{path}/delete")
    with at(now() + timedelta(minutes=11)):
        assert ann.post(f"{path}/restore").status_code in (404, 410)
    assert dan.post(f"{path}/restore").status_code == 302
    assert f'action="{path}/restore"' in dan.follow(dan.post(f"{path}/delete"))
    assert ann.post(f"{path}/restore").status_code in (404, 410)


@pytest.mark.parametrize("kind", ["question", "post"])
def test_moderators_can_only_restore_a_deleted_post(ann, dan, kind):
    number = ann.ask() if kind == "question" else ann.ask(board="talk")
    ann.post(f"/posts/{number}/delete")
    page = dan.page(f"/posts/{number}")
    paths = set(re.findall(rf'(?:action|href)="/posts/{number}/(\w[\w-]*)"', page))
    assert paths == {"restore"}


def test_moderators_see_who_deleted_a_post_and_when(ann, dan):
    dan.post("/settings", display_name="Dan of the well", bio="", website="", location="")
    own, other = ann.ask(), ann.ask("Where is the well?")
    ann.post(f"/posts/{own}/delete")
    dan.post(f"/posts/{other}/delete")
    for number, name in ((own, "ann"), (other, "Dan of the well")):
        assert re.search(rf"Deleted by {name}, \w+ \d+, \d{{4}} at \d+:\d\d", dan.page(f"/posts/{number}"))


def test_deleting_an_accepted_answer_withdraws_its_acceptance_and_reputation(ann, bob, visitor):
    question = ann.ask()
    answer = bob.answer(question)
    ann.post(f"/posts/{answer}/accept", value=1)
    bob.post(f"/posts/{answer}/delete")
    assert bob.actor.reputation == 0
    page = visitor.page("/questions")
    assert "solved" not in page
    assert "1 answer" not in visitor.page(f"/posts/{question}")


def test_an_answer_of_a_deleted_question_is_gone_too(ann, bob, dan, visitor):
    question = ann.ask()
    answer = bob.answer(question)
    dan.post(f"/posts/{question}/delete")
    assert visitor.get(f"/posts/{answer}").status_code == 410
    assert bob.post(f"/posts/{answer}/comments", body="Where did it go?").status_code == 410
    assert bob.post(f"/posts/{answer}/votes", value="1").status_code == 410
