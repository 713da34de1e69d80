"""Flagging and deciding at the same instant."""

import pytest

from madang.moderation.operations import flagging, resolving
from tests.messages.test_at_once import run_together
from tests.posts.test_at_once import between  # noqa: F401

from .flags import flag, flags_of, open_count, settle

pytestmark = pytest.mark.each_database


def test_three_clicks_at_once_are_one_flag(app, ann, bob):
    thing = f"posts/{ann.ask()}"
    assert bob.token
    run_together(*[lambda: flag(bob, thing)] * 3)
    assert open_count(app) == 1


def test_a_thing_that_is_deleted_meanwhile_is_not_flagged(app, ann, bob, dan, between):  # noqa: F811
    question = ann.ask()
    between(flagging, "lock", lambda: dan.post(f"/posts/{question}/delete"))
    assert flag(bob, f"posts/{question}").status_code == 410
    assert flags_of(app) == []


def test_two_moderators_at_once_decide_once(app, root, ann, bob, dan, between):  # noqa: F811
    thing = f"posts/{ann.ask()}"
    flag(bob, thing)
    between(resolving, "lock", lambda: settle(root, thing, "declined"))
    assert "No flag waits here any more" in dan.follow(settle(dan, thing, "upheld"))
    assert [each.verdict for each in flags_of(app)] == ["declined"]


def test_a_flag_that_comes_meanwhile_is_decided_about_too(app, ann, bob, cho, dan, between):  # noqa: F811
    thing = f"posts/{ann.ask()}"
    flag(bob, thing)
    between(resolving, "lock", lambda: flag(cho, thing))
    settle(dan, thing, "upheld")
    assert [each.verdict for each in flags_of(app)] == ["upheld", "upheld"]


def test_many_who_flag_and_two_who_decide_leave_nothing_half_done(app, people, root, ann, dan):
    thing, members = f"posts/{ann.ask()}", [people[f"person{number}"] for number in range(6)]
    assert all(person.token for person in (*members, root, dan))
    flagging_all = [lambda person=person: flag(person, thing) for person in members]
    deciding = [lambda person=person: settle(person, thing, "upheld", delete="1") for person in (root, dan)]
    run_together(*flagging_all, *deciding)
    for each in flags_of(app):
        assert (each.is_open is None) == (each.verdict == "upheld")
        assert each.is_open or each.settled_by_id in (root.id, dan.id)
