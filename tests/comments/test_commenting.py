"""Comments: one level of replies, in place or by a plain form."""

import re


def test_after_commenting_the_browser_stands_at_the_comment(ann, bob):
    question = ann.ask()
    response = bob.post(f"/posts/{question}/comments", body="Which *yard* do you mean?")
    assert re.search(r"#comment-\d+$", response.location)
    assert "Which <em>yard</em> do you mean?" in bob.follow(response)


def test_with_a_script_the_comments_come_back_alone(ann, bob):
    question = ann.ask()
    response = bob.htmx(f"/posts/{question}/comments", body="Which yard?")
    assert response.status_code == 200
    assert f'id="comments-{question}"' in response.text
    assert "<html" not in response.text
    assert "Which yard?" in response.text


def test_a_reply_stands_after_what_it_answers_and_a_reply_to_it_beside_it(ann, bob, cho, visitor):
    question = ann.ask()
    first = bob.comment(question, "The first remark.")
    cho.comment(question, "The second remark.")
    reply = ann.comment(question, "A reply to the first.", parent_id=str(first))
    bob.comment(question, "A reply to the reply.", parent_id=str(reply))
    page = visitor.page(f"/posts/{question}")
    order = ["The first remark.", "A reply to the first.", "A reply to the reply.", "The second remark."]
    assert sorted(order, key=page.index) == order
    assert page.count('class="comment reply"') == 2


def test_empty_and_too_long_comments_are_refused_and_kept(ann, bob):
    question = ann.ask()
    assert "needs some words" in bob.post(f"/posts/{question}/comments", body=" ").text
    long = "가" * 1001
    response = bob.post(f"/posts/{question}/comments", body=long)
    assert response.status_code == 422
    assert long in response.text


def test_a_reply_to_nothing_is_refused(ann, bob):
    question, other = ann.ask(), ann.ask("Another question?")
    elsewhere = bob.comment(other)
    for parent in ("999999", "abc", "99999999999999999999", str(elsewhere)):
        assert bob.post(f"/posts/{question}/comments", body="Hello?", parent_id=parent).status_code == 422


def test_the_author_edits_and_deletes_and_nobody_else(ann, bob, eve, visitor):
    question = ann.ask()
    comment = bob.comment(question, "A remark with a tpyo.")
    assert eve.post(f"/comments/{comment}/edit", body="Hacked.").status_code == 403
    assert eve.post(f"/comments/{comment}/delete").status_code == 403
    assert eve.get(f"/comments/{comment}/edit").status_code == 403
    bob.post(f"/comments/{comment}/edit", body="A remark without a typo.")
    assert "A remark without a typo." in visitor.page(f"/posts/{question}")
    assert "Delete this comment?" in bob.page(f"/comments/{comment}/delete")
    bob.post(f"/comments/{comment}/delete")
    assert "without a typo" not in visitor.page(f"/posts/{question}")
    assert bob.get(f"/comments/{comment}/edit").status_code == 404


def test_a_moderator_restores_a_comment(ann, bob, dan, visitor):
    question = ann.ask()
    comment = bob.comment(question, "Worth keeping after all.")
    dan.post(f"/comments/{comment}/delete")
    assert dan.post(f"/comments/{comment}/restore").status_code == 302
    assert "Worth keeping after all." in visitor.page(f"/posts/{question}")


def test_replies_stay_when_what_they_answer_is_deleted(ann, bob, visitor):
    question = ann.ask()
    first = bob.comment(question, "Soon gone.")
    ann.comment(question, "A reply that stays.", parent_id=str(first))
    bob.post(f"/comments/{first}/delete")
    assert "A reply that stays." in visitor.page(f"/posts/{question}")


def test_a_double_click_is_one_comment(ann, bob, visitor):
    question = ann.ask()
    assert bob.comment(question) == bob.comment(question)


def test_visitors_are_led_to_the_login(ann, visitor):
    response = visitor.post(f"/posts/{ann.ask()}/comments", body="Hello?")
    assert "/auth/login" in response.location
