"""API of the caller's own account."""

import io

import pytest
from PIL import Image

from tests.accounts.mailbox import link_in, mails, run_jobs
from tests.people import PASSWORD

from .programs import Program, program_of, tokens_of

pytestmark = pytest.mark.each_database

NEW_PASSWORD = "other lanterns under water"


@pytest.fixture
def program(ann) -> Program:
    return program_of(ann)


def picture() -> io.BytesIO:
    file = io.BytesIO()
    Image.new("RGB", (40, 40), "red").save(file, "PNG")
    file.seek(0)
    return file


def test_profile_fields_are_changed_one_by_one(program, visitor):
    changed = program.patch("/me", {"display_name": "Ann of the yard", "bio": "I **like** yards."})
    assert (changed.status_code, changed.json["display_name"]) == (200, "Ann of the yard")
    changed = program.patch("/me", {"locale": "ko", "timezone": "Asia/Seoul"})
    assert (changed.json["locale"], changed.json["bio"]) == ("ko", "I **like** yards.")
    assert program.patch("/me", {"locale": None}).json["locale"] is None
    assert "Ann of the yard" in visitor.page("/users/ann")


def test_every_wrong_field_of_the_profile_gets_an_error(program):
    answer = program.patch("/me", {"display_name": "가" * 51, "website": "no address"})
    assert answer.json["errors"].keys() == {"display_name", "website"}
    assert program.patch("/me", {"locale": "fr", "timezone": "Moon"}).json["errors"].keys() == {"locale", "timezone"}
    assert program.patch("/me", {"role": "admin"}).json["errors"].keys() == {"role"}


def test_an_edit_without_a_body_is_refused(program):
    for path in ("/me", "/todos/1"):
        assert program.patch(path).status_code == 400
    assert program.patch("/me", {}).status_code == 200


def test_an_edit_of_an_outdated_profile_is_refused(program):
    tag = program.get("/me").headers["ETag"]
    assert program.patch("/me", {"location": "Seoul"}, headers={"If-Match": tag}).status_code == 200
    assert program.patch("/me", {"location": "Busan"}, headers={"If-Match": tag}).status_code == 412


def test_a_picture_is_set_and_removed(app, program):
    response = program.call("PUT", "/me/avatar", data={"file": (picture(), "ann.png")})
    assert response.status_code == 200, response.text
    assert app.test_client().get(response.json["avatar_url"]).status_code == 200
    assert program.read("/users/ann")["avatar_url"] == response.json["avatar_url"]
    assert program.delete("/me/avatar").status_code == 204
    assert program.read("/me")["avatar_url"] is None


def test_a_file_that_is_no_picture_is_refused(program):
    assert program.put("/me/avatar").status_code == 415
    empty = program.call("PUT", "/me/avatar", content_type="multipart/form-data")
    assert empty.json["errors"].keys() == {"file"}
    wrong = program.call("PUT", "/me/avatar", data={"file": (io.BytesIO(b"words"), "ann.png")})
    assert (wrong.status_code, wrong.json["errors"].keys()) == (422, {"file"})


def test_an_address_changes_by_the_link_of_a_mail(app, ann, program):
    payload = {"email": "ann@elsewhere.example", "current_password": PASSWORD}
    assert program.put("/me/email", {**payload, "current_password": "no"}).json["errors"].keys() == {"current_password"}
    asked = program.put("/me/email", payload)
    assert (asked.status_code, asked.json["email"]) == (202, "ann@example.org")
    token = link_in(mails(app)[-1]).rpartition("/")[2]
    assert Program(app).put("/auth/email", {"token": token}).status_code == 204
    assert (program.read("/me")["email"], program.read("/me")["is_email_confirmed"]) == (payload["email"], True)
    assert Program(app).put("/auth/email", {"token": "forged"}).json["code"] == "stale_link"


def test_the_link_that_confirms_an_address_is_sent_again(app, program):
    before = len(mails(app))
    assert program.post("/me/email/confirmations").status_code == 204
    sent_mails = mails(app)
    assert len(sent_mails) == before + 1
    assert Program(app).put("/auth/email", {"token": link_in(sent_mails[-1]).rpartition("/")[2]}).status_code == 204
    assert program.post("/me/email/confirmations").status_code == 204
    assert len(mails(app)) == before + 1


def test_a_new_password_ends_every_other_session(app, ann, program):
    wrong = program.put("/me/password", {"current_password": "no", "password": NEW_PASSWORD})
    assert wrong.json["errors"].keys() == {"current_password"}
    weak = program.put("/me/password", {"current_password": PASSWORD, "password": "12345"})
    assert weak.json["errors"].keys() == {"password"}
    assert program.put("/me/password", {"current_password": PASSWORD, "password": NEW_PASSWORD}).status_code == 204
    assert program.get("/me").status_code == 200
    assert ann.get("/settings").status_code == 302


