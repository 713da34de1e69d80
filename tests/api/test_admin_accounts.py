"""Staff API of accounts."""

from datetime import timedelta

import pytest

from madang.admin.models import StaffLogEntry
from madang.core.clock import now
from madang.core.db import db
from tests.accounts.mailbox import link_in, mails, run_jobs
from tests.admin.helpers import in_days, staff_actions, user_of, wrong_counts
from tests.people import PASSWORD

from .programs import V1, Program, program_of

NEW_ACCOUNT = {"username": "newbie", "display_name": "New Bie", "email": "newbie@example.org", "role": "moderator"}


@pytest.fixture
def admin(root) -> Program:
    return program_of(root)


def until(days: int) -> str:
    return in_days(days).isoformat()


def suspend(admin: Program, username: str, days: int = 3):
    return admin.put(f"/admin/users/{username}/suspension", {"reason": "Too loud at night", "until": until(days)})


CHANGES = [
    ("POST", "", NEW_ACCOUNT),
    ("PATCH", "/ann", {"role": "admin"}),
    ("PUT", "/ann/suspension", {"reason": "Too loud", "until": "2099-01-01T00:00:00Z"}),
    ("DELETE", "/ann/suspension", None),
    ("POST", "/ann/password-link", None),
    ("DELETE", "/ann?reason=x", None),
    ("POST", "/ann/merge", {"into": "bob"}),
]
READS = [("GET", "", None), ("GET", "/ann", None), ("GET", "/ann/consequences", None)]


def test_members_get_404_and_moderators_403(app, ann, bob, dan, eve):
    for person, status in ((eve, 404), (dan, 403)):
        program = program_of(person)
        for method, path, body in (*CHANGES, *READS):
            answer = program.call(method, f"/admin/users{path}", body)
            assert answer.status_code == status, f"{person.username}: {method} {path}: {answer.text}"
    assert staff_actions(app) == []
    assert user_of(app, "ann").role == "member"


def test_permission_is_checked_before_the_body(eve, dan):
    for person, status in ((eve, 404), (dan, 403)):
        assert program_of(person).post("/admin/users", {"colour": "red"}).status_code == status


def test_a_personal_token_needs_the_admin_scope(app, admin, ann):
    secrets = {
        scope: admin.post("/me/tokens", {"name": scope, "scopes": [scope]}).json["secret"]
        for scope in ("admin", "write")
    }
    path = "/admin/users/ann"
    refused = Program(app, secrets["write"]).patch(path, {"display_name": "Anna"})
    assert (refused.status_code, refused.json["code"]) == (403, "insufficient_scope")
    assert Program(app, secrets["admin"]).patch(path, {"display_name": "Anna"}).json["display_name"] == "Anna"


def test_accounts_are_listed_and_filtered(admin, ann, bob, dan):
    suspend(admin, "bob")

    def names(query: str) -> list[str]:
        return [account["username"] for account in admin.walk(f"/admin/users?{query}")]

    assert names("") == ["dan", "bob", "ann", "ruth"]
    assert names("sort=name") == ["ann", "bob", "dan", "ruth"]
    assert names("sort=reputation") == ["dan", "bob", "ann", "ruth"]
    assert names("q=bob@ex") == names("q=BO") == names("state=suspended") == ["bob"]
    assert names("state=active&sort=name") == ["ann", "dan", "ruth"]
    assert names("role=moderator") == ["dan"]
    assert names("q=nn") == []
    for query in ("role=emperor", "state=", "sort=email", "name=ann"):
        refused = admin.get(f"/admin/users?{query}")
        assert set(refused.json["errors"]) == {query.partition("=")[0]}


def test_an_account_is_read_by_username_and_by_id(admin, ann):
    account = admin.read("/admin/users/ANN")
    assert account == admin.read(f"/admin/users/{ann.id}")
    assert account == admin.read("/admin/users?q=ann")["items"][0]
    assert (account["email"], account["is_email_confirmed"], account["role"]) == ("ann@example.org", False, "member")
    assert account["suspended_until"] is None
    for name in ("nobody", "999999", "%00"):
        assert admin.get(f"/admin/users/{name}").status_code == 404


