"""Flags of two accounts that are one person's."""

import pytest

from tests.accounts.mailbox import run_jobs
from tests.admin.test_merging import _merge

from .flags import flag, flags_of, open_count, settle

pytestmark = pytest.mark.each_database


def test_flags_belong_to_the_account_that_stays(app, root, ann, bob, cho, dan):
    first, second = cho.ask(), cho.ask("How does one carry a yard?")
    remark = cho.comment(first)
    for thing in (f"posts/{first}", f"comments/{remark}"):
        flag(bob, thing)
    flag(bob, f"posts/{second}")
    settle(dan, f"posts/{second}", "upheld")
    assert _merge(root, bob, ann).status_code == 302
    run_jobs(app)
    assert {each.flagger_id for each in flags_of(app)} == {ann.id}
    assert open_count(app) == 2
    assert "You have flagged this:" in ann.page(f"/comments/{remark}/flags")


def test_who_flagged_a_thing_twice_has_flagged_it_once(app, root, ann, bob, cho, dan):
    question = cho.ask()
    remark, settled = cho.comment(question), cho.ask("How does one carry a yard?")
    for person in (ann, bob):
        flag(person, f"posts/{question}", note=f"of {person.username}")
        flag(person, f"comments/{remark}")
        flag(person, f"posts/{settled}")
    settle(dan, f"posts/{settled}", "declined")
    assert _merge(root, bob, ann).status_code == 302
    rows = [(each.post_id, each.comment_id, each.flagger_id, each.is_open) for each in flags_of(app)]
    assert sorted(rows, key=str) == sorted(
        [
            (question, None, ann.id, True),
            (None, remark, ann.id, True),
            (settled, None, ann.id, None),
            (settled, None, ann.id, None),
        ],
        key=str,
    )
    assert flags_of(app)[0].note == "of ann", "the flag of the one that stays"


def test_nobody_has_flagged_what_is_their_own(app, root, ann, bob):
    of_ann, of_bob = ann.ask(), bob.ask("How does one carry a yard?")
    remark = ann.comment(of_bob)
    flag(bob, f"posts/{of_ann}")
    flag(bob, f"comments/{remark}")
    flag(ann, f"posts/{of_bob}")
    assert _merge(root, bob, ann).status_code == 302
    assert flags_of(app) == []


def test_what_a_moderator_decided_is_the_others_deed(app, root, ann, bob, cho, dan):
    question = cho.ask()
    flag(bob, f"posts/{question}")
    settle(dan, f"posts/{question}", "upheld")
    assert _merge(root, dan, ann).status_code == 302
    assert [each.settled_by_id for each in flags_of(app)] == [ann.id]
