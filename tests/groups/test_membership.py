"""People join and leave groups; owners add and remove them."""

import pytest

from tests.accounts.mailbox import run_jobs
from tests.admin.helpers import staff_actions, suspend, wrong_counts
from tests.api.programs import program_of
from tests.groups.groups import PATH, add, group_id, make_group, make_owner, member_count, members
from tests.notifications.test_notifying import activity_names

pytestmark = pytest.mark.each_database


def test_an_open_group_is_joined_and_left(app, ruth, ann, bob):
    make_group(ruth, joining="open")
    assert 'action="/groups/gardeners/join"' in ann.page(PATH)
    assert "You are a member of “Gardeners” now." in ann.follow(ann.post(f"{PATH}/join"))
    ann.post(f"{PATH}/join")
    bob.post(f"{PATH}/join")
    assert (members(ann), member_count(bob)) == (["ann", "bob"], 2)
    assert "You can join again at any time." in ann.page(f"{PATH}/leave")
    assert "You have left “Gardeners”." in ann.follow(ann.post(f"{PATH}/leave"))
    ann.post(f"{PATH}/leave")
    assert (members(bob), wrong_counts(app)) == (["bob"], [])


@pytest.mark.parametrize("joining", ["invitation", "request"])
def test_other_groups_are_not_joined_without_being_let_in(ruth, ann, joining):
    make_group(ruth, joining=joining, shows_members="y")
    assert f'action="{PATH}/join"' not in ann.page(PATH)
    refused = ann.post(f"{PATH}/join")
    assert (refused.status_code, "You cannot join this group on your own." in refused.text) == (403, True)
    assert members(ruth) == []


def test_an_administrator_adds_people_and_makes_owners_who_add_others(app, ruth, ann, bob, cho):
    make_group(ruth)
    assert ann.id and bob.id and cho.id
    assert "2 people were added." in ruth.follow(add(ruth, "@ann", "BOB", "ann"))
    assert add(ann, "cho").status_code == 403
    assert ruth.post(f"{PATH}/members/ann/owner", value="1").status_code == 302
    assert "1 person was added." in ann.follow(add(ann, "bob", "cho"))
    assert members(bob) == ["ann", "bob", "cho"]
    assert ann.post(f"{PATH}/members/ann/owner", value="0").status_code == 302
    assert ann.post(f"{PATH}/members/bob/remove").status_code == 403
    assert staff_actions(app) == [
        ("create_group", group_id(app)),
        ("add_to_group", ann.id),
        ("add_to_group", bob.id),
        ("make_group_owner", ann.id),
        ("add_to_group", cho.id),
        ("unmake_group_owner", ann.id),
    ]
    assert "Added to a group" in ruth.page("/admin/log") and "Gardeners" in ruth.page("/admin/log")


def test_a_removed_member_is_none_at_the_next_request(app, ruth, ann):
    make_group(ruth)
    add(ruth, ann.username)
    assert ann.actor.group_ids == {group_id(app)}
    assert ann.get(PATH).status_code == 200
    ruth.post(f"{PATH}/members/ann/remove")
    assert ann.get(PATH).status_code == 404
    assert (ann.actor.group_ids, wrong_counts(app)) == (frozenset(), [])
    assert ruth.post(f"{PATH}/members/ann/remove").status_code == 404


def test_administrators_look_after_a_group_whose_last_owner_leaves(ruth, ann, bob, cho):
    make_group(ruth, joining="request")
    for owner in (ann, cho):
        make_owner(ruth, owner.username)
    warning = "After you leave, administrators decide who is in this group."
    assert warning not in ann.page(f"{PATH}/leave")
    cho.post(f"{PATH}/leave")
    assert warning in ann.page(f"{PATH}/leave")
    assert ann.post(f"{PATH}/leave").status_code == 302
    assert bob.post(f"{PATH}/ask").status_code == 302
    assert activity_names(ruth) == ["group_requested"] and "group_requested" not in activity_names(ann)
    assert ruth.post(f"{PATH}/requests/bob/accept").status_code == 302
    assert members(bob) == ["bob"]


def test_only_members_leave(ruth, ann):
    make_group(ruth, joining="open")
    assert ann.get(f"{PATH}/leave").status_code == 403
    assert ann.get("/groups/staff/leave").status_code == 404


def test_the_owner_of_one_group_owns_no_other(ruth, ann, bob):
    make_group(ruth)
    make_owner(ruth, ann.username)
    other = make_group(ruth, "cooks", joining="open")
    assert bob.id
    assert add(ann, "bob", path=other).status_code == 403
    assert ann.post(f"{other}/members/bob/owner", value="1").status_code == 403


def test_a_suspended_owner_cannot_act(ruth, ann, bob):
    make_group(ruth)
    make_owner(ruth, ann.username)
    suspend(ruth, ann)
    assert bob.id
    assert add(ann, "bob").status_code == 403
    assert members(ruth) == ["ann"]