def test_guests_and_deleted_accounts_are_not_managed(admin, ann, visitor):
    visitor.get("/todos")
    ann.post("/settings/leave/delete", current_password=PASSWORD)
    assert admin.get(f"/admin/users/{ann.id}").status_code == 404
    assert [account["username"] for account in admin.walk("/admin/users")] == ["ruth"]


def test_an_account_is_created(app, admin, visitor):
    created = admin.post("/admin/users", NEW_ACCOUNT)
    assert (created.status_code, created.json["username"], created.json["role"]) == (201, "newbie", "moderator")
    assert created.location.endswith(f"{V1}/admin/users/newbie")
    assert admin.read(created.location) == created.json
    assert "New Bie" in visitor.page("/users/newbie")
    plain = admin.post("/admin/users", {"username": "조용한이", "email": "quiet@example.org"})
    assert (plain.json["display_name"], plain.json["role"]) == ("조용한이", "member")
    assert [verb for verb, _id in staff_actions(app)] == ["add_account"] * 2


WRONG_FIELDS = [
    ("username", "ru"),
    ("username", "RUTH"),
    ("display_name", "x" * 51),
    ("email", "nowhere"),
    ("email", "Ruth@Example.org"),
    ("role", "emperor"),
]


@pytest.mark.parametrize(("field", "value"), WRONG_FIELDS)
def test_each_wrong_field_gets_an_error(app, admin, ann, field, value):
    for answer in (
        admin.post("/admin/users", {**NEW_ACCOUNT, field: value}),
        admin.patch("/admin/users/ann", {field: value}),
    ):
        assert (answer.status_code, set(answer.json["errors"])) == (422, {field})
    assert staff_actions(app) == []


def test_all_wrong_fields_get_errors_at_once(admin, ann):
    fields = {"username": "x", "display_name": "x" * 51, "email": "x"}
    assert set(admin.post("/admin/users", fields).json["errors"]) == set(fields)
    assert set(admin.patch("/admin/users/ann", fields).json["errors"]) == set(fields)


def test_changing_some_fields_leaves_the_others(app, admin, ann, visitor):
    changed = admin.patch("/admin/users/ann", {"username": "annie", "email": "annie@example.org"}).json
    assert (changed["username"], changed["display_name"], changed["role"]) == ("annie", "ann", "member")
    assert (changed["email"], changed["is_email_confirmed"]) == ("annie@example.org", False)
    assert [mail["To"] for mail in mails(app)] == ["ann@example.org"]
    assert visitor.get("/users/ann").location.endswith("/users/annie")
    assert staff_actions(app) == [("edit_account", ann.id)]
    assert admin.patch("/admin/users/annie", {}).json == changed
    assert staff_actions(app) == [("edit_account", ann.id)], "saving without changes is not recorded"


def test_a_new_role_is_effective_from_the_next_request(admin, ann, bob):
    question, program = bob.ask(), program_of(ann)
    admin.patch("/admin/users/ann", {"role": "moderator"})
    assert program.put(f"/posts/{question}/lock").status_code == 200
    admin.patch("/admin/users/ann", {"role": "member"})
    assert program.delete(f"/posts/{question}/lock").status_code == 403


def test_an_account_changed_meanwhile_is_not_overwritten(admin, ann):
    etag = admin.get("/admin/users/ann").headers["ETag"]
    profile_etag = admin.get("/users/ann").headers["ETag"]
    admin.patch("/admin/users/ann", {"display_name": "Anna"}, headers={"If-Match": etag})
    for method, path, body in CHANGES[1:4]:
        answer = admin.call(method, f"/admin/users{path}", body, headers={"If-Match": etag})
        assert answer.status_code == 412, f"{method} {path}"
    for path, outdated in (("/admin/users/ann?reason=x", etag), ("/users/ann", profile_etag)):
        assert admin.delete(path, headers={"If-Match": outdated}).status_code == 412
    assert admin.read("/admin/users/ann")["display_name"] == "Anna"


