"""Concurrent flags and verdicts."""

import pytest

from madang.moderation.operations import flagging, resolving
from tests.messages.test_concurrency import run_together
from tests.moderation.flags import flag, flags_of, open_count, resolve
from tests.posts.test_races import between  # noqa: F401

pytestmark = pytest.mark.each_database


def test_concurrent_clicks_are_one_flag(app, ann, bob):
    subject = f"posts/{ann.ask()}"
    assert bob.token
    run_together(*[lambda: flag(bob, subject)] * 3)
    assert open_count(app) == 1


def test_content_deleted_meanwhile_is_not_flagged(app, ann, bob, dan, between):  # noqa: F811
    question = ann.ask()
    between(flagging, "lock_row", lambda: dan.post(f"/posts/{question}/delete"))
    assert flag(bob, f"posts/{question}").status_code == 410
    assert flags_of(app) == []


def test_concurrent_verdicts_resolve_once(app, root, ann, bob, dan, between):  # noqa: F811
    subject = f"posts/{ann.ask()}"
    flag(bob, subject)
    between(resolving, "lock_row", lambda: resolve(root, subject, "declined"))
    assert "No flag is waiting here any more" in dan.follow(resolve(dan, subject, "upheld"))
    assert [row.verdict for row in flags_of(app)] == ["declined"]


def test_a_concurrent_flag_is_resolved_too(app, ann, bob, cho, dan, between):  # noqa: F811
    subject = f"posts/{ann.ask()}"
    flag(bob, subject)
    between(resolving, "lock_row", lambda: flag(cho, subject))
    resolve(dan, subject, "upheld")
    assert [row.verdict for row in flags_of(app)] == ["upheld", "upheld"]


def test_concurrent_flags_and_verdicts_stay_consistent(app, people, root, ann, dan):
    subject, members = f"posts/{ann.ask()}", [people[f"person{number}"] for number in range(6)]
    assert all(person.token for person in (*members, root, dan))
    flagging_all = [lambda person=person: flag(person, subject) for person in members]
    deciding = [lambda person=person: resolve(person, subject, "upheld", delete="1") for person in (root, dan)]
    run_together(*flagging_all, *deciding)
    for row in flags_of(app):
        assert (row.is_open is None) == (row.verdict == "upheld")
        assert row.is_open or row.settled_by_id in (root.id, dan.id)
