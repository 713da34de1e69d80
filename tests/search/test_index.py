"""Updates of the search index after each change, and its rebuild."""

import pytest
from sqlalchemy import delete

from madang.accounts.events import UserDeleted, UserRenamed
from madang.accounts.models import User
from madang.cli import cli
from madang.core.clock import now
from madang.core.db import db, transaction
from madang.core.events import emit
from madang.core.queue import run_due
from madang.search.jobs import rebuild_index
from madang.search.models import SearchDocument
from tests.search.test_searching import results_of

pytestmark = pytest.mark.each_database


def hits(person, word, kind=""):
    return results_of(person.page(f"/search?q={word}&kind={kind}")).count('class="hit"')


def test_an_edited_post_matches_its_new_text_only(ann, visitor):
    question = ann.ask("A title with pebbles", body="A body that names the heron.")
    ann.post(f"/posts/{question}/edit", title="A title with lanterns", body="A body that names the magpie.", version=1)
    assert (hits(visitor, "pebbles"), hits(visitor, "heron")) == (0, 0)
    assert (hits(visitor, "lanterns"), hits(visitor, "magpie")) == (1, 1)


def test_answers_and_comments_are_hidden_and_restored_with_their_question(ann, bob, cho, dan, visitor):
    question = ann.ask("A heron in the yard")
    answer = bob.answer(question, body="Herons eat fish; leave the heron alone.")
    cho.comment(question, body="What a heron!")
    cho.comment(answer, body="Which heron do you mean?")
    assert hits(visitor, "heron") == 4
    dan.post(f"/posts/{question}/delete")
    assert (hits(visitor, "heron"), hits(dan, "heron")) == (0, 0)
    dan.post(f"/posts/{question}/restore")
    assert hits(visitor, "heron") == 4


def test_restoring_a_question_does_not_restore_a_deleted_answer(ann, bob, dan, visitor):
    question = ann.ask("A heron in the yard")
    answer = bob.answer(question, body="Herons eat fish; leave the heron alone.")
    dan.post(f"/posts/{answer}/delete")
    dan.post(f"/posts/{question}/delete")
    dan.post(f"/posts/{question}/restore")
    assert hits(visitor, "heron") == 1


def test_comments_are_hidden_with_their_answer(ann, bob, cho, visitor):
    answer = bob.answer(ann.ask(), body="The magpie knows everything about it.")
    cho.comment(answer, body="Which magpie?")
    bob.post(f"/posts/{answer}/delete")
    assert hits(visitor, "magpie") == 0


def test_changes_of_comments_are_indexed(ann, dan, visitor):
    comment = ann.comment(ann.ask(), body="A squeaky gate")
    ann.post(f"/comments/{comment}/edit", body="A silent gate")
    assert (hits(visitor, "squeaky"), hits(visitor, "silent")) == (0, 1)
    ann.post(f"/comments/{comment}/delete")
    assert hits(visitor, "silent") == 0
    dan.post(f"/comments/{comment}/restore")
    assert hits(visitor, "silent", "comment") == 1


def test_a_moved_question_matches_its_new_kind(app, ann, dan, visitor):
    question = ann.ask("A heron in the yard")
    dan.post(f"/posts/{question}/move", board="talk")
    assert (hits(visitor, "heron", "question"), hits(visitor, "heron", "talk")) == (0, 1)


def test_a_new_name_replaces_the_old_one(app, ann, visitor):
    ann.comment(ann.ask("A yard of her own"), body="So it is.")
    with app.app_context(), transaction():
        db.session.get_one(User, ann.id).display_name = "조민수"
        db.session.flush()
        emit(UserRenamed(ann.id))
    assert hits(visitor, "민수") == 2
    assert "조민수" in visitor.page("/search?q=조민").partition('class="people"')[2]


def test_a_deleted_account_is_not_found_by_name(app, ann, visitor):
    ann.ask("A yard of her own")
    with app.app_context(), transaction():
        db.session.get_one(User, ann.id).deleted_at = now()
        db.session.flush()
        emit(UserDeleted(ann.id))
    page = visitor.page("/search?q=ann")
    assert "Nothing found" in page
    assert hits(visitor, "yard") == 1


def delete_index():
    with transaction():
        db.session.execute(delete(SearchDocument))


def rebuild_by_job(app):
    with app.app_context():
        with transaction():
            rebuild_index.enqueue()
        run_due()


def rebuild_by_command(app):
    result = app.test_cli_runner().invoke(cli, ["rebuild-search"])
    assert "The search index is new." in result.output


@pytest.mark.parametrize("rebuild", [rebuild_by_job, rebuild_by_command])
def test_the_index_can_be_rebuilt(app, ann, bob, visitor, rebuild):
    question = ann.ask("A heron in the yard")
    bob.answer(question, body="Leave the heron alone, it is shy.")
    bob.comment(question, body="What a heron!")
    with app.app_context():
        delete_index()
    assert hits(visitor, "heron") == 0
    rebuild(app)
    assert hits(visitor, "heron") == 3
    assert 'class="people"' in visitor.page("/search?q=ann")
