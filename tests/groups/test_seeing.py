"""Which groups and members their readers see."""

import re

import pytest

from tests.api.programs import Program
from tests.groups.groups import PATH, add, make_group

pytestmark = pytest.mark.each_database


def listed(reader) -> list[str]:
    """The names of the groups in the list, built-in ones last."""
    return re.findall(r'class="name"[^>]*>([^<]+)</a>', reader.page("/groups"))


def without_nonces(page: str) -> str:
    return re.sub(r'nonce="[^"]*"|"[A-Za-z0-9_.-]{60,}"', "", page)


def test_the_list_has_the_groups_that_one_may_see_by_name(ruth, ann, bob, visitor):
    make_group(ruth, "zebras", joining="open")
    make_group(ruth, "cooks", joining="request")
    make_group(ruth, "shown", shows_members="y")
    make_group(ruth, "hidden")
    add(ruth, ann.username, path="/groups/hidden")
    built_in = ["Everyone", "Members", "Staff"]
    for reader in (visitor, bob):
        assert listed(reader) == ["Cooks", "Shown", "Zebras", *built_in]
        assert reader.get("/groups/hidden").status_code == 404
    for reader in (ann, ruth):
        assert listed(reader) == ["Cooks", "Hidden", "Shown", "Zebras", *built_in]


def test_a_hidden_group_does_not_exist_for_others(ruth, ann):
    make_group(ruth)
    missing, hidden = (without_nonces(ann.page(path, 404)) for path in ("/groups/missing00", PATH))
    assert hidden == missing.replace("missing00", "gardeners")
    for path in ("join", "leave", "ask", "withdraw", "members", "invitations", "members/ann/remove"):
        assert ann.post(f"{PATH}/{path}").status_code == 404, path


def test_members_are_hidden_or_shown(ruth, ann, bob):
    make_group(ruth, joining="open")
    add(ruth, ann.username)
    assert "Only members see who is in this group." in bob.page(PATH)
    assert 'data-card="ann"' not in bob.page(PATH) and 'data-card="ann"' in ann.page(PATH)
    assert Program(ruth.app).get(f"{PATH}/members").status_code == 403


@pytest.mark.parametrize("slug", ["everyone", "members", "staff"])
def test_built_in_groups_cannot_be_joined_left_or_changed(ruth, ann, slug):
    assert "Built-in group" in ann.page(f"/groups/{slug}")
    for person in (ann, ruth):
        for path in ("join", "leave", "ask", "members", "members/ann/remove"):
            assert person.post(f"/groups/{slug}/{path}").status_code == 404, path
    refused = ruth.post("/admin/groups/add", slug=slug, name_en="Mine", joining="open", color="red")
    assert (refused.status_code, "This address is kept for the site." in refused.text) == (422, True)


@pytest.mark.parametrize("slug", ["nowhere", "%00", "a%20b", "한글", "x" * 500])
def test_unknown_groups_are_not_found(ann, slug):
    assert ann.get(f"/groups/{slug}").status_code == 404


@pytest.mark.parametrize("after", ["x", "-1", "9" * 30])
def test_a_wrong_place_in_the_list_is_not_found(ruth, after):
    make_group(ruth)
    assert ruth.get(f"{PATH}?after={after}").status_code == 404


def test_the_name_is_in_the_readers_language(ruth, ann, cho):
    make_group(ruth, joining="open", name_ko="정원사", description_ko="물을 줘요.", description_en="They water.")
    assert '<h1 dir="auto">정원사</h1>' in cho.page(PATH) and "물을 줘요." in cho.page(PATH)
    assert '<h1 dir="auto">Gardeners</h1>' in ann.page(PATH) and "They water." in ann.page(PATH)
