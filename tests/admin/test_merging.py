"""Two accounts of one person become one."""

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
from tests.people import PASSWORD

from .managing import staff_actions, suspend, user_of, wrong_counts

pytestmark = pytest.mark.each_database


def _merge(root, gone, kept):
    return root.post(f"/admin/users/{gone.id}/merge", into=kept.username)


def _score(app, post_id: int) -> int:
    with app.app_context():
        return db.session.scalars(select(Post.score).where(Post.id == post_id)).one()


def test_the_page_says_what_will_happen(root, ann, bob):
    bob.ask()
    assert "For two accounts of one person." in root.page(f"/admin/users/{bob.id}/merge")
    page = root.page(f"/admin/users/{bob.id}/merge?into=Ann")
    assert "Merge @bob into @ann?" in page and "1 post, 0 comments, 0 votes" in page
    bob.page("/users/bob")


def test_what_one_wrote_is_the_others(app, root, ann, bob, cho, visitor):
    question = bob.ask("Who wrote this one?")
    answer = bob.answer(cho.ask("And who answers it?"), "The one who went away.")
    bob.comment(question, "A remark of the one who went.")
    cho.post(f"/posts/{answer}/votes", value="1")
    page = root.follow(_merge(root, bob, ann))
    assert "The two accounts are one: ann." in page
    run_jobs(app)
    shown = visitor.page(f"/posts/{question}")
    assert 'href="/users/ann"' in shown and 'href="/users/bob"' not in shown
    assert visitor.get("/users/bob").location.endswith("/users/ann")
    assert bob.get("/settings").status_code == 302
    kept = user_of(app, "ann")
    assert (kept.reputation, kept.question_count, kept.answer_count, kept.comment_count) == (10, 1, 1, 1)
    assert "Who wrote this one?" in visitor.page("/search?q=ann")
    assert "Who wrote this one?" not in visitor.page("/search?q=bob")
    assert staff_actions(app) == [("merge_accounts", ann.id)]
    assert wrong_counts(app) == []


@pytest.mark.parametrize(("first", "second"), [("1", "1"), ("1", "-1"), ("-1", "1")])
def test_who_voted_twice_has_voted_once(app, root, ann, bob, cho, first, second):
    question = cho.ask()
    remark = cho.comment(question, "Vote for this.")
    for person, value in ((ann, first), (bob, second)):
        person.post(f"/posts/{question}/votes", value=value)
        person.post(f"/comments/{remark}/votes", value="1")
    _merge(root, bob, ann)
    assert _score(app, question) == int(first), "the vote of the one that stays"
    assert user_of(app, "cho").reputation == (10 if first == "1" else -2)
    assert wrong_counts(app) == []


def test_nobody_has_voted_for_themselves(app, root, ann, bob, cho):
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


def test_the_same_words_of_both_at_once_are_no_hindrance(app, root, ann, bob, cho):
    question = cho.ask()
    for person in (ann, bob):
        person.answer(question, "The same words of both of us.")
        person.comment(question, "The same remark.")
        person.post("/posts/drafts", key="post", title="Not yet", body=f"of {person.username}")
    assert _merge(root, bob, ann).status_code == 302
    assert wrong_counts(app) == []
    assert "of ann" in ann.page("/posts/new")


def _write(person, to: str, body: str) -> int:
    written = person.post("/messages/new", to=to, body=body)
    assert written.status_code == 302, written.text
    return int(re.search(r"/messages/(\d+)", written.location)[1])


def test_conversations_move_and_count_right(app, root, ann, bob, cho, dan):
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


def test_the_only_conversation_with_somebody_goes_on(root, ann, bob, cho):
    talk = _write(cho, "bob", "To the one who goes.")
    _merge(root, bob, ann)
    assert _write(ann, "cho", "I am still here.") == talk


def test_blocks_hold_for_the_one_that_stays(app, root, ann, bob, cho):
    talk = _write(bob, "cho", "Hello again.")
    cho.post("/messages/blocks/bob")
    ann.post("/messages/blocks/bob")
    _merge(root, bob, ann)
    refused = ann.post(f"/messages/{talk}", body="And me?")
    assert refused.status_code == 422
    assert wrong_counts(app) == []


def test_todos_and_what_was_told_move(app, root, ann, bob, cho):
    question = cho.ask()
    for person in (ann, bob):
        person.post("/todos", title=f"Of {person.username}")
        person.post(f"/posts/{question}/todo", value="1")
    asked = bob.ask("Will I be told?")
    cho.answer(asked, "You will be told of this.")
    run_jobs(app)
    _merge(root, bob, ann)
    page = ann.page("/todos")
    assert "Of ann" in page and "Of bob" in page
    with app.app_context():
        saved = db.session.scalars(select(Todo.id).where(Todo.user_id == ann.id, Todo.link_id == question)).all()
    assert len(saved) == 1
    assert "Will I be told?" in ann.page("/notifications")
    assert wrong_counts(app) == []


def test_follows_move_and_count_right(app, root, ann, bob, cho, dan):
    cho.ask(tags="yard")
    of_bob = bob.ask("Does anybody follow me?")
    for person in (ann, bob):
        for thing in ("/users/dan", "/users/cho", "/tags/yard", "/boards/qa"):
            assert person.post(f"{thing}/follow").status_code == 302, thing
        cho.post(f"/users/{person.username}/follow")
    ann.post("/users/bob/follow")
    bob.post("/users/ann/follow")
    dan.post("/users/bob/follow")
    ann.post(f"/posts/{of_bob}/follow")
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


def test_an_imported_account_gets_its_owners_password(app, root, ann, bob, visitor):
    with app.app_context(), transaction() as session:
        empty = dict.fromkeys(("email", "email_key", "password_hash"))
        session.execute(update(User).where(User.id == ann.id).values(**empty))
    _merge(root, bob, ann)
    assert visitor.post("/auth/login", username="bob@example.org", password=PASSWORD).status_code == 302
    assert "@ann" in visitor.page("/users/ann")


def test_a_suspension_is_not_escaped_by_a_merge(root, ann, bob):
    suspend(root, bob)
    _merge(root, bob, ann)
    assert "Too loud at night" in ann.page("/")


@pytest.mark.parametrize(
    ("into", "sentence"), [("nobody", "There is nobody of this username."), ("bob", "another account than this one")]
)
def test_the_other_account_must_be_there(root, ann, bob, into, sentence):
    assert sentence in root.page(f"/admin/users/{bob.id}/merge?into={into}", 422)
    refused = root.post(f"/admin/users/{bob.id}/merge", into=into)
    assert refused.status_code == 422 and sentence in refused.text


def test_administrators_and_oneself_are_not_merged_away(root, ann):
    assert _merge(root, root, ann).status_code == 409
    fields = {"username": "ann", "display_name": "ann", "email": "ann@example.org", "role": "admin", "confirmed": "1"}
    root.post(f"/admin/users/{ann.id}", **fields)
    refused = _merge(root, ann, root)
    assert refused.status_code == 409 and "administers the site" in refused.text
