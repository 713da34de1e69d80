"""Race conditions: a request that changes the state between another request's check and its write."""

import re
import threading

import pytest

from madang.accounts.models import User
from madang.admin.operations import setup
from madang.admin.operations.counters import differences
from madang.comments.operations import writing as commenting
from madang.core.actor import COMMAND_LINE
from madang.core.db import db, transaction
from madang.core.site import make_setup_code, set_site
from madang.posts.models import Post
from madang.posts.operations import accepting, answering, deleting, editing
from madang.tags.queries.tags import get_tag
from madang.votes.operations import voting
from tests.people import PASSWORD

pytestmark = pytest.mark.each_database


@pytest.fixture
def between(monkeypatch):
    """A function that runs `act` in a thread of its own when `module.name` is first called."""
    all_threads = []

    def run_when_called(module, name, act, *, wait=30):
        original, threads = getattr(module, name), []
        all_threads.append(threads)

        def run_act_then_original(*args, **kwargs):
            if not threads:
                threads.append(threading.Thread(target=act))
                threads[0].start()
                threads[0].join(wait)
            return original(*args, **kwargs)

        monkeypatch.setattr(module, name, run_act_then_original)
        return threads

    yield run_when_called
    assert all(all_threads), "the function that should be interrupted was never called"


def _post(app, post_id):
    with app.app_context():
        return db.session.get(Post, post_id)


def test_an_answer_deleted_meanwhile_is_not_accepted(app, ann, bob, between):
    question = ann.ask()
    answer = bob.answer(question)
    between(accepting, "lock_row", lambda: bob.post(f"/posts/{answer}/delete"))
    assert ann.post(f"/posts/{answer}/accept", value=1).status_code == 404
    assert _post(app, question).accepted_answer_id is None


def test_a_question_deleted_meanwhile_accepts_no_answer(app, ann, bob, between):
    question = ann.ask()
    between(answering, "check_post", lambda: ann.post(f"/posts/{question}/delete"))
    assert bob.post(f"/posts/{question}/answers", body="Lift it gently and walk slowly.").status_code == 403
    assert _post(app, question).answer_count == 0


def test_a_question_answered_meanwhile_is_not_deleted(app, ann, bob, between):
    question = ann.ask()
    between(deleting, "_lock_thread", lambda: bob.answer(question))
    assert ann.post(f"/posts/{question}/delete").status_code == 409
    assert not _post(app, question).is_deleted


def test_a_post_deleted_meanwhile_is_not_edited(app, ann, dan, between):
    question = ann.ask(tags="yard")
    between(editing, "check_post", lambda: dan.post(f"/posts/{question}/delete"))
    words = {"title": "How do I move a yard?", "body": "Another text of this question.", "tags": "yard", "version": 1}
    assert ann.post(f"/posts/{question}/edit", **words).status_code == 410
    with app.app_context():
        assert get_tag("yard", COMMAND_LINE).post_count == 0


def test_a_comment_deleted_meanwhile_is_not_edited(app, ann, dan, between):
    question = ann.ask()
    comment = ann.comment(question, "It stood there.")
    between(commenting, "_check_body", lambda: dan.post(f"/comments/{comment}/delete"))
    assert ann.post(f"/comments/{comment}/edit", body="It stood here.").status_code == 404
    assert "It stood here." not in dan.page(f"/posts/{question}")


def test_a_post_deleted_meanwhile_accepts_no_vote(app, ann, bob, dan, between):
    question = ann.ask()
    between(voting, "lock_row", lambda: dan.post(f"/posts/{question}/delete"))
    assert bob.post(f"/posts/{question}/votes", value="1").status_code == 403
    with app.app_context():
        assert db.session.get(User, ann.id).reputation == 0


@pytest.fixture
def empty_site(app):
    """A site that is not set up yet; returns its setup code."""
    with app.app_context(), transaction() as session:
        for table in ("board_periods", "boards"):
            session.execute(Post.metadata.tables[table].delete())
        set_site(is_set_up="no")
        return make_setup_code()


def test_of_two_simultaneous_setups_one_succeeds(app, people, empty_site, between):
    people, answers = [people.visitor(), people.visitor()], []

    def set_up(number):
        person = people[number]
        fields = {"code": empty_site, "site_name": "Yard", "locale": "en", "email": f"ruth{number}@example.org"}
        fields |= {"username": f"ruth{number}", "password": PASSWORD, "password2": PASSWORD}
        answers.append(person.post("/setup", **fields).status_code)

    for person in people:
        person._token = re.search(r'name="csrf_token" value="([^"]+)"', person.page("/setup"))[1]
    threads = between(setup, "sign_up", lambda: set_up(1), wait=0.5)
    set_up(0)
    threads[0].join()
    assert sorted(answers) == [302, 409]


def test_a_post_deleted_meanwhile_accepts_no_comment(app, ann, bob, dan, between):
    question = ann.ask()
    between(commenting, "render_inline", lambda: dan.post(f"/posts/{question}/delete"))
    assert bob.post(f"/posts/{question}/comments", body="Which yard?").status_code == 403
    assert _post(app, question).comment_count == 0


@pytest.mark.parametrize("place", ["/posts/new", "/posts/{}/comments", "/posts/{}/answers"])
def test_many_simultaneous_writers_all_succeed(app, ann, people, place):
    path = place.format(ann.ask(tags="yard"))
    people = [people[f"person{number}"] for number in range(6)]
    barrier, answers = threading.Barrier(len(people)), []

    def write(person):
        barrier.wait()
        words = {"board": "qa", "title": f"A question of {person.username}", "tags": "yard new"}
        answers.append(person.post(path, body=f"What {person.username} has to say.", **words).status_code)

    threads = [threading.Thread(target=write, args=(person,)) for person in people if person.token]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == [302] * len(people)
    with app.app_context():
        assert list(differences()) == []
