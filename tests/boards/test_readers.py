"""Who may see a board: set by administrators on its page and by programs, confirmed, and logged."""

import pytest

from madang.core.ttl_cache import clear_all
from tests.api.programs import program_of

pytestmark = pytest.mark.each_database
TALK = {"name_en": "Talk", "name_ko": "마당", "slug": "talk", "position": "3"}


def board_id(ruth, slug: str = "talk") -> int:
    return program_of(ruth).read(f"/admin/boards/{slug}")["id"]


def test_a_board_is_for_everyone_unless_it_says_otherwise(ruth, visitor):
    ruth.post("/admin/boards/add", slug="open", kind="talk", name_en="Open", confirmed="1")
    assert program_of(ruth).read("/admin/boards/open")["readers"] == "everyone"
    assert visitor.get("/boards/open").status_code == 200


def test_a_new_board_is_hidden_from_the_beginning(ruth, visitor, ann):
    fields = {"slug": "members", "kind": "talk", "name_en": "For members", "readers": "members"}
    page = ruth.post("/admin/boards/add", **fields).text
    assert "Who may see it: Members who are logged in." in page
    ruth.post("/admin/boards/add", **fields, confirmed="1")
    assert visitor.get("/boards/members").status_code == 404
    assert ann.get("/boards/members").status_code == 200
    assert "For members" in ann.page("/boards/qa") and "For members" not in visitor.page("/boards/qa")


def test_a_change_says_what_follows_and_is_done_when_confirmed(ruth, ann, visitor):
    ann.ask("Shall we talk about it?", "It is about the yard.", board="talk")
    path = f"/admin/boards/{board_id(ruth)}"
    page = ruth.post(path, **TALK, readers="staff").text
    assert "these alone see the board and what stands on it: Moderators and administrators." in page
    assert visitor.get("/boards/talk").status_code == 200
    assert ruth.post(path, **TALK, readers="staff", confirmed="1").status_code == 302
    assert (visitor.get("/boards/talk").status_code, ann.get("/boards/talk").status_code) == (404, 404)
    assert ruth.get("/boards/talk").status_code == 200
    assert "Moderators and administrators" in ruth.page("/admin/boards")
    page = ruth.post(path, **TALK, readers="everyone").text
    assert "1 post becomes readable for everyone, search engines too." in page
    assert "Who may see it" in ruth.page("/admin/log")


def test_a_form_without_the_field_changes_nothing_of_it(ruth, visitor):
    path = f"/admin/boards/{board_id(ruth)}"
    ruth.post(path, **TALK, readers="members", confirmed="1")
    ruth.post(path, **{**TALK, "position": "4"})
    assert program_of(ruth).read("/admin/boards/talk")["readers"] == "members"


@pytest.mark.parametrize("readers", ["nobody", "Everyone", "members\0", " "])
def test_other_values_are_refused(ruth, readers):
    answer = ruth.post(f"/admin/boards/{board_id(ruth)}", **TALK, readers=readers, confirmed="1")
    assert answer.status_code == 422 and "Please choose who may see the board." in answer.text
    refused = program_of(ruth).call("PATCH", "/admin/boards/talk", {"readers": readers}, headers={"If-Match": "*"})
    assert refused.status_code == 422
    assert program_of(ruth).read("/admin/boards/talk")["readers"] == "everyone"


def test_programs_see_and_set_it(ruth, visitor):
    made = program_of(ruth).post("/admin/boards", {"slug": "a", "kind": "qa", "name": "A", "readers": "staff"}).json
    assert made["readers"] == "staff"
    assert visitor.get("/api/v1/boards/a").status_code == 404
    program_of(ruth).patch("/admin/boards/a", {"readers": "everyone"}, headers={"If-Match": "*"})
    assert visitor.get("/api/v1/boards/a").json["readers"] == "everyone"


def test_a_move_to_a_board_that_more_people_see_is_confirmed(ruth, dan, visitor):
    ruth.post(f"/admin/boards/{board_id(ruth)}", **TALK, readers="staff", confirmed="1")
    post = dan.ask("Shall we talk about it?", "It is about the yard.", board="talk")
    page = dan.post(f"/posts/{post}/move", board="notice").text
    assert "More people will see this post there" in page and "Everyone, also without an account" in page
    assert visitor.get(f"/posts/{post}").status_code == 404
    assert dan.post(f"/posts/{post}/move", board="notice", confirmed="1").status_code == 302
    clear_all()
    assert visitor.get(f"/posts/{post}").status_code == 200
    assert dan.post(f"/posts/{post}/move", board="talk").status_code == 302, "fewer people: nothing to ask"
    clear_all()
    assert visitor.get(f"/posts/{post}").status_code == 404