@pytest.mark.parametrize(
    ("method", "path"),
    [("PUT", "/me/password"), ("PUT", "/me/email"), ("DELETE", "/me"), ("POST", "/me/export")],
)
def test_sensitive_routes_require_a_fresh_token(app, ann, method, path):
    renewed = Program(app, tokens_of(ann)["refresh_token"]).post("/auth/refresh").json
    answer = Program(app, renewed["access_token"]).call(method, path, {})
    assert (answer.status_code, answer.json["code"]) == (401, "fresh_token_required")
    secret = program_of(ann).post("/me/tokens", {"name": "x", "scopes": ["read", "write", "messages"]}).json["secret"]
    assert Program(app, secret).call(method, path, {}).json["code"] == "insufficient_scope"


def test_a_forgotten_password_is_set_by_the_link_of_a_mail(app, ann):
    visitor = Program(app)
    assert visitor.post("/auth/forgot", {"email": "nobody@example.org"}).status_code == 204
    assert visitor.post("/auth/forgot", {"email": "no address"}).json["errors"].keys() == {"email"}
    assert visitor.post("/auth/forgot", {"email": "ann@example.org"}).status_code == 204
    token = link_in(mails(app)[-1]).rpartition("/")[2]
    assert visitor.put("/auth/password", {"token": token, "password": "short"}).json["errors"].keys() == {"password"}
    assert visitor.put("/auth/password", {"token": token, "password": NEW_PASSWORD}).status_code == 204
    assert visitor.put("/auth/password", {"token": token, "password": NEW_PASSWORD}).json["code"] == "stale_link"
    assert visitor.post("/auth/login", {"username": "ann", "password": NEW_PASSWORD}).status_code == 200


def test_sessions_are_listed_and_ended(app, ann, bob, program):
    other = program_of(ann)
    sessions = program.read("/me/sessions")["items"]
    assert len(sessions) == 3
    assert {"browser", "ip_address", "last_used_at"} <= sessions[0].keys()
    assert program_of(bob).delete(f"/me/sessions/{sessions[0]['id']}").status_code == 404
    newest = max(session["id"] for session in sessions)
    assert program.delete(f"/me/sessions/{newest}").status_code == 204
    assert other.get("/me").json["code"] == "token_revoked"
    assert program.delete("/me/sessions").status_code == 204
    assert ann.get("/settings").status_code == 302
    assert len(program.read("/me/sessions")["items"]) == 1


def test_personal_data_is_exported_once_and_downloaded(app, ann, program, bob):
    asked, again = program.post("/me/export"), program.post("/me/export")
    assert asked.status_code == again.status_code == 201
    assert asked.headers["Location"] == again.headers["Location"]
    run_jobs(app)
    job = program.read(asked.headers["Location"])
    assert (job["state"], job["progress"]) == ("done", 100)
    file = program.get(job["file_url"])
    assert (file.mimetype, file.data[:2]) == ("application/octet-stream", b"PK")
    assert "ann.zip" in file.headers["Content-Disposition"]
    assert program_of(bob).get(job["file_url"]).status_code == 404
    secret = program.post("/me/tokens", {"name": "x", "scopes": ["read"]}).json["secret"]
    assert Program(app, secret).get(job["file_url"]).status_code == 403


def test_deleting_the_account_requires_the_password(app, ann, program, visitor):
    question = ann.ask()
    assert program.call("DELETE", "/me", {"current_password": "no"}).json["errors"].keys() == {"current_password"}
    assert program.call("DELETE", "/me", {}).json["errors"].keys() == {"current_password"}
    assert program.call("DELETE", "/me", {"current_password": PASSWORD}).status_code == 204
    assert program.get("/me").json["code"] == "token_revoked"
    assert "deleted user" in visitor.page(f"/posts/{question}/how-do-i-move-a-yard")


def test_the_last_administrator_cannot_delete_the_account(ruth):
    answer = program_of(ruth).call("DELETE", "/me", {"current_password": PASSWORD})
    assert (answer.status_code, answer.json["code"]) == (409, "conflict")


def test_a_guest_reads_and_deletes_itself(app, visitor, ann):
    visitor.page("/todos")
    me = visitor.client.get("/api/v1/me").json
    assert (me["role"], len(me["username"]), me["email"]) == ("guest", 6, None)
    visitor._token = ""
    token = visitor.page("/todos").partition('name="csrf-token" content="')[2].partition('"')[0]
    headers = {"X-CSRFToken": token}
    assert visitor.client.patch("/api/v1/me", json={"bio": "x"}, headers=headers).status_code == 401
    assert visitor.client.delete("/api/v1/me/handle", headers=headers).status_code == 204
    assert visitor.client.get("/api/v1/me").status_code == 401
    assert program_of(ann).delete("/me/handle").status_code == 404
