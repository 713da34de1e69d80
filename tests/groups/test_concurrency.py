"""What happens when two people, or two windows, act at the same moment."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from werkzeug.test import TestResponse

from tests.admin.helpers import staff_actions, wrong_counts
from tests.api.programs import Program, program_of
from tests.groups.groups import PATH, make_group, make_owner, members
from tests.notifications.test_notifying import activity_names

pytestmark = pytest.mark.each_database


def at_once(*acts: Callable[[], TestResponse]) -> list[int]:
    """Act in threads that begin together; the statuses of the answers."""
    start = Barrier(len(acts))

    def run(act: Callable[[], TestResponse]) -> int:
        start.wait()
        return act().status_code

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))


def windows(person, count: int) -> list[Program]:
    """Several programs of one person."""
    first = program_of(person)
    return [Program(person.app, first.token) for _number in range(count)]


def test_a_member_who_joins_twice_at_once_is_counted_once(app, ruth, ann):
    make_group(ruth, joining="open")
    calls = [lambda window=window: window.put(f"{PATH}/membership") for window in windows(ann, 4)]
    assert at_once(*calls) == [200] * 4
    assert (members(ann), wrong_counts(app)) == (["ann"], [])


def test_a_member_who_asks_twice_at_once_has_asked_once(ruth, ann):
    make_group(ruth, joining="request")
    calls = [lambda window=window: window.put(f"{PATH}/request") for window in windows(ann, 4)]
    assert at_once(*calls) == [200] * 4
    assert len(program_of(ruth).read(f"{PATH}/requests")["items"]) == 1


def test_two_owners_who_accept_one_request_accept_it_once(app, ruth, ann, bob, cho):
    make_group(ruth, joining="request")
    for owner in (ann, bob):
        make_owner(ruth, owner.username)
    cho.post(f"{PATH}/ask")
    calls = [lambda owner=owner: owner.post(f"{PATH}/requests/cho/accept") for owner in (ann, bob)]
    assert sorted(at_once(*calls)) == [302, 404]
    assert staff_actions(app).count(("accept_group_request", cho.id)) == 1
    assert (activity_names(cho), wrong_counts(app)) == (["membership_changed"], [])


def test_two_owners_who_disagree_on_a_request_decide_it_once(app, ruth, ann, bob, cho):
    make_group(ruth, joining="request")
    for owner in (ann, bob):
        make_owner(ruth, owner.username)
    cho.post(f"{PATH}/ask")
    answers = at_once(lambda: ann.post(f"{PATH}/requests/cho/accept"), lambda: bob.post(f"{PATH}/requests/cho/decline"))
    assert sorted(answers) == [302, 404]
    assert ("cho" in members(ruth)) == (answers[0] == 302)
    assert wrong_counts(app) == []


def test_a_group_that_is_deleted_meanwhile_takes_nobody(app, ruth, ann):
    make_group(ruth, joining="open")
    program, joining = program_of(ruth), program_of(ann)
    deleted, joined = at_once(
        lambda: program.delete("/admin/groups/gardeners"), lambda: joining.put(f"{PATH}/membership")
    )
    assert deleted == 204 and joined in (200, 404)
    assert ann.actor.group_ids == frozenset()