@pytest.mark.parametrize(
    ("usernames", "sentence"),
    [
        ("", "Please enter a username."),
        ("nobody-here", "No one here is called nobody-here. Please check the name."),
        ("ann nobody-here", "No one here is called nobody-here. Please check the name."),
        ("<script>", "No one here is called &lt;script&gt;."),
        ("\0 ann", "No one here is called"),
    ],
)
def test_names_that_nobody_has_are_shown_again(ruth, ann, usernames, sentence):
    make_group(ruth)
    assert ann.id
    refused = ruth.post(f"{PATH}/members", usernames=usernames)
    assert (refused.status_code, sentence in refused.text) == (422, True), refused.text
    assert members(ruth) == []


def test_many_people_are_added_by_a_job(app, monkeypatch, ruth, people):
    monkeypatch.setattr("madang.groups.jobs.BATCH_SIZE", 10)
    make_group(ruth)
    names = [f"person{number}" for number in range(25)]
    for name in names[:23]:
        assert people[name].id
    add(ruth, names[0])
    response = ruth.post(f"{PATH}/members", many="\n".join(names))
    assert response.location.startswith("/jobs/")
    run_jobs(app)
    page = ruth.page(response.location)
    for fact, value in (("Added", "22"), ("Members before", "1"), ("Names that no account has", "2")):
        assert f'<th scope="row">{fact}</th><td class="grow">{value}</td>' in page
    assert "person23, person24" in page
    assert (member_count(ruth), wrong_counts(app)) == (23, [])


def test_the_job_of_somebody_who_is_no_owner_any_more_adds_nobody(app, ruth, ann):
    make_group(ruth)
    make_owner(ruth, ann.username)
    response = ann.post(f"{PATH}/members", many=" ".join(["ruth", *(f"person{number}" for number in range(20))]))
    assert ruth.post(f"{PATH}/members/ann/owner", value="0").status_code == 302
    run_jobs(app)
    assert "Only owners of the group and administrators can do this." in ann.page(response.location)
    assert members(ruth) == ["ann"]


def test_a_group_that_is_deleted_before_the_jobs_run_gets_nobody(app, ruth, ann):
    make_group(ruth, email_domains="example.org")
    response = ruth.post(f"{PATH}/members", many=" ".join(f"person{number}" for number in range(21)))
    ruth.post(f"/admin/groups/{group_id(app)}/delete")
    run_jobs(app)
    assert '<th scope="row">Added</th><td class="grow">0</td>' in ruth.page(response.location)
    assert ann.actor.group_ids == frozenset()


def test_too_many_names_at_once_are_refused(ruth):
    make_group(ruth)
    refused = ruth.post(
        f"{PATH}/members", many=" ".join(f"a-name-of-thirty-letters-{number:05}" for number in range(10_001))
    )
    assert (refused.status_code, "Please enter at most 10,000." in refused.text) == (422, True)
    invited = ruth.post(f"{PATH}/invitations", many=" ".join(f"n{number}" for number in range(21)))
    assert (invited.status_code, "Please enter at most 20." in invited.text) == (422, True)


def test_a_long_list_of_members_has_pages(ruth, people):
    make_group(ruth, shows_members="y", joining="open")
    names = [f"person{number}" for number in range(52)]
    for name in names:
        assert people[name].post(f"{PATH}/join").status_code == 302
    assert members(ruth) == names[:50]
    assert 'rel="next">Show more</a>' in ruth.page(PATH)
    following = ruth.page(PATH).partition(f'href="{PATH}?after=')[2].partition("#")[0]
    assert members(ruth, f"{PATH}?after={following}") == names[50:]
    assert "End of the list" in ruth.page(f"{PATH}?after=999999999")
    walked = program_of(ruth).walk(PATH + "/members", limit=25)
    assert [row["username"] for row in walked] == names


def test_actors_know_their_groups_by_session_token_and_program(app, ruth, ann):
    """Every way to log in loads the groups: each is needed to see a hidden group."""
    make_group(ruth)
    add(ruth, ann.username)
    program = program_of(ann)
    assert ann.get(PATH).status_code == 200
    assert program.get(PATH).status_code == 200
    token = program.post("/me/tokens", {"name": "script", "scopes": ["read"]}).json["secret"]
    program.token = token
    assert program.read(PATH)["is_member"] is True
    for number in range(12):
        make_group(ruth, f"group{number}")
        add(ruth, ann.username, path=f"/groups/group{number}")
    assert len(ann.actor.group_ids) == 13


def test_profiles_show_groups_to_those_who_may_see_the_members(ruth, ann, bob, visitor):
    make_group(ruth, shows_members="y", shows_badge="y", color="amber")
    hidden = make_group(ruth, "cooks", joining="open")
    for path in (PATH, hidden):
        add(ruth, ann.username, path=path)
    badge = '<span class="pill warm" dir="auto">Gardeners</span>'
    for reader in (visitor, bob):
        page = reader.page("/users/ann")
        assert (badge in page, "Cooks" in page) == (True, False)
        assert badge in reader.page("/users/ann/card")
    for reader in (ann, ruth):
        assert f'href="{hidden}">Cooks</a>' in reader.page("/users/ann")
        assert "Cooks" not in reader.page("/users/ann/card"), "it has no badge"
    assert [row["name"] for row in program_of(bob).read("/users/ann/groups")["items"]] == ["Gardeners"]
    bob.post(f"{hidden}/join")
    assert "Cooks" in bob.page("/users/ann")
    assert [row["slug"] for row in program_of(bob).read("/users/ann/groups")["items"]] == ["cooks", "gardeners"]
