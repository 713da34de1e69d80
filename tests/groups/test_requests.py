"""People ask to join, owners decide; owners invite, people decide."""

import pytest

from tests.admin.helpers import staff_actions, wrong_counts
from tests.groups.groups import PATH, add, group_id, make_group, make_owner, members
from tests.notifications.test_notifying import activity_names

pytestmark = pytest.mark.each_database


def test_a_request_is_accepted(app, ruth, ann, bob):
    make_group(ruth, joining="request")
    make_owner(ruth, ann.username)
    assert "Your request was sent" in bob.follow(bob.post(f"{PATH}/ask", note="I water the <pine>."))
    bob.post(f"{PATH}/ask", note="Again.")
    assert "You have asked to join. The owners have not answered yet." in bob.page(PATH)
    assert "I water the &lt;pine&gt;." in ann.page(PATH) and "Again." not in ann.page(PATH)
    assert activity_names(ann) == ["group_requested", "membership_changed"]
    assert "bob asked to join the group “Gardeners”" in ann.page("/notifications")
    assert ann.post(f"{PATH}/requests/bob/accept").status_code == 302
    assert members(bob) == ["ann", "bob"]
    assert activity_names(bob) == ["membership_changed"]
    assert "ann accepted your request to join the group “Gardeners”" in bob.page("/notifications")
    assert staff_actions(app)[-1] == ("accept_group_request", bob.id)
    assert ann.post(f"{PATH}/requests/bob/accept").status_code == 404
    assert wrong_counts(app) == []


def test_a_request_is_declined_and_may_be_sent_again(app, ruth, ann, bob):
    make_group(ruth, joining="request")
    make_owner(ruth, ann.username)
    bob.post(f"{PATH}/ask")
    assert ann.post(f"{PATH}/requests/bob/decline").status_code == 302
    assert activity_names(bob) == ["membership_changed"]
    assert "ann declined your request to join the group “Gardeners”" in bob.page("/notifications")
    assert staff_actions(app)[-1] == ("decline_group_request", bob.id)
    assert bob.post(f"{PATH}/ask").status_code == 302
    assert 'action="/groups/gardeners/requests/bob/accept"' in ann.page(PATH)


def test_a_request_is_withdrawn(ruth, ann, bob):
    make_group(ruth, joining="request")
    make_owner(ruth, ann.username)
    bob.post(f"{PATH}/ask")
    bob.post(f"{PATH}/withdraw")
    assert f'action="{PATH}/ask"' in bob.page(PATH)
    assert ann.post(f"{PATH}/requests/bob/accept").status_code == 404
    assert activity_names(ann) == ["membership_changed"], "nobody hears of a request that was withdrawn at once"


@pytest.mark.parametrize("joining", ["invitation", "open"])
def test_other_groups_take_no_requests(ruth, ann, joining):
    make_group(ruth, joining=joining, shows_members="y")
    assert ann.post(f"{PATH}/ask").status_code == 403


def test_a_long_word_is_refused(ruth, ann):
    make_group(ruth, joining="request")
    refused = ann.post(f"{PATH}/ask", note="x" * 301)
    assert (refused.status_code, 'id="note-error"' in refused.text) == (422, True)
    assert "Please shorten this to 300 characters." in refused.text


def test_an_invitation_opens_a_hidden_group_and_is_accepted(app, ruth, ann, bob):
    make_group(ruth)
    make_owner(ruth, ann.username)
    assert bob.get(PATH).status_code == 404
    response = ann.post(f"{PATH}/invitations", usernames="bob", note="Come in!")
    assert "1 person was invited." in ann.follow(response)
    assert activity_names(bob) == ["group_invited"]
    assert "ann invited you to the group “Gardeners”" in bob.page("/notifications")
    assert "Come in!" in bob.page(PATH)
    assert "You are invited to this group." in bob.page(PATH) and 'href="/groups/gardeners"' in bob.page("/groups")
    assert "Only members see who is in this group." in bob.page(PATH)
    assert bob.post(f"{PATH}/join").status_code == 302
    assert members(bob) == ["ann", "bob"]
    assert staff_actions(app)[-1] == ("invite_to_group", bob.id)


def test_an_invitation_is_declined_or_withdrawn(app, ruth, bob, cho):
    make_group(ruth)
    ruth.post(f"{PATH}/invitations", usernames=f"{bob.username} {cho.username}")
    assert bob.post(f"{PATH}/withdraw").location == "/groups"
    assert ruth.post(f"{PATH}/requests/cho/decline").status_code == 302
    for person in (bob, cho):
        assert person.get(PATH).status_code == 404
        assert person.post(f"{PATH}/join").status_code == 404
    assert activity_names(cho) == [], "nobody hears of an invitation that was withdrawn at once"
    assert staff_actions(app)[-1] == ("withdraw_group_invitation", cho.id)


def test_inviting_somebody_who_asked_lets_them_in(ruth, bob):
    make_group(ruth, joining="request")
    bob.post(f"{PATH}/ask")
    ruth.post(f"{PATH}/invitations", usernames="bob")
    assert members(ruth) == ["bob"]


def test_adding_somebody_answers_their_request(ruth, bob):
    make_group(ruth, joining="request")
    bob.post(f"{PATH}/ask")
    add(ruth, "bob")
    assert members(ruth) == ["bob"]
    assert ruth.post(f"{PATH}/requests/bob/accept").status_code == 404


def test_people_hear_that_they_were_added_and_removed(ruth, bob):
    make_group(ruth)
    add(ruth, bob.username)
    assert activity_names(bob) == ["membership_changed"]
    assert "added you to the group “Gardeners”" in bob.page("/notifications")
    ruth.post(f"{PATH}/members/bob/remove")
    activity_names(bob)
    assert "removed you from the group “Gardeners”" in bob.page("/notifications")


def test_a_member_decides_on_no_request(ruth, ann, bob):
    make_group(ruth, joining="request")
    add(ruth, ann.username)
    bob.post(f"{PATH}/ask")
    for answer in ("accept", "decline"):
        assert ann.post(f"{PATH}/requests/bob/{answer}").status_code == 403
    assert "/requests/bob/" not in ann.page(PATH) and group_id(ruth.app)
