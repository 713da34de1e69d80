"""Answering, accepting, and where the browser stands afterwards."""

import re

from tests.people import BODY


def test_after_answering_the_browser_stands_at_the_answer(ann, bob):
    question = ann.ask()
    response = bob.post(f"/posts/{question}/answers", body="Lift it gently.")
    assert re.search(rf"^/posts/{question}/.*#answer-\d+$", response.location)
    assert "Lift it gently." in bob.follow(response)


def test_the_address_of_an_answer_leads_to_its_question(ann, bob, visitor):
    question = ann.ask()
    answer = bob.answer(question)
    assert visitor.get(f"/posts/{answer}").location.endswith(f"#answer-{answer}")
    assert visitor.get(f"/questions/{question}").location == f"/posts/{question}"


def test_an_empty_answer_is_refused_and_the_page_stays(ann, bob):
    response = bob.post(f"/posts/{ann.ask()}/answers", body="  \n ")
    assert response.status_code == 422
    assert "at least 10 characters" in response.text
    assert "How do I move a yard?" in response.text


def test_a_visitor_sees_where_to_log_in_instead_of_the_box(ann, visitor):
    question = ann.ask()
    page = visitor.page(f"/posts/{question}")
    assert f"/auth/login?next=/posts/{question}" in page
    assert "<textarea" not in page


def test_answers_stand_by_votes_and_the_accepted_one_first(ann, bob, cho, dan, visitor):
    question = ann.ask()
    weak = bob.answer(question, "The first of the answers.")
    strong = cho.answer(question, "The second of the answers.")
    dan.post(f"/posts/{strong}/votes", value="1")
    assert _order(visitor, question) == [strong, weak]
    ann.post(f"/posts/{weak}/accept")
    assert _order(visitor, question) == [weak, strong]
    assert _order(visitor, question, "?sort=newest") == [strong, weak]
    assert _order(visitor, question, "?sort=oldest") == [weak, strong]


def _order(person, question, query=""):
    return [int(number) for number in re.findall(r'id="answer-(\d+)"', person.page(f"/posts/{question}{query}"))]


def test_the_thirty_first_answer_stands_on_the_second_page(ann, bob, app):
    question = ann.ask()
    for number in range(30):
        bob.answer(question, f"This is answer number {number}.")
    response = bob.post(f"/posts/{question}/answers", body="This is the last of them all.")
    assert "?page=2#answer-" in response.location
    assert "This is the last of them all." in bob.follow(response)


def test_only_the_asker_accepts(ann, bob, eve, dan):
    answer = bob.answer(ann.ask())
    assert eve.post(f"/posts/{answer}/accept").status_code == 403
    assert dan.post(f"/posts/{answer}/accept").status_code == 403
    assert ann.post(f"/posts/{answer}/accept").status_code == 303


def test_accepting_moves_the_mark_and_the_reputation_with_it(ann, bob, cho):
    question = ann.ask()
    first, second = bob.answer(question), cho.answer(question, "Carry it by the corners.")
    ann.post(f"/posts/{first}/accept")
    assert bob.actor.reputation == 15
    ann.post(f"/posts/{second}/accept")
    assert (bob.actor.reputation, cho.actor.reputation) == (0, 15)
    ann.post(f"/posts/{second}/accept", value="0")
    assert cho.actor.reputation == 0


def test_accepting_ones_own_answer_gives_no_reputation(ann):
    answer = ann.answer(ann.ask())
    ann.post(f"/posts/{answer}/accept")
    assert ann.actor.reputation == 0


def test_only_questions_have_answers(ann, bob):
    talk = ann.ask("Just saying hello", board="talk")
    assert bob.post(f"/posts/{talk}/answers", body=BODY).status_code == 403
    answer = bob.answer(ann.ask())
    assert bob.post(f"/posts/{answer}/answers", body=BODY).status_code == 403


def test_a_question_names_its_one_true_address(ann, visitor):
    question = ann.ask("How do I move a yard?")
    page = visitor.page(f"/posts/{question}")
    assert f'<link rel="canonical" href="http://localhost/posts/{question}/how-do-i-move-a-yard">' in page


def test_the_card_of_an_author_counts_what_they_did(ann, bob, visitor):
    question = ann.ask()
    answer = bob.answer(question)
    ann.ask("And how do I bring it back?")
    cards = re.findall(r'<div class="signed">.*?</div>', visitor.page(f"/posts/{question}"), re.DOTALL)
    assert "2 questions" in cards[0] and "answer" not in cards[0]
    assert "1 answer" in cards[1] and "accepted" not in cards[1]
    ann.post(f"/posts/{answer}/accept", value="1")
    assert "1 answer · 1 accepted" in visitor.page(f"/posts/{question}")
