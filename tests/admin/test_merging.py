"""Merging two accounts of one person."""

import re

import pytest
from sqlalchemy import select, update

from madang.accounts.models import User
from madang.core.db import db, transaction
from madang.following.models import Follow
from madang.messages.models import ConversationMember
from madang.posts.models import Post
from madang.todos.models import Todo
from madang.votes.models import PostVote
from tests.accounts.mailbox import run_jobs
from tests.admin.helpers import staff_actions, suspend, user_of, wrong_counts
from tests.people import PASSWORD

pytestmark = pytest.mark.each_database


def _merge(root, source, target):
    return root.post(f"/admin/users/{source.id}/merge", into=target.username)


def _score(app, post_id: int) -> int:
    with app.app_context():
        return db.session.scalars(select(Post.score).where(Post.id == post_id)).one()


def test_the_page_shows_the_effects_first(root, ann, bob):
    bob.ask()
    assert "For two accounts of one person." in root.page(f"/admin/users/{bob.id}/merge")
    page = root.page(f"/admin/users/{bob.id}/merge?into=Ann")
    assert "Merge @bob into @ann?" in page and "1 post, 0 comments, 0 votes" in page
    bob.page("/users/bob")


def test_content_moves_to_the_target(app, root, ann, bob, cho, visitor):
    question = bob.ask("Who wrote this one?")
    answer = bob.answer(cho.ask("And who answers it?"), "The one who went away.")
    bob.comment(question, "A remark of the one who went.")
    cho.post(f"/posts/{answer}/votes", value="1")
    page = root.follow(_merge(root, bob, ann))
    assert "The accounts have been merged into ann." in page
    run_jobs(app)
    page_html = visitor.page(f"/posts/{question}")
    assert 'href="/users/ann"' in page_html and 'href="/users/bob"' not in page_html
    assert visitor.get("/users/bob").location.endswith("/users/ann")
    assert bob.get("/settings").status_code == 302
    target = user_of(app, "ann")
    assert (target.reputation, target.question_count, target.answer_count, target.comment_count) == (10, 1, 1, 1)
    assert "Who wrote this one?" in visitor.page("/search?q=ann")
    assert "Who wrote this one?" not in visitor.page("/search?q=bob")
    assert staff_actions(app) == [("merge_accounts", ann.id)]
    assert wrong_counts(app) == []


@pytest.mark.parametrize(("first", "second"), [("1", "1"), ("1", "-1"), ("-1", "1")])
def test_two_votes_on_one_subject_become_one(app, root, ann, bob, cho, first, second):
    question = cho.ask()
    remark = cho.comment(question, "Vote for this.")
    for person, value in ((ann, first), (bob, second)):
        person.post(f"/posts/{question}/votes", value=value)
        person.post(f"/comments/{remark}/votes", value="1")
    _merge(root, bob, ann)
    assert _score(app, question) == int(first), "the vote of the target stays"
    assert user_of(app, "cho").reputation == (10 if first == "1" else -2)
    assert wrong_counts(app) == []


def test_votes_on_ones_own_posts_are_removed(app, root, ann, bob, cho):
    of_ann, of_bob, of_cho = ann.ask("Ann asks this?"), bob.ask("Bob asks this?"), cho.ask("Cho asks this?")
    ann.post(f"/posts/{of_bob}/votes", value="1")
    bob.post(f"/posts/{of_ann}/votes", value="1")
    bob.post(f"/posts/{of_cho}/votes", value="1")
    answer = bob.answer(of_ann, "An answer to what is my own question.")
    ann.post(f"/posts/{answer}/accept", value="1")
    _merge(root, bob, ann)
    assert [_score(app, post) for post in (of_ann, of_bob, of_cho)] == [0, 0, 1]
    assert user_of(app, "ann").reputation == 0
    assert user_of(app, "ann").accepted_count == 1
    with app.app_context():
        assert set(db.session.scalars(select(PostVote.user_id))) == {ann.id}
    assert wrong_counts(app) == []


def test_identical_posts_of_both_accounts_do_not_collide(app, root, ann, bob, cho):
    question = cho.ask()
    for person in (ann, bob):
        person.answer(question, "The same words of both of us.")
        person.comment(question, "The same remark.")
        person.post("/posts/drafts", key="post", title="Not yet", body=f"of {person.username}")
    assert _merge(root, bob, ann).status_code == 302
    assert wrong_counts(app) == []
    assert "of ann" in ann.page("/posts/new?draft=post")


def _write(person, to: str, body: str) -> int:
    response = person.post("/messages/new", to=to, body=body)
    assert response.status_code == 302, response.text
    return int(re.search(r"/messages/(\d+)", response.location)[1])