@pytest.fixture
def study(ruth, bob) -> list[int]:
    """Two groups, the first with Bob as a member; their ids."""
    ids = []
    for slug in ("study", "teachers"):
        ids.append(program_of(ruth).post("/admin/groups", {"slug": slug, "name": slug.title()}).json["id"])
    program_of(ruth).post("/groups/study/members", {"usernames": ["bob"]})
    return ids


def test_a_board_for_the_members_of_groups(ruth, ann, bob, dan, visitor, study):
    path = f"/admin/boards/{board_id(ruth)}"
    page = ruth.page(path)
    assert "Groups that may see it" in page and "Teachers" in page
    fields = {**TALK, "readers": "groups", "reader_group_ids": [str(each) for each in study]}
    page = ruth.post(path, **fields).text
    assert "these alone see the board and what stands on it: Members of Study, Teachers." in page
    assert page.count('name="reader_group_ids"') == 2, "the form that is sent again has both"
    assert ruth.post(path, **fields, confirmed="1").status_code == 302
    assert program_of(ruth).read("/admin/boards/talk")["reader_group_ids"] == sorted(study)
    assert ruth.page(path).count('name="reader_group_ids" value="') == 2 and " checked" in ruth.page(path)
    assert "Members of Study, Teachers" in ruth.page("/admin/boards")
    seen = {who.username: who.get("/boards/talk").status_code for who in (ann, bob, dan, ruth)}
    assert seen == {"ann": 404, "bob": 200, "dan": 404, "ruth": 200}
    assert visitor.get("/boards/talk").status_code == 404


def test_whoever_joins_or_leaves_a_group_sees_its_boards_or_not_at_once(ruth, ann, study):
    program_of(ruth).patch(
        "/admin/boards/talk", {"readers": "groups", "reader_group_ids": study[:1]}, headers={"If-Match": "*"}
    )
    assert ann.get("/boards/talk").status_code == 404
    program_of(ruth).post("/groups/study/members", {"usernames": ["ann"]})
    assert ann.get("/boards/talk").status_code == 200
    program_of(ruth).delete("/groups/study/members/ann")
    assert ann.get("/boards/talk").status_code == 404


@pytest.mark.parametrize("groups", [[], ["0"], ["999999"], ["x"], ["-1"]])
def test_groups_that_are_none_are_refused(ruth, study, groups):
    answer = ruth.post(
        f"/admin/boards/{board_id(ruth)}", **TALK, readers="groups", reader_group_ids=groups, confirmed="1"
    )
    assert answer.status_code == 422
    assert "choose at least one group" in answer.text or "There is no such group any more" in answer.text
    given = {"readers": "groups", "reader_group_ids": [int(each) for each in groups if each != "x"]}
    assert program_of(ruth).call("PATCH", "/admin/boards/talk", given, headers={"If-Match": "*"}).status_code == 422


def test_the_last_group_of_a_board_cannot_be_deleted(ruth, bob, study):
    given = {"readers": "groups", "reader_group_ids": study}
    program_of(ruth).patch("/admin/boards/talk", given, headers={"If-Match": "*"})
    assert program_of(ruth).delete("/admin/groups/teachers", headers={"If-Match": "*"}).status_code == 204
    assert program_of(ruth).read("/admin/boards/talk")["reader_group_ids"] == study[:1]
    refused = program_of(ruth).delete("/admin/groups/study", headers={"If-Match": "*"})
    assert refused.status_code == 409 and "is seen by this group alone" in refused.text
    assert bob.get("/boards/talk").status_code == 200
    page = ruth.post(f"/admin/groups/{study[0]}/delete")
    assert page.status_code == 409 and "is seen by this group alone" in page.text


def test_groups_are_forgotten_when_the_board_is_for_others(ruth, study):
    for readers in ("groups", "members"):
        given = {"readers": readers, "reader_group_ids": study}
        program_of(ruth).patch("/admin/boards/talk", given, headers={"If-Match": "*"})
    assert program_of(ruth).read("/admin/boards/talk")["reader_group_ids"] == []
