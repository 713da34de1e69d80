"""Staff API of boards and tags."""

from urllib.parse import quote

import pytest

from tests.accounts.mailbox import run_jobs
from tests.admin.helpers import staff_actions, wrong_counts
from tests.api.programs import Program, program_of

pytestmark = pytest.mark.each_database

GARDEN = {"slug": "garden", "kind": "qa", "name": "Garden", "description": "What grows."}
BOARD_CALLS = [
    ("GET", "", None),
    ("GET", "/talk", None),
    ("POST", "", GARDEN),
    ("PATCH", "/talk", {"name": "Chat"}),
    ("DELETE", "/talk", None),
]
TAG_CALLS = [
    ("GET", "", None),
    ("GET", "/yard", None),
    ("POST", "", {"name": "garden"}),
    ("PATCH", "/yard", {"name": "garden"}),
    ("PUT", "/yard/synonyms/garden", None),
    ("DELETE", "/yard/synonyms/garden", None),
    ("POST", "/yard/merge", {"into": "tree"}),
    ("DELETE", "/yard", None),
]


@pytest.fixture
def admin(root) -> Program:
    return program_of(root)


@pytest.fixture
def moderator(dan) -> Program:
    return program_of(dan)


def test_only_administrators_can_manage_boards(app, moderator, eve):
    member = program_of(eve)
    for method, path, body in BOARD_CALLS:
        assert member.call(method, f"/admin/boards{path}", body).status_code == 404, f"{method} {path}"
        assert moderator.call(method, f"/admin/boards{path}", body).status_code == 403, f"{method} {path}"
    assert staff_actions(app) == []


def test_members_cannot_manage_tags(app, ann):
    ann.ask(tags="yard tree")
    member = program_of(ann)
    for method, path, body in TAG_CALLS:
        assert member.call(method, f"/admin/tags{path}", body).status_code == 404, f"{method} {path}"
    assert staff_actions(app) == []


def test_a_board_is_created_and_listed_with_its_position(app, admin):
    created = admin.post("/admin/boards", GARDEN)
    assert (created.status_code, created.json["slug"], created.json["is_archived"]) == (201, "garden", False)
    assert admin.read(created.location) == created.json
    listed = admin.read("/admin/boards")["items"]
    assert [board["slug"] for board in listed] == ["notice", "qa", "talk", "garden"]
    assert listed[-1] == created.json
    assert Program(app).read("/boards/garden")["description"] == "What grows."
    assert staff_actions(app) == [("create_board", created.json["id"])]


def test_each_wrong_field_of_a_board_gets_an_error(app, admin):
    invalid_fields = {"slug": "qa", "name": "", "description": "x" * 400}
    refused = admin.post("/admin/boards", {**GARDEN, **invalid_fields})
    assert (refused.status_code, set(refused.json["errors"])) == (422, set(invalid_fields))
    assert set(admin.patch("/admin/boards/talk", invalid_fields).json["errors"]) == set(invalid_fields)
    for body in ({"position": -1}, {"position": 10_000}, {"position": "1"}, {"kind": "wiki"}, {"is_archived": "yes"}):
        assert set(admin.patch("/admin/boards/talk", body).json["errors"]) == set(body)
    assert admin.patch("/admin/boards/nowhere", {"name": "Chat"}).status_code == 404
    assert staff_actions(app) == []


def test_changing_some_fields_leaves_the_others(app, admin, ann):
    before = admin.read("/admin/boards/talk")
    changed = admin.patch("/admin/boards/talk", {"slug": "chat", "position": 0, "kind": "gallery"})
    assert changed.status_code == 200
    assert changed.json == {**before, "slug": "chat", "position": 0, "kind": "gallery"}
    assert [board["slug"] for board in admin.read("/boards")["items"]][:2] == ["notice", "chat"]
    assert Program(app).get("/boards/talk").status_code == 404
    board = before["id"]
    assert staff_actions(app) == [("change_board_kind", board), ("edit_board", board)]