def test_conversations_move_and_counters_stay_correct(app, root, ann, bob, cho, dan):
    alone = _write(cho, "bob", "To the one who goes.")
    both = _write(cho, "ann", "To the one who stays.")
    group = _write(dan, "ann bob cho", "To all of you.")
    each_other = _write(bob, "ann", "To my other self.")
    _merge(root, bob, ann)
    assert wrong_counts(app) == []
    for number, words in ((alone, "one who goes"), (both, "one who stays"), (group, "all of you")):
        assert words in ann.page(f"/messages/{number}")
    assert "To my other self." in ann.page(f"/messages/{each_other}")
    ann.page("/messages")
    assert _write(cho, "ann", "And on it goes.") == both
    ann.post(f"/messages/{alone}", body="I answer here too.")
    assert "I answer here too." in cho.page(f"/messages/{alone}")
    assert wrong_counts(app) == []
    with app.app_context():
        assert bob.id not in set(db.session.scalars(select(ConversationMember.user_id)))


def test_a_conversation_of_the_source_is_continued_by_the_target(root, ann, bob, cho):
    conversation_id = _write(cho, "bob", "To the one who goes.")
    _merge(root, bob, ann)
    assert _write(ann, "cho", "I am still here.") == conversation_id


def test_blocks_apply_to_the_target(app, root, ann, bob, cho):
    conversation_id = _write(bob, "cho", "Hello again.")
    cho.post("/messages/blocks/bob")
    ann.post("/messages/blocks/bob")
    _merge(root, bob, ann)
    refused = ann.post(f"/messages/{conversation_id}", body="And me?")
    assert refused.status_code == 422
    assert wrong_counts(app) == []


def test_todos_and_notifications_move(app, root, ann, bob, cho):
    question = cho.ask()
    for person in (ann, bob):
        person.post("/todos", title=f"Of {person.username}")
        person.post(f"/posts/{question}/todo", value="1")
    question_of_bob = bob.ask("Will I be told?")
    cho.answer(question_of_bob, "You will be told of this.")
    run_jobs(app)
    _merge(root, bob, ann)
    page = ann.page("/todos")
    assert "Of ann" in page and "Of bob" in page
    with app.app_context():
        saved = db.session.scalars(select(Todo.id).where(Todo.user_id == ann.id, Todo.link_id == question)).all()
    assert len(saved) == 1
    assert "Will I be told?" in ann.page("/notifications")
    assert wrong_counts(app) == []


def test_follows_move_and_counters_stay_correct(app, root, ann, bob, cho, dan):
    cho.ask(tags="yard")
    of_bob = bob.ask("Does anybody follow me?")
    for person in (ann, bob):
        for path in ("/users/dan", "/users/cho", "/tags/yard", "/boards/qa"):
            assert person.post(f"{path}/follow", value=1).status_code == 302, path
        cho.post(f"/users/{person.username}/follow", value=1)
    ann.post("/users/bob/follow", value=1)
    bob.post("/users/ann/follow", value=1)
    dan.post("/users/bob/follow", value=1)
    ann.post(f"/posts/{of_bob}/follow", value=1)
    run_jobs(app)
    _merge(root, bob, ann)
    assert wrong_counts(app) == []
    with app.app_context():
        mine = select(Follow.kind, Follow.target_id).where(Follow.follower_id == ann.id)
        kinds = sorted(row.kind for row in db.session.execute(mine))
        followers = set(
            db.session.scalars(select(Follow.follower_id).where(Follow.kind == "person", Follow.target_id == ann.id))
        )
    assert kinds == ["board", "person", "person", "tag"]
    assert followers == {cho.id, dan.id}
    assert "Does anybody follow me?" in dan.page("/feed")


def test_an_imported_target_gets_the_credentials_of_the_source(app, root, ann, bob, visitor):
    with app.app_context(), transaction() as session:
        empty = dict.fromkeys(("email", "email_key", "password_hash"))
        session.execute(update(User).where(User.id == ann.id).values(**empty))
    _merge(root, bob, ann)
    assert visitor.post("/auth/login", username="bob@example.org", password=PASSWORD).status_code == 302
    assert "@ann" in visitor.page("/users/ann")


def test_a_suspension_moves_to_the_target(root, ann, bob):
    suspend(root, bob)
    _merge(root, bob, ann)
    assert "Too loud at night" in ann.page("/")


@pytest.mark.parametrize(
    ("into", "sentence"), [("nobody", "No one has this username."), ("bob", "choose a different account")]
)
def test_the_target_must_exist_and_differ(root, ann, bob, into, sentence):
    assert sentence in root.page(f"/admin/users/{bob.id}/merge?into={into}", 422)
    refused = root.post(f"/admin/users/{bob.id}/merge", into=into)
    assert refused.status_code == 422 and sentence in refused.text


def test_administrators_and_ones_own_account_cannot_be_merged(root, ann):
    assert _merge(root, root, ann).status_code == 409
    fields = {"username": "ann", "display_name": "ann", "email": "ann@example.org", "role": "admin", "confirmed": "1"}
    root.post(f"/admin/users/{ann.id}", **fields)
    refused = _merge(root, ann, root)
    assert refused.status_code == 409 and "is an administrator" in refused.text
