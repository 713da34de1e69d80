"""Groups for programs: what the pages do, as JSON."""

import pytest

from tests.accounts.mailbox import run_jobs
from tests.admin.helpers import staff_actions, wrong_counts
from tests.api.programs import Program, program_of
from tests.groups.groups import PATH, add, make_group, make_owner, members

pytestmark = pytest.mark.each_database

ADMIN_PATH = "/admin/groups/gardeners"
GARDENERS = {"slug": "gardeners", "name": "Gardeners", "names": {"ko": "정원사"}, "joining": "request"}


def test_a_group_is_created_read_changed_and_deleted(app, ruth, ann, cho):
    admin = program_of(ruth)
    created = admin.post("/admin/groups", GARDENERS)
    assert (created.status_code, created.headers["Location"]) == (201, "/api/v1/admin/groups/gardeners")
    assert created.json["names"] == {"en": "Gardeners", "ko": "정원사"} and created.json["color"] == "gray"
    assert program_of(cho).read(PATH)["name"] == "정원사"
    tag = admin.get(ADMIN_PATH).headers["ETag"]
    changed = admin.patch(ADMIN_PATH, {"description": "They water.", "shows_members": True}, headers={"If-Match": tag})
    assert (changed.status_code, changed.json["descriptions"]) == (200, {"en": "They water."})
    assert admin.patch(ADMIN_PATH, {"color": "red"}, headers={"If-Match": tag}).status_code == 412
    assert Program(app).read(PATH)["description"] == "They water."
    assert [row["slug"] for row in admin.walk("/admin/groups")] == ["gardeners"]
    assert admin.delete(ADMIN_PATH, headers={"If-Match": tag}).status_code == 412
    assert admin.delete(ADMIN_PATH).status_code == 204
    assert admin.get(ADMIN_PATH).status_code == Program(app).get(PATH).status_code == 404
    assert [verb for verb, _subject in staff_actions(app)] == ["create_group", "edit_group", "delete_group"]


@pytest.mark.parametrize(
    ("body", "fields"),
    [
        ({"slug": "staff"}, {"slug"}),
        ({"name": " ", "names": {}}, {"name"}),
        ({"name": None, "names": {"ko": "x" * 61}}, {"names"}),
        ({"name": "\u200b\u2060", "names": {}}, {"name"}),
        ({"email_domains": ["a b", "example.org"]}, {"email_domains"}),
        ({"color": "blue", "joining": "never"}, {"color", "joining"}),
        ({"unknown": 1}, {"unknown"}),
    ],
)
def test_a_wrong_field_is_named(ruth, body, fields):
    admin = program_of(ruth)
    sent = {name: value for name, value in {**GARDENERS, **body}.items() if value is not None}
    refused = admin.post("/admin/groups", sent)
    assert (refused.status_code, set(refused.json["errors"])) == (422, fields)
    assert admin.read("/admin/groups")["items"] == []


def test_domains_apply_by_a_job(app, ruth):
    admin = program_of(ruth)
    admin.post("/admin/groups", {**GARDENERS, "email_domains": ["@Work.example", "work.example"]})
    assert admin.read(ADMIN_PATH)["email_domains"] == ["work.example"]
    assert admin.patch(ADMIN_PATH, {"email_domains": []}).json["email_domains"] == []
    run_jobs(app)
    assert members(ruth) == []


def test_the_list_has_the_built_in_groups_first(app, ruth, ann):
    make_group(ruth, joining="open")
    listed = Program(app).read("/groups")["items"]
    assert [row["slug"] for row in listed] == ["everyone", "members", "staff", "gardeners"]
    assert [row["is_built_in"] for row in listed] == [True, True, True, False]
    assert Program(app).read("/groups/staff")["member_count"] is None
    assert program_of(ann).put("/groups/staff/membership").status_code == 404
    assert Program(app).get("/groups/staff/members").status_code == 404


def test_a_member_joins_and_leaves(app, ruth, ann):
    make_group(ruth, joining="open")
    program = program_of(ann)
    for _time in range(2):
        joined = program.put(f"{PATH}/membership")
        assert (joined.status_code, joined.json["is_member"], joined.json["member_count"]) == (200, True, 1)
    for _time in range(2):
        assert program.delete(f"{PATH}/membership").status_code == 204
    assert program.read(PATH)["member_count"] == 0
    assert Program(app).put(f"{PATH}/membership").status_code == 401