def test_the_kind_of_a_board_with_posts_cannot_change(admin, ann):
    ann.ask("Just saying hello", board="talk")
    refused = admin.patch("/admin/boards/talk", {"kind": "qa"})
    assert (refused.status_code, set(refused.json["errors"])) == (422, {"kind"})


def test_an_archived_board_takes_no_new_posts(admin, ann):
    question = {"board": "qa", "title": "May I still ask?", "body": "I have a question, may I ask it?"}
    archived = admin.patch("/admin/boards/qa", {"is_archived": True}).json
    assert (archived["is_archived"], archived["archived_at"] is None) == (True, False)
    assert admin.read("/boards/qa")["is_archived"] is True
    assert program_of(ann).post("/posts", question).status_code == 403
    assert admin.patch("/admin/boards/qa", {"is_archived": False}).json["archived_at"] is None
    assert program_of(ann).post("/posts", question).status_code == 201


def test_a_board_changed_meanwhile_is_not_overwritten(admin):
    tag = admin.get("/admin/boards/talk").headers["ETag"]
    assert admin.patch("/admin/boards/talk", {"name": "Chat"}, headers={"If-Match": tag}).status_code == 200
    assert admin.patch("/admin/boards/talk", {"name": "Mine"}, headers={"If-Match": tag}).status_code == 412
    assert admin.delete("/admin/boards/talk", headers={"If-Match": tag}).status_code == 412


def test_an_empty_board_is_deleted(app, admin):
    board = admin.read("/admin/boards/talk")["id"]
    assert admin.delete("/admin/boards/talk").status_code == 204
    assert Program(app).get("/boards/talk").status_code == 404
    assert admin.delete("/admin/boards/talk").status_code == 404
    assert staff_actions(app) == [("delete_board", board)]


def test_deleting_a_board_moves_its_posts_to_another_one(app, admin, ann):
    admin.post("/admin/boards", GARDEN)
    question = ann.ask("Where will I stand?")
    for query in ("", "?move_to=talk", "?move_to=qa", "?move_to=nowhere"):
        refused = admin.delete(f"/admin/boards/qa{query}")
        assert (refused.status_code, set(refused.json["errors"])) == (422, {"move_to"}), query
    answer = admin.delete("/admin/boards/qa?move_to=garden")
    assert answer.status_code == 202
    run_jobs(app)
    assert admin.read(answer.location)["state"] == "done"
    assert Program(app).get("/boards/qa").status_code == 404
    assert Program(app).read(f"/posts/{question}")["board"] == "garden"
    assert [verb for verb, _id in staff_actions(app)][1:] == ["clear_board", "delete_board"]
    assert wrong_counts(app) == []


def test_tags_are_paginated_sorted_and_filtered(moderator, ann):
    ann.ask(tags="yard garden")
    ann.ask("Another question?", tags="yard")
    moderator.post("/admin/tags", {"name": "unused"})
    moderator.put("/admin/tags/yard/synonyms/court")

    def names(query: str) -> list[str]:
        return [tag["name"] for tag in moderator.walk(f"/admin/tags?{query}")]

    assert names("") == ["yard", "garden", "unused"]
    assert names("sort=name") == ["garden", "unused", "yard"]
    assert names("q=GA") == ["garden"]
    assert names("q=ard") == []
    listed = moderator.read("/admin/tags")["items"][0]
    assert (listed["synonyms"], listed["post_count"]) == (["court"], 2)
    assert listed == moderator.read("/admin/tags/yard")
    for query in ("sort=size", "start=x"):
        assert moderator.get(f"/admin/tags?{query}").status_code == 422
    for name in ("court", "nowhere", "%00"):
        assert moderator.get(f"/admin/tags/{name}").status_code == 404, "a synonym is no tag"


@pytest.mark.parametrize("name", ["", "a b/c", "yard", "x" * 51, "court"])
def test_an_invalid_name_gets_an_error(app, moderator, ann, name):
    ann.ask(tags="js yard")
    moderator.put("/admin/tags/yard/synonyms/court")
    for answer in (moderator.post("/admin/tags", {"name": name}), moderator.patch("/admin/tags/js", {"name": name})):
        assert (answer.status_code, set(answer.json["errors"])) == (422, {"name"})
    assert [verb for verb, _id in staff_actions(app)] == ["add_synonym"]


