"""Flags when two accounts are merged."""

import pytest

from tests.accounts.mailbox import run_jobs
from tests.admin.test_merging import _merge

from .flags import flag, flags_of, open_count, resolve

pytestmark = pytest.mark.each_database


def test_merging_accounts_moves_flags(app, root, ann, bob, cho, dan):
    first, second = cho.ask(), cho.ask("How does one carry a yard?")
    remark = cho.comment(first)
    for subject in (f"posts/{first}", f"comments/{remark}"):
        flag(bob, subject)
    flag(bob, f"posts/{second}")
    resolve(dan, f"posts/{second}", "upheld")
    assert _merge(root, bob, ann).status_code == 302
    run_jobs(app)
    assert {row.flagger_id for row in flags_of(app)} == {ann.id}
    assert open_count(app) == 2
    assert "You flagged this" in ann.page(f"/comments/{remark}/flags")


def test_merging_accounts_drops_duplicate_open_flags(app, root, ann, bob, cho, dan):
    question = cho.ask()
    remark, settled = cho.comment(question), cho.ask("How does one carry a yard?")
    for person in (ann, bob):
        flag(person, f"posts/{question}", note=f"of {person.username}")
        flag(person, f"comments/{remark}")
        flag(person, f"posts/{settled}")
    resolve(dan, f"posts/{settled}", "declined")
    assert _merge(root, bob, ann).status_code == 302
    rows = [(row.post_id, row.comment_id, row.flagger_id, row.is_open) for row in flags_of(app)]
    assert sorted(rows, key=str) == sorted(
        [
            (question, None, ann.id, True),
            (None, remark, ann.id, True),
            (settled, None, ann.id, None),
            (settled, None, ann.id, None),
        ],
        key=str,
    )
    assert flags_of(app)[0].note == "of ann", "the flag of the remaining account"


def test_merging_accounts_drops_flags_on_own_content(app, root, ann, bob):
    of_ann, of_bob = ann.ask(), bob.ask("How does one carry a yard?")
    remark = ann.comment(of_bob)
    flag(bob, f"posts/{of_ann}")
    flag(bob, f"comments/{remark}")
    flag(ann, f"posts/{of_bob}")
    assert _merge(root, bob, ann).status_code == 302
    assert flags_of(app) == []


def test_merging_accounts_moves_verdicts(app, root, ann, bob, cho, dan):
    question = cho.ask()
    flag(bob, f"posts/{question}")
    resolve(dan, f"posts/{question}", "upheld")
    assert _merge(root, dan, ann).status_code == 302
    assert [row.settled_by_id for row in flags_of(app)] == [ann.id]
