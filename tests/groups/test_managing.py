"""Administrators make, change and delete groups."""

import pytest
from sqlalchemy import func, select

from madang.accounts.models import Membership
from madang.core.db import db
from madang.groups.models import MembershipRequest
from tests.admin.helpers import staff_actions
from tests.groups.groups import PATH, add, group_id, make_group, make_owner

pytestmark = pytest.mark.each_database
GIVEN = {"slug": "gardeners", "name_en": "Gardeners", "joining": "open", "color": "green"}


def test_only_administrators_manage_groups(app, ruth, ann, dan, visitor):
    make_group(ruth)
    number = group_id(app)
    for path in ("", "/add", f"/{number}", f"/{number}/delete"):
        assert ann.get(f"/admin/groups{path}").status_code == 404
        assert dan.get(f"/admin/groups{path}").status_code == 403
        assert visitor.get(f"/admin/groups{path}").status_code == 302
        assert ruth.get(f"/admin/groups{path}").status_code == 200
    for path in ("/add", f"/{number}", f"/{number}/delete"):
        assert ann.post(f"/admin/groups{path}", **GIVEN).status_code == 404
        assert dan.post(f"/admin/groups{path}", **GIVEN).status_code == 403
    assert staff_actions(app) == [("create_group", number)]


def test_a_group_is_changed(app, ruth, ann):
    make_group(ruth)
    number = group_id(app)
    page = ruth.page(f"/admin/groups/{number}")
    assert 'value="Gardeners"' in page
    changed = {**GIVEN, "slug": "cooks", "name_en": "Cooks", "color": "red", "shows_members": "y"}
    assert "The group has been changed." in ruth.follow(ruth.post(f"/admin/groups/{number}", **changed))
    assert "Cooks" in ann.page("/groups/cooks")
    assert ann.get(PATH).status_code == 404
    assert staff_actions(app)[-1] == ("edit_group", number)
    ruth.post(f"/admin/groups/{number}", **changed)
    assert len(staff_actions(app)) == 2, "a change of nothing is not logged"


@pytest.mark.parametrize(
    ("field", "value", "shown", "sentence"),
    [
        ("slug", " ", "slug", "this one is empty or in use"),
        ("slug", "cooks", "slug", "this one is empty or in use"),
        ("name_en", "", "name_en", "Names have 1 to 60 characters."),
        ("slug", "Moderators", "slug", "This address is kept for the site."),
        ("slug", "\u200b\u2060", "slug", "this one is empty or in use"),
        ("name_en", "x" * 61, "name_en", "60 characters"),
        ("name_en", "\u200b\u2060\u3164", "name_en", "Names have 1 to 60 characters."),
        ("description_en", "x" * 301, "description_en", "300 characters"),
        ("color", "url(x)", "color", "Please choose one of the colors."),
        ("joining", "never", "joining", "Please choose how people join."),
        ("email_domains", "not a domain", "email_domains", "is not the domain of an e-mail address"),
        ("email_domains", "@exa mple..org", "email_domains", "is not the domain of an e-mail address"),
        ("email_domains", "work", "email_domains", "is not the domain of an e-mail address"),
        ("email_domains", "ann@example.org", "email_domains", "is not the domain of an e-mail address"),
        ("email_domains", "<script>.org", "email_domains", "“&lt;script&gt;.org” is not"),
        ("email_domains", ",".join(f"a{n}.org" for n in range(21)), "email_domains", "at most 20 e-mail domains"),
    ],
)
def test_a_wrong_field_is_shown_again(app, ruth, field, value, shown, sentence):
    make_group(ruth, "cooks")
    refused = ruth.post("/admin/groups/add", **{**GIVEN, field: value})
    assert refused.status_code == 422
    assert f'id="{shown}-error"' in refused.text and sentence in refused.text, refused.text
    assert len(staff_actions(app)) == 1


@pytest.mark.parametrize("name", ["Moderators", "Adm1n", "Madang Team", "운영진", "ruth"])
def test_a_badge_cannot_make_members_look_like_staff(ruth, name):
    refused = ruth.post("/admin/groups/add", **{**GIVEN, "name_en": name, "shows_badge": "y"})
    assert (refused.status_code, 'id="name_en-error"' in refused.text) == (422, True)
    assert "As a badge this name would make members look like staff." in refused.text
    make_group(ruth, name_en=name)


def test_deleting_a_group_says_how_many_people_it_concerns_and_ends_their_membership(app, ruth, ann, bob, cho):
    make_group(ruth, joining="request")
    add(ruth, ann.username, bob.username)
    cho.post(f"{PATH}/ask")
    number = group_id(app)
    assert "2 people stop being members." in ruth.page(f"/admin/groups/{number}/delete")
    assert "The group has been deleted." in ruth.follow(ruth.post(f"/admin/groups/{number}/delete"))
    assert ruth.get(PATH).status_code == 404 and ruth.post(f"/admin/groups/{number}/delete").status_code == 404
    with app.app_context():
        for table in (Membership, MembershipRequest):
            assert db.session.scalar(select(func.count()).select_from(table)) == 0
    assert ann.actor.group_ids == frozenset()
    assert staff_actions(app)[-1] == ("delete_group", number)
    assert "Gardeners" in ruth.page("/admin/log?kind=group")


def test_the_list_says_which_groups_have_no_owner(ruth, ann):
    make_group(ruth, shows_badge="y", color="green")
    page = ruth.page("/admin/groups")
    assert "No owner" in page and '<span class="pill good" dir="auto">Gardeners</span>' in page
    make_owner(ruth, ann.username)
    assert "No owner" not in ruth.page("/admin/groups")


def test_a_site_has_a_greatest_number_of_groups(monkeypatch, ruth):
    monkeypatch.setattr("madang.groups.operations.managing.MAX_GROUPS", 1)
    make_group(ruth)
    refused = ruth.post("/admin/groups/add", **{**GIVEN, "slug": "cooks"})
    assert (refused.status_code, "A site can have 1 groups." in refused.text) == (409, True)