def test_the_last_administrator_keeps_the_role(app, admin, root, ann):
    refused = admin.patch("/admin/users/ruth", {"role": "member"})
    assert (refused.status_code, refused.json["code"]) == (409, "conflict")
    assert suspend(admin, "ruth").status_code == 409
    for path in ("/admin/users/ruth?reason=Enough", "/users/ruth"):
        assert admin.delete(path).status_code == 409
    assert admin.post("/admin/users/ruth/merge", {"into": "ann"}).status_code == 409
    assert user_of(app, "ruth").role == "admin"
    admin.patch("/admin/users/ann", {"role": "admin"})
    assert admin.patch("/admin/users/ruth", {"role": "member"}).json["role"] == "member"
    assert admin.get("/admin/users").status_code == 404, "effective from the next request"
    assert program_of(ann).patch("/admin/users/ann", {"role": "member"}).status_code == 409


def test_an_account_is_suspended_and_the_suspension_lifted(app, admin, ann, bob):
    question, program = bob.ask(), program_of(ann)
    suspended = suspend(admin, "ann")
    assert (suspended.status_code, suspended.json["suspended_reason"]) == (200, "Too loud at night")
    assert suspended.json["suspended_until"] > admin.read("/admin/users/ann")["created_at"]
    refused = program.post(f"/posts/{question}/comments", {"body": "May I?"})
    assert refused.status_code == 403
    assert "Too loud at night" in refused.json["detail"]
    for _twice in range(2):
        assert admin.delete("/admin/users/ann/suspension").status_code == 204
    assert program.post(f"/posts/{question}/comments", {"body": "Now I may."}).status_code == 201
    assert staff_actions(app) == [("suspend_account", ann.id), ("lift_suspension", ann.id)]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("reason", ""),
        ("reason", "x" * 301),
        ("until", "2020-01-01T00:00:00Z"),
        ("until", "2999-01-01T00:00:00Z"),
        ("until", "tomorrow"),
        ("until", None),
    ],
)
def test_a_suspension_requires_a_reason_and_a_future_end(admin, ann, field, value):
    body = {"reason": "Too loud", "until": (now() + timedelta(days=2)).isoformat(), field: value}
    refused = admin.put("/admin/users/ann/suspension", body)
    assert (refused.status_code, set(refused.json["errors"])) == (422, {field})


def test_a_password_link_is_returned_once_and_works_once(app, admin, ann, visitor):
    created = admin.post("/admin/users/ann/password-link", headers={"Idempotency-Key": "one"})
    assert (created.status_code, mails(app)) == (201, [])
    path, new = created.json["url"].removeprefix("http://localhost"), "a river of seven stones"
    assert visitor.post(path, password=new, password2=new).status_code == 302
    assert Program(app).post("/auth/login", {"username": "ann", "password": new}).status_code == 200
    visitor.page(path, 410)
    second = admin.post("/admin/users/ann/password-link", {"is_mailed": False}, headers={"Idempotency-Key": "one"})
    assert second.json["url"] != created.json["url"], "no secret is stored for a repetition"
    assert staff_actions(app) == [("make_password_link", ann.id)] * 2


def test_a_password_link_can_be_mailed_if_there_is_an_address(app, admin, ann, visitor):
    assert admin.post("/admin/users/ann/password-link", {"is_mailed": True}).json == {"url": None}
    (mail,) = mails(app)
    assert mail["To"] == "ann@example.org"
    visitor.page(link_in(mail))
    with app.app_context():
        user = user_of(app, "ann")
        user.email = user.email_key = None
        db.session.merge(user)
        db.session.commit()
    refused = admin.post("/admin/users/ann/password-link", {"is_mailed": True})
    assert (refused.status_code, set(refused.json["errors"])) == (422, {"is_mailed"})
    changed = admin.patch("/admin/users/ann", {"display_name": "Anna"})
    assert (changed.status_code, changed.json["email"]) == (200, None), "an imported account needs no address"