def test_owners_add_people_make_owners_and_remove_people(app, ruth, ann, bob, cho):
    make_group(ruth)
    make_owner(ruth, ann.username)
    owner = program_of(ann)
    assert bob.id and cho.id
    added = owner.post(f"{PATH}/members", {"usernames": ["bob", "@ann", "cho"]})
    assert (added.status_code, added.json) == (200, {"usernames": ["bob", "cho"]})
    made = owner.patch(f"{PATH}/members/bob", {"is_owner": True})
    assert (made.status_code, made.json["username"], made.json["is_owner"]) == (200, "bob", True)
    assert owner.delete(f"{PATH}/members/cho").status_code == 204
    assert [row["username"] for row in owner.walk(f"{PATH}/members")] == ["ann", "bob"]
    assert owner.delete(f"{PATH}/members/cho").status_code == 404
    assert owner.patch(f"{PATH}/members/cho", {"is_owner": True}).status_code == 404
    refused = owner.post(f"{PATH}/members", {"usernames": ["nobody-here"]})
    assert (refused.status_code, set(refused.json["errors"])) == (422, {"usernames"})
    assert wrong_counts(app) == []


def test_others_cannot_do_what_owners_do(ruth, ann, bob):
    make_group(ruth, joining="request")
    add(ruth, ann.username)
    bob.post(f"{PATH}/ask")
    member = program_of(ann)
    for method, path, body in (
        ("POST", "members", {"usernames": ["bob"]}),
        ("POST", "invitations", {"usernames": ["bob"]}),
        ("PATCH", "members/ann", {"is_owner": True}),
        ("DELETE", "members/ann", None),
        ("GET", "requests", None),
        ("PUT", "requests/bob/accept", None),
        ("DELETE", "requests/bob", None),
    ):
        assert member.call(method, f"{PATH}/{path}", body).status_code == 403, f"{method} {path}"
    assert members(ruth) == ["ann"]


def test_many_people_are_added_by_a_job(app, ruth, people):
    make_group(ruth)
    names = [f"person{number}" for number in range(21)]
    for name in names:
        assert people[name].id
    accepted = program_of(ruth).post(f"{PATH}/members", {"usernames": names})
    assert (accepted.status_code, accepted.headers["Location"]) == (202, f"/api/v1/jobs/{accepted.json['id']}")
    run_jobs(app)
    assert program_of(ruth).read(f"/jobs/{accepted.json['id']}")["state"] == "done"
    assert members(ruth) == names


def test_requests_are_sent_listed_accepted_declined_and_withdrawn(ruth, ann, bob, cho, dan):
    make_group(ruth, joining="request")
    make_owner(ruth, ann.username)
    owner = program_of(ann)
    asking = {person.username: program_of(person) for person in (bob, cho, dan)}
    for name, program in asking.items():
        assert program.put(f"{PATH}/request", {"note": f"I am {name}."}).json["has_asked"] is True
    waiting = owner.walk(f"{PATH}/requests")
    assert [(row["username"], row["note"]) for row in waiting] == [(name, f"I am {name}.") for name in asking]
    accepted = owner.put(f"{PATH}/requests/bob/accept")
    assert (accepted.status_code, accepted.json["origin"]) == (200, "requested")
    assert owner.delete(f"{PATH}/requests/cho").status_code == 204
    assert asking["dan"].delete(f"{PATH}/request").status_code == 204
    assert owner.walk(f"{PATH}/requests") == [] and members(ruth) == ["ann", "bob"]
    assert asking["cho"].put(f"{PATH}/request").status_code == 200, "without a body"


def test_an_invitation_is_accepted_or_declined(ruth, ann, bob, cho):
    make_group(ruth)
    make_owner(ruth, ann.username)
    invited = program_of(ann).post(f"{PATH}/invitations", {"usernames": [bob.username, cho.username], "note": "Come!"})
    assert invited.json == {"usernames": ["bob", "cho"]}
    read = program_of(bob).read(PATH)
    assert (read["is_invited"], read["note"]) == (True, "Come!")
    assert program_of(bob).put(f"{PATH}/membership").json["is_member"] is True
    assert program_of(cho).delete(f"{PATH}/request").status_code == 204
    assert program_of(cho).get(PATH).status_code == 404
