"""What becomes of memberships when an account is merged, exported or deleted, and what a block does."""

import pytest

from tests.accounts.mailbox import run_jobs
from tests.accounts.test_deletion import _archive, _rows
from tests.admin.helpers import wrong_counts
from tests.api.programs import program_of
from tests.groups.groups import PATH, add, make_group, make_owner, members
from tests.notifications.test_notifying import activity_names
from tests.people import PASSWORD

pytestmark = pytest.mark.each_database


def test_the_remaining_account_keeps_the_groups_of_both(app, ruth, ann, bob):
    make_group(ruth)
    cooks, sailors = make_group(ruth, "cooks"), make_group(ruth, "sailors", joining="request")
    make_owner(ruth, bob.username)
    add(ruth, ann.username)
    make_owner(ruth, bob.username, path=cooks)
    bob.post(f"{sailors}/ask", note="I sail.")
    assert ruth.post(f"/admin/users/{bob.id}/merge", into=ann.username).status_code == 302
    for path in (PATH, cooks):
        assert members(ruth, path) == ["ann"]
        assert program_of(ann).read(path)["is_owner"] is True
    assert "I sail." in ruth.page(sailors) and f'action="{sailors}/requests/ann/accept"' in ruth.page(sailors)
    assert wrong_counts(app) == []


def test_a_request_of_the_merged_account_ends_where_the_remaining_one_is_a_member(app, ruth, ann, bob):
    make_group(ruth, joining="request")
    add(ruth, ann.username)
    bob.post(f"{PATH}/ask")
    assert ruth.post(f"/admin/users/{bob.id}/merge", into=ann.username).status_code == 302
    assert (members(ruth), program_of(ruth).read(f"{PATH}/requests")["items"]) == (["ann"], [])
    assert wrong_counts(app) == []


def test_a_deleted_account_is_in_no_group(app, ruth, ann, bob):
    make_group(ruth, joining="request")
    make_owner(ruth, ann.username)
    ann.post(f"{PATH}/invitations", usernames=bob.username)
    cooks = make_group(ruth, "cooks", joining="request")
    ann.post(f"{cooks}/ask")
    assert ann.post("/settings/leave/delete", current_password=PASSWORD).status_code == 302
    assert members(ruth) == [] and program_of(ruth).read(f"{cooks}/requests")["items"] == []
    assert "You are invited to this group." in bob.page(PATH), "what she sent to others stays"
    assert wrong_counts(app) == []


def test_the_export_has_groups_requests_and_sent_invitations(app, ruth, ann, bob):
    make_group(ruth)
    make_owner(ruth, ann.username)
    ann.post(f"{PATH}/invitations", usernames=bob.username, note="Come in!")
    ann.post(f"{make_group(ruth, 'cooks', joining='request')}/ask", note="I cook.")
    ann.post("/settings/leave/export")
    run_jobs(app)
    archive = _archive(ann)
    ((mine,), (asked,), (sent,)) = (
        _rows(archive, f"{name}.json") for name in ("groups", "group_requests", "group_invitations")
    )
    assert (mine["group"], mine["is_owner"], mine["origin"]) == ("gardeners", True, "added")
    assert (asked["group"], asked["note"]) == ("cooks", "I cook.")
    assert (sent["group"], sent["note"]) == ("gardeners", "Come in!")
    assert "bob" not in str(sent)


def test_an_invitation_by_somebody_who_is_blocked_waits_without_a_notification(ruth, ann, bob):
    make_group(ruth)
    make_owner(ruth, ann.username)
    assert bob.post("/messages/blocks/ann").status_code == 302
    assert ann.post(f"{PATH}/invitations", usernames="bob").status_code == 302
    assert activity_names(bob) == []
    assert "You are invited to this group." in bob.page(PATH)
    assert bob.post(f"{PATH}/withdraw").status_code == 302
    assert bob.get(PATH).status_code == 404