def test_deleting_an_account_can_keep_its_content(app, admin, ann, bob):
    question = ann.ask("What remains of this?")
    ann.comment(question)
    ann.post(f"/posts/{bob.ask()}/votes", value="1")
    counts = {"posts": 1, "comments": 1, "votes": 1, "poll_votes": 0}
    assert admin.read("/admin/users/ann/consequences") == {"counts": counts}
    assert admin.delete("/admin/users/ann?reason=Sells+watches").status_code == 204
    assert admin.get("/users/ann").status_code == 404
    assert admin.read(f"/posts/{question}")["author"]["username"] is None
    assert staff_actions(app) == [("delete_account", ann.id)]
    assert wrong_counts(app) == []


def test_deleting_an_account_can_remove_its_content_by_a_job(app, admin, ann, bob):
    question, question_of_bob = ann.ask("A question that goes?"), bob.ask("A question that stays?")
    ann.post(f"/posts/{question_of_bob}/votes", value="1")
    answer = admin.delete("/admin/users/ann?reason=Sells+watches&content=remove")
    assert (answer.status_code, answer.json["is_ended"]) == (202, False)
    run_jobs(app)
    assert admin.read(answer.location)["state"] == "done"
    assert Program(app).get(f"/posts/{question}").status_code == 410
    assert Program(app).read(f"/posts/{question_of_bob}")["score"] == 0
    assert wrong_counts(app) == []


@pytest.mark.parametrize(
    ("query", "field"), [("", "reason"), ("reason=+", "reason"), ("reason=x&content=burn", "content")]
)
def test_a_deletion_requires_a_reason_and_a_known_choice(app, admin, ann, query, field):
    refused = admin.delete(f"/admin/users/ann?{query}")
    assert (refused.status_code, set(refused.json["errors"])) == (422, {field})
    assert admin.get("/users/ann").status_code == 200
    assert staff_actions(app) == []


def test_only_administrators_can_delete_a_profile(app, admin, ann, bob, dan):
    for person in (ann, bob, dan):
        refused = program_of(person).delete("/users/ann")
        assert (refused.status_code, refused.json["code"]) == (403, "forbidden")
    assert admin.delete("/users/nobody").status_code == 404
    assert set(admin.delete(f"/users/ann?reason={'x' * 301}").json["errors"]) == {"reason"}
    assert admin.delete("/users/ann").status_code == 204
    assert admin.delete("/users/bob?reason=Sells+watches").status_code == 204
    assert admin.delete("/users/ann").status_code == 404
    with app.app_context():
        reasons = [entry.reason for entry in db.session.query(StaffLogEntry).order_by(StaffLogEntry.id)]
    assert reasons == ["Deleted through the API.", "Sells watches"]


def test_two_accounts_are_merged(app, admin, ann, bob, cho):
    question = bob.ask("Who wrote this one?")
    cho.post("/users/bob/follow", value=1)
    run_jobs(app)
    merged = admin.post("/admin/users/bob/merge", {"into": "Ann"})
    assert (merged.status_code, merged.json["username"]) == (200, "ann")
    assert Program(app).read(f"/posts/{question}")["author"]["username"] == "ann"
    assert [post["id"] for post in program_of(cho).read("/feed")["items"]] == [question]
    assert admin.get("/admin/users/bob").status_code == 404
    assert staff_actions(app) == [("merge_accounts", ann.id)]
    assert wrong_counts(app) == []


@pytest.mark.parametrize("into", ["nobody", "ann", ""])
def test_the_target_of_a_merge_must_be_another_account(admin, ann, into):
    refused = admin.post("/admin/users/ann/merge", {"into": into})
    assert (refused.status_code, set(refused.json["errors"])) == (422, {"into"})
