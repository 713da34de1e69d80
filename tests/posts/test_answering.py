"""Post and accept answers; order and addresses of answers."""

import re

from tests.people import BODY


def test_answering_redirects_to_the_answer(ann, bob):
    question = ann.ask()
    response = bob.post(f"/posts/{question}/answers", body="Lift it gently.")
    assert re.search(rf"^/posts/{question}/.*#answer-\d+$", response.location)
    assert "Lift it gently." in bob.follow(response)


def test_the_address_of_an_answer_redirects_to_its_question(ann, bob, visitor):
    question = ann.ask()
    answer = bob.answer(question)
    assert visitor.get(f"/posts/{answer}").location.endswith(f"#answer-{answer}")
    assert visitor.get(f"/questions/{question}").location == f"/posts/{question}"


def test_an_empty_answer_is_refused_on_the_page_of_the_question(ann, bob):
    response = bob.post(f"/posts/{ann.ask()}/answers", body="  \n ")
    assert response.status_code == 422
    assert "at least 2 characters" in response.text
    assert "How do I move a yard?" in response.text


def test_a_visitor_sees_a_login_link_instead_of_the_form(ann, visitor):
    question = ann.ask()
    page = visitor.page(f"/posts/{question}")
    assert f"/auth/login?next=/posts/{question}" in page
    assert "<textarea" not in page


def test_answers_are_sorted_by_votes_with_the_accepted_one_first(ann, bob, cho, dan, visitor):
    question = ann.ask()
    weak = bob.answer(question, "The first of the answers.")
    strong = cho.answer(question, "The second of the answers.")
    dan.post(f"/posts/{strong}/votes", value="1")
    assert _answer_ids(visitor, question) == [strong, weak]
    ann.post(f"/posts/{weak}/accept", value=1)
    assert _answer_ids(visitor, question) == [weak, strong]
    assert _answer_ids(visitor, question, "?sort=newest") == [strong, weak]
    assert _answer_ids(visitor, question, "?sort=oldest") == [weak, strong]


def _answer_ids(person, question, query=""):
    return [int(number) for number in re.findall(r'id="answer-(\d+)"', person.page(f"/posts/{question}{query}"))]


def test_the_thirty_first_answer_is_on_the_second_page(ann, bob, app):
    question = ann.ask()
    for number in range(30):
        bob.answer(question, f"This is answer number {number}.")
    response = bob.post(f"/posts/{question}/answers", body="This is the last of them all.")
    assert "?page=2#answer-" in response.location
    assert "This is the last of them all." in bob.follow(response)


def test_only_the_asker_accepts(ann, bob, eve, dan):
    answer = bob.answer(ann.ask())
    assert eve.post(f"/posts/{answer}/accept", value=1).status_code == 403
    assert dan.post(f"/posts/{answer}/accept", value=1).status_code == 403
    assert ann.post(f"/posts/{answer}/accept", value=1).status_code == 303


def test_accepting_another_answer_moves_the_reputation(ann, bob, cho):
    question = ann.ask()
    first, second = bob.answer(question), cho.answer(question, "Carry it by the corners.")
    ann.post(f"/posts/{first}/accept", value=1)
    assert bob.actor.reputation == 15
    ann.post(f"/posts/{second}/accept", value=1)
    assert (bob.actor.reputation, cho.actor.reputation) == (0, 15)
    ann.post(f"/posts/{second}/accept", value="0")
    assert cho.actor.reputation == 0


def test_accepting_ones_own_answer_gives_no_reputation(ann):
    answer = ann.answer(ann.ask())
    ann.post(f"/posts/{answer}/accept", value=1)
    assert ann.actor.reputation == 0


def test_only_questions_have_answers(ann, bob):
    talk = ann.ask("Just saying hello", board="talk")
    assert bob.post(f"/posts/{talk}/answers", body=BODY).status_code == 403
    answer = bob.answer(ann.ask())
    assert bob.post(f"/posts/{answer}/answers", body=BODY).status_code == 403


def test_a_question_has_a_canonical_address(ann, visitor):
    question = ann.ask("How do I move a yard?")
    page = visitor.page(f"/posts/{question}")
    assert f'<link rel="canonical" href="http://localhost/posts/{question}/how-do-i-move-a-yard">' in page


def test_the_author_card_shows_numbers_of_posts(ann, bob, visitor):
    question = ann.ask()
    answer = bob.answer(question)
    ann.ask("And how do I bring it back?")
    cards = re.findall(r'<div class="signed">.*?</div>', visitor.page(f"/posts/{question}"), re.DOTALL)
    assert "2 questions" in cards[0] and "answer" not in cards[0]
    assert "1 answer" in cards[1] and "accepted" not in cards[1]
    ann.post(f"/posts/{answer}/accept", value="1")
    assert "1 answer · 1 accepted" in visitor.page(f"/posts/{question}")
