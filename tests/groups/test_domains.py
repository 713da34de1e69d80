"""Members by the domain of their confirmed address."""

import pytest

from madang.admin.operations.setup import make_admin
from madang.cli import cli
from madang.core.clock import now
from madang.core.db import transaction
from madang.groups.operations import domains
from tests.accounts.mailbox import run_jobs
from tests.accounts.mailed_links import request_address
from tests.admin.helpers import wrong_counts
from tests.api.programs import program_of
from tests.groups.groups import PATH, add, group_id, make_group, make_owner, member_count, members
from tests.people import PASSWORD

pytestmark = pytest.mark.each_database

WORK = "work.example"


def confirm_address(app, person, email: str) -> None:
    """Change the address of a person's account, and open the link in the mail."""
    assert person.post(request_address(app, person, email)).status_code == 302


def set_domains(app, ruth, domains: str, **fields: str) -> None:
    """Change the domains of the group, and let the job let people in and out."""
    given = {"slug": "gardeners", "name_en": "Gardeners", "joining": "request", "color": "green", **fields}
    response = ruth.post(f"/admin/groups/{group_id(app)}", **given, email_domains=domains)
    assert response.status_code == 302, response.text
    run_jobs(app)


def test_confirming_an_address_of_the_domain_makes_a_member(app, ruth, ann, bob):
    make_group(ruth, email_domains=f"@{WORK}, other.example")
    link = request_address(app, ann, f"ann@{WORK}")
    assert ann.get(PATH).status_code == 404, "the address is not confirmed yet"
    ann.post(link)
    confirm_address(app, bob, f"Bob@{WORK.upper()}")
    assert members(ann) == ["ann", "bob"]
    assert "You are a member by your e-mail address." in ann.page(PATH)
    assert "by e-mail address" in ann.page(PATH)
    assert wrong_counts(app) == []


@pytest.mark.parametrize("email", ["ann@sub.work.example", "ann@notwork.example", "work.example@other.example"])
def test_an_address_of_another_domain_does_not(app, ruth, ann, email):
    make_group(ruth, email_domains=WORK)
    confirm_address(app, ann, email)
    assert members(ruth) == []


def test_a_domain_in_another_script_is_the_same_in_ascii(app, ruth, ann):
    make_group(ruth, email_domains="한글.kr")
    confirm_address(app, ann, "ann@xn--bj0bj06e.kr")
    assert members(ruth) == ["ann"]
    assert program_of(ruth).read("/admin/groups/gardeners")["email_domains"] == ["xn--bj0bj06e.kr"]


def test_another_address_ends_the_membership_unless_they_came_otherwise(app, ruth, ann, bob, cho):
    make_group(ruth, email_domains=WORK)
    add(ruth, bob.username)
    for person in (ann, bob, cho):
        confirm_address(app, person, f"{person.username}@{WORK}")
    assert ruth.post(f"{PATH}/members/cho/owner", value="1").status_code == 302
    for person in (ann, bob, cho):
        confirm_address(app, person, f"{person.username}@home.example")
    assert members(ruth) == ["bob", "cho"], "bob was added, and cho was made an owner"
    assert (ann.actor.group_ids, wrong_counts(app)) == (frozenset(), [])


def test_an_administrator_and_the_command_line_end_it_too(app, ruth, ann, bob):
    make_group(ruth, email_domains=WORK)
    for person in (ann, bob):
        confirm_address(app, person, f"{person.username}@{WORK}")
    fields = {"username": "ann", "display_name": "", "role": "member", "email": f"other@{WORK}", "confirmed": "1"}
    assert ruth.post(f"/admin/users/{ann.id}", **fields).status_code == 302
    result = app.test_cli_runner().invoke(cli.commands["set-email"], ["bob", f"other2@{WORK}"])
    assert result.exit_code == 0, result.output
    assert members(ruth) == [], "addresses that others set are not confirmed"


def test_an_administrator_of_the_command_line_has_a_confirmed_address(app, ruth):
    make_group(ruth, email_domains=WORK)
    with app.app_context(), transaction():
        make_admin(username="nari", email=f"nari@{WORK}", password=PASSWORD, site_name="Madang", locale="en", now=now())
    assert members(ruth) == ["nari"]


def test_domains_that_are_added_and_removed_let_people_in_and_out(app, monkeypatch, ruth, ann, bob, cho, eve):
    monkeypatch.setattr(domains, "BATCH_SIZE", 1)
    make_group(ruth, joining="request")
    for person, domain in ((ann, WORK), (bob, "other.example"), (cho, WORK)):
        confirm_address(app, person, f"{person.username}@{domain}")
    cho.post(f"{PATH}/ask")
    request_address(app, eve, f"eve@{WORK}")
    set_domains(app, ruth, WORK)
    assert members(ruth) == ["ann", "cho"], "eve has not confirmed her address"
    assert f'action="{PATH}/requests/cho/accept"' not in ruth.page(PATH), "the request is answered"
    make_owner(ruth, ann.username)
    set_domains(app, ruth, "other.example")
    assert (members(ruth), member_count(ruth), wrong_counts(app)) == (["ann", "bob"], 2, [])
    set_domains(app, ruth, "")
    assert members(ruth) == ["ann"], "an owner stays"


def test_a_new_group_with_a_domain_lets_in_who_is_there_already(app, ruth, ann):
    confirm_address(app, ann, f"ann@{WORK}")
    make_group(ruth, email_domains=WORK)
    run_jobs(app)
    assert members(ruth) == ["ann"]


@pytest.mark.parametrize("is_added", [False, True])
def test_nobody_leaves_whom_the_address_would_bring_back(app, ruth, ann, is_added):
    make_group(ruth, joining="open", email_domains=WORK)
    confirm_address(app, ann, f"ann@{WORK}")
    if is_added:
        make_owner(ruth, ann.username)
    assert (f'href="{PATH}/leave"' in ann.page(PATH)) == is_added
    for refused in (ann.get(f"{PATH}/leave"), ann.post(f"{PATH}/leave")):
        assert (refused.status_code, "so you cannot leave it" in refused.text) == (409, True)
    refused = ruth.post(f"{PATH}/members/ann/remove")
    assert (refused.status_code, "Administrators can change the domains of the group." in refused.text) == (409, True)
    assert members(ruth) == ["ann"]


def test_the_form_says_what_the_domain_of_a_public_service_means(app, ruth):
    assert "such as gmail.com, that can be anyone." in ruth.page("/admin/groups/add")
    make_group(ruth, email_domains="gmail.com")
    assert 'value="gmail.com"' in ruth.page(f"/admin/groups/{group_id(app)}")


def test_a_merged_account_brings_no_membership_by_its_address(app, ruth, ann, bob):
    make_group(ruth, email_domains=WORK)
    confirm_address(app, ann, f"ann@{WORK}")
    assert ruth.post(f"/admin/users/{ann.id}/merge", into=bob.username).status_code == 302
    assert (members(ruth), wrong_counts(app)) == ([], [])
