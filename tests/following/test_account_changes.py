"""Follows when accounts are deleted, exported or merged, and tags merged."""

from sqlalchemy import func, select

from madang.accounts.queries.users import get_user
from madang.core.actor import COMMAND_LINE, VISITOR
from madang.core.db import db, transaction
from madang.following.models import TAG, FeedEntry, Follow, Target
from madang.following.operations.cleanup import merge_follows, move_followers
from madang.tags.queries.tags import get_tag
from tests.accounts.mailbox import run_jobs
from tests.accounts.test_deletion import _archive, _rows
from tests.following.test_feed import feed, titles
from tests.following.test_following import counter_differences, follow, is_pressed, listed_people
from tests.people import PASSWORD


def test_deleting_an_account_deletes_its_follows_and_followers(app, ann, bob, cho):
    ann.ask("How do I move a yard?", tags="yard")
    ann.ask("Where is the well?")
    for path in ("/users/ann", "/users/cho", "/tags/yard"):
        follow(bob, path)
    follow(ann, "/users/bob")
    follow(ann, "/tags/yard")
    assert len(feed(bob)) == 2
    ann.post("/settings/leave/delete", current_password=PASSWORD)
    assert listed_people(bob.page("/users/bob/followers")) == [] and listed_people(
        bob.page("/users/bob/following")
    ) == ["cho"]
    assert feed(bob) == [("How do I move a yard?", "Because you follow #yard")]
    assert counter_differences(app) == []
    with app.app_context():
        assert db.session.scalar(select(func.count()).where(FeedEntry.user_id == ann.id)) == 0
        assert db.session.scalar(select(func.count()).where(Follow.follower_id == ann.id)) == 0


def test_the_archive_has_follows(app, ann, bob):
    question = ann.ask("How do I move a yard?", tags="yard")
    for path in ("/users/ann", "/tags/yard", "/boards/qa", f"/posts/{question}"):
        follow(bob, path)
    bob.post("/settings/leave/export")
    run_jobs(app)
    rows = _rows(_archive(bob), "follows.json")
    assert [(row["kind"], row["name"]) for row in rows] == [
        ("person", "ann"), ("tag", "yard"), ("board", "qa"), ("question", "How do I move a yard?"),
    ]  # fmt: skip


def test_merging_accounts_moves_follows(app, ann, bob, cho, dan):
    cho.ask("How do I move a yard?", tags="yard")
    for path in ("/users/cho", "/users/ann", "/tags/yard"):
        follow(bob, path)
    follow(ann, "/users/cho")
    follow(ann, "/users/bob")
    follow(dan, "/users/bob")
    follow(cho, "/users/bob")
    follow(cho, "/users/ann")
    with app.app_context(), transaction():
        merge_follows(get_user("ann", VISITOR).id, get_user("bob", VISITOR).id)
    assert listed_people(ann.page("/users/ann/following")) == ["cho"]
    assert sorted(listed_people(ann.page("/users/ann/followers"))) == ["cho", "dan"]
    assert is_pressed(ann.page("/tags/yard"), "/tags/yard")
    assert titles(ann) == ["How do I move a yard?"]
    assert listed_people(bob.page("/users/bob/following")) == listed_people(bob.page("/users/bob/followers")) == []
    assert counter_differences(app) == []


def test_merging_tags_moves_followers(app, ann, bob):
    ann.ask("How do I move a yard?", tags="yard")
    ann.ask("Where do I pitch a tent?", tags="tent")
    follow(bob, "/tags/yard")
    with app.app_context(), transaction():
        move_followers(Target(TAG, get_tag("yard", COMMAND_LINE).id), Target(TAG, get_tag("tent", COMMAND_LINE).id))
    assert titles(bob) == ["Where do I pitch a tent?"]
    assert counter_differences(app) == []
