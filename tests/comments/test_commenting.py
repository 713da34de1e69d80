"""Comments and their replies, with and without JavaScript."""

import re

import pytest

from madang.comments.queries import INITIAL_COMMENT_COUNT

from .threads import comment_ids, post_comments

pytestmark = pytest.mark.each_database
SHOW_ALL = re.compile(r"Show all [\d,]+ comments")


def test_commenting_redirects_to_the_comment(ann, bob):
    question = ann.ask()
    response = bob.post(f"/posts/{question}/comments", body="Which *yard* do you mean?")
    assert re.search(r"#comment-\d+$", response.location)
    assert "Which <em>yard</em> do you mean?" in bob.follow(response)


def test_htmx_gets_the_comments_as_a_fragment(ann, bob):
    question = ann.ask()
    response = bob.htmx(f"/posts/{question}/comments", body="Which yard?")
    assert response.status_code == 200
    assert f'id="comments-{question}"' in response.text
    assert "<html" not in response.text
    assert "Which yard?" in response.text


def test_replies_follow_their_comment_on_one_level(ann, bob, cho, visitor):
    question = ann.ask()
    first = bob.comment(question, "The first remark.")
    cho.comment(question, "The second remark.")
    reply = ann.comment(question, "A reply to the first.", parent_id=str(first))
    bob.comment(question, "A reply to the reply.", parent_id=str(reply))
    page = visitor.page(f"/posts/{question}")
    order = ["The first remark.", "A reply to the first.", "A reply to the reply.", "The second remark."]
    assert sorted(order, key=page.index) == order
    assert page.count('class="comment reply"') == 2


def test_empty_and_too_long_comments_are_refused_and_shown_again(ann, bob):
    question = ann.ask()
    assert "Please write a comment" in bob.post(f"/posts/{question}/comments", body=" ").text
    long = "가" * 1001
    response = bob.post(f"/posts/{question}/comments", body=long)
    assert response.status_code == 422
    assert long in response.text


def test_a_reply_to_an_unknown_comment_is_refused(ann, bob):
    question, other = ann.ask(), ann.ask("Another question?")
    elsewhere = bob.comment(other)
    for parent in ("999999", "abc", "99999999999999999999", str(elsewhere)):
        assert bob.post(f"/posts/{question}/comments", body="Hello?", parent_id=parent).status_code == 422


def test_only_the_author_edits_and_deletes(ann, bob, eve, visitor):
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


def test_replies_stay_when_their_comment_is_deleted(ann, bob, visitor):
    question = ann.ask()
    first = bob.comment(question, "Soon gone.")
    ann.comment(question, "A reply that stays.", parent_id=str(first))
    bob.post(f"/comments/{first}/delete")
    assert "A reply that stays." in visitor.page(f"/posts/{question}")


def test_a_double_click_is_one_comment(ann, bob, visitor):
    question = ann.ask()
    assert bob.comment(question) == bob.comment(question)


def test_visitors_are_redirected_to_the_login(ann, visitor):
    response = visitor.post(f"/posts/{ann.ask()}/comments", body="Hello?")
    assert "/auth/login" in response.location


@pytest.mark.parametrize("count", [INITIAL_COMMENT_COUNT, INITIAL_COMMENT_COUNT + 1])
def test_the_first_comments_are_shown_and_the_rest_on_request(app, ann, bob, visitor, count):
    answer = bob.answer(question := ann.ask())
    under_answer, under_question = post_comments(app, bob, answer, count), post_comments(app, bob, question, 3)
    page = visitor.page(f"/posts/{question}")
    assert comment_ids(page) == under_question + under_answer[:INITIAL_COMMENT_COUNT]
    if count == INITIAL_COMMENT_COUNT:
        assert not SHOW_ALL.search(page)
        return
    assert f'href="/posts/{answer}/comments"' in page and f"Show all {count} comments" in page
    whole = visitor.get(f"/posts/{answer}/comments")
    assert whole.location.endswith(f"?comments={answer}#comments-{answer}")
    page = visitor.follow(whole)
    assert comment_ids(page) == under_question + under_answer
    assert not SHOW_ALL.search(page)
    piece = visitor.get(f"/posts/{answer}/comments", headers={"HX-Request": "true"}).text
    assert comment_ids(piece) == under_answer
    assert "<html" not in piece and not SHOW_ALL.search(piece)


def test_the_address_of_a_collapsed_comment_expands_the_comments(app, ann, bob, visitor):
    question = ann.ask()
    numbers = post_comments(app, bob, question, INITIAL_COMMENT_COUNT + 5)
    assert "comments=" not in visitor.get(f"/comments/{numbers[0]}").location
    assert "comments=" not in visitor.get(f"/comments/{numbers[INITIAL_COMMENT_COUNT - 1]}").location
    collapsed = visitor.get(f"/comments/{numbers[INITIAL_COMMENT_COUNT]}")
    assert collapsed.location.endswith(f"?comments={question}#comment-{numbers[INITIAL_COMMENT_COUNT]}")
    assert numbers[INITIAL_COMMENT_COUNT] in comment_ids(visitor.follow(collapsed))
    comments = ann.post(f"/posts/{question}/comments", body="The last one, I hope.")
    assert "The last one, I hope." in ann.follow(comments)
    assert f'href="/comments/{numbers[-1]}"' in visitor.page("/users/bob?tab=comments")


def test_a_comment_in_place_leaves_the_others_collapsed(app, ann, bob):
    question = ann.ask()
    numbers = post_comments(app, bob, question, INITIAL_COMMENT_COUNT + 5)
    assert 'name="is_cut"' in ann.page(f"/posts/{question}")
    piece = ann.htmx(f"/posts/{question}/comments", body="The last one, I hope.", is_cut="1").text
    *shown, new = comment_ids(piece)
    assert shown == numbers[:INITIAL_COMMENT_COUNT] and new not in numbers
    assert f"Show all {INITIAL_COMMENT_COUNT + 6} comments" in piece and 'name="is_cut"' in piece
    reply = bob.htmx(f"/posts/{question}/comments", body="I hope so too.", parent_id=str(new), is_cut="1").text
    assert comment_ids(reply)[:-1] == [*shown, new]
    whole = ann.htmx(f"/posts/{question}/comments", body="One more, where all are expanded.").text
    assert "Show all" not in whole and 'name="is_cut"' not in whole
    assert len(comment_ids(whole)) == INITIAL_COMMENT_COUNT + 8


@pytest.mark.parametrize("value", ["x", "-1", "9" * 30, "", "%00"])
def test_an_invalid_parameter_expands_no_comments(app, ann, bob, visitor, value):
    question = ann.ask()
    post_comments(app, bob, question, INITIAL_COMMENT_COUNT + 1)
    assert "Show all" in visitor.page(f"/posts/{question}?comments={value}")


def test_comments_of_hidden_posts_are_hidden(ann, bob, dan, visitor):
    question = ann.ask()
    bob.comment(question)
    dan.post(f"/posts/{question}/delete")
    visitor.page(f"/posts/{question}/comments", 410)
    visitor.page("/posts/999999/comments", 404)