def test_a_tag_name_with_special_characters_is_created(app, moderator):
    created = moderator.post("/admin/tags", {"name": "C#"})
    assert (created.status_code, created.json["name"], created.json["post_count"]) == (201, "c#", 0)
    assert moderator.read(created.location) == created.json
    assert staff_actions(app) == [("create_tag", created.json["id"])]


def test_a_tag_is_renamed_and_the_old_word_means_it(app, moderator, ann):
    question = ann.ask(tags="js yard")
    tag = moderator.get("/admin/tags/js").headers["ETag"]
    renamed = moderator.patch("/admin/tags/js", {"name": "JavaScript"}, headers={"If-Match": tag})
    assert (renamed.json["name"], renamed.json["synonyms"]) == ("javascript", ["js"])
    again = moderator.patch("/admin/tags/javascript", {"name": "ecma"}, headers={"If-Match": tag})
    assert again.status_code == 412
    run_jobs(app)
    assert Program(app).read(f"/posts/{question}")["tags"] == ["javascript", "yard"]
    assert Program(app).read("/tags/js")["name"] == "javascript"
    assert moderator.patch("/admin/tags/js", {"name": "x"}).status_code == 404
    assert staff_actions(app) == [("rename_tag", renamed.json["id"])]
    assert wrong_counts(app) == []


def test_tags_that_mean_the_same_become_one(app, moderator, ann, bob):
    question = ann.ask("Has both of them?", tags="js javascript yard")
    for person, tag in ((ann, "js"), (ann, "javascript"), (bob, "js")):
        assert program_of(person).put(f"/tags/{tag}/follow").status_code in (200, 204)
    for into in ("nowhere", "js", ""):
        refused = moderator.post("/admin/tags/js/merge", {"into": into})
        assert (refused.status_code, set(refused.json["errors"])) == (422, {"into"})
    merged = moderator.post("/admin/tags/js/merge", {"into": "JavaScript"}).json
    assert (merged["name"], merged["synonyms"], merged["post_count"]) == ("javascript", ["js"], 1)
    assert merged["follower_count"] == 2
    run_jobs(app)
    assert Program(app).read(f"/posts/{question}")["tags"] == ["javascript", "yard"]
    assert staff_actions(app) == [("merge_tags", merged["id"])]
    assert wrong_counts(app) == []


def test_synonyms_are_added_and_removed(app, moderator, ann):
    ann.ask(tags="javascript yard")
    path = "/admin/tags/javascript/synonyms"
    for _twice in range(2):
        assert moderator.put(f"{path}/JS").json["synonyms"] == ["js"]
    assert Program(app).read("/tags/js")["name"] == "javascript"
    for word in ("yard", "javascript", "%3F", "x" * 51):
        refused = moderator.put(f"{path}/{word}")
        assert (refused.status_code, set(refused.json["errors"])) == (422, {"synonym"}), word
    assert set(moderator.put("/admin/tags/yard/synonyms/js").json["errors"]) == {"synonym"}
    assert moderator.delete("/admin/tags/yard/synonyms/js").status_code == 404
    assert moderator.delete(f"{path}/js").status_code == 204
    assert moderator.delete(f"{path}/js").status_code == 404
    assert Program(app).get("/tags/js").status_code == 404
    assert moderator.put(f"{path}/{quote('c#')}").json["synonyms"] == ["c#"]
    assert [verb for verb, _id in staff_actions(app)] == ["add_synonym", "remove_synonym", "add_synonym"]


def test_only_an_unused_tag_can_be_deleted(app, moderator, ann):
    question = ann.ask(tags="yard")
    refused = moderator.delete("/admin/tags/yard")
    assert (refused.status_code, refused.json["code"]) == (409, "conflict")
    ann.post(f"/posts/{question}/delete")
    assert moderator.delete("/admin/tags/yard").status_code == 204
    assert moderator.delete("/admin/tags/yard").status_code == 404
    assert [verb for verb, _id in staff_actions(app)] == ["delete_tag"]
