"""Who calls: tokens of every kind, and what becomes of those that are wrong."""

import base64
import json
from datetime import timedelta

import jwt
import pytest

from madang.core.clock import at, now
from tests.people import PASSWORD

from .programs import Program, program_of, tokens_of

REGISTRATION = {"username": "newcomer", "email": "newcomer@example.org", "password": PASSWORD}
EDIT = {"title": "How do I move a garden?"}


def refused(answer, code: str, status: int = 401) -> None:
    assert (answer.status_code, answer.json["code"]) == (status, code), answer.text
    assert answer.mimetype == "application/problem+json"
    if status == 401:
        assert answer.headers["WWW-Authenticate"].startswith("Bearer ")


def change_password(person) -> None:
    new = "other lanterns under water"
    answer = person.post("/settings/account/password", current_password=PASSWORD, password=new, password2=new)
    assert answer.status_code == 302, answer.text


def test_somebody_registers_logs_in_and_reads_their_account(app):
    program = Program(app)
    made = program.post("/auth/register", REGISTRATION)
    assert (made.status_code, made.json["username"]) == (201, "newcomer")
    tokens = program.post("/auth/login", {"username": "newcomer", "password": PASSWORD}).json
    assert (tokens["token_type"], tokens["expires_in"]) == ("Bearer", 900)
    assert Program(app, tokens["access_token"]).read("/me")["email"] == "newcomer@example.org"


def test_a_wrong_registration_names_its_fields(app, ann):
    answer = Program(app).post("/auth/register", {"username": "Ann", "email": "nowhere", "password": "short"})
    assert answer.json["errors"].keys() == {"username", "email", "password"}


def test_a_wrong_password_and_a_wrong_name_sound_the_same(app, ann):
    wrong = [
        Program(app).post("/auth/login", {"username": name, "password": password})
        for name, password in (("ann", "not her password"), ("nobody", PASSWORD))
    ]
    refused(wrong[0], "wrong_credentials")
    assert wrong[0].json == wrong[1].json


def test_nobody_writes_without_a_token(app):
    refused(Program(app).post("/posts", {}), "not_logged_in")
    refused(Program(app).get("/me"), "not_logged_in")


def test_an_access_token_says_who_is_an_administrator(app, ann, ruth):
    claims = [
        jwt.decode(tokens_of(person)["access_token"], options={"verify_signature": False}) for person in (ann, ruth)
    ]
    assert [claim["is_admin"] for claim in claims] == [False, True]


def test_an_access_token_lives_a_quarter_of_an_hour(app, ann):
    app.config["JWT_ACCESS_TOKEN_EXPIRES"] = timedelta(seconds=-1)
    refused(Program(app, tokens_of(ann)["access_token"]).get("/me"), "token_expired")


def test_a_refresh_gives_tokens_that_are_not_fresh(app, ann):
    tokens = tokens_of(ann)
    refused(Program(app, tokens["refresh_token"]).get("/me"), "access_token_required")
    refused(Program(app, tokens["access_token"]).post("/auth/refresh"), "refresh_token_required")
    renewed = Program(app, tokens["refresh_token"]).post("/auth/refresh").json
    program = Program(app, renewed["access_token"])
    assert program.read("/me")["username"] == "ann"
    refused(program.get("/me/tokens"), "fresh_token_required")
    assert Program(app, tokens["access_token"]).get("/me/tokens").status_code == 200


def test_a_refresh_token_that_comes_twice_ends_its_session(app, ann):
    tokens = tokens_of(ann)
    renewed = Program(app, tokens["refresh_token"]).post("/auth/refresh").json
    refused(Program(app, tokens["refresh_token"]).post("/auth/refresh"), "token_revoked")
    refused(Program(app, renewed["access_token"]).get("/me"), "token_revoked")
    refused(Program(app, renewed["refresh_token"]).post("/auth/refresh"), "token_revoked")
    assert ann.get("/settings").status_code == 200, "the browser's own session goes on"


@pytest.mark.parametrize("kind", ["access_token", "refresh_token"])
def test_logging_out_revokes_both_tokens(app, ann, kind):
    tokens = tokens_of(ann)
    assert Program(app, tokens[kind]).post("/auth/logout").status_code == 204
    refused(Program(app, tokens["access_token"]).get("/me"), "token_revoked")
    refused(Program(app, tokens["refresh_token"]).post("/auth/refresh"), "token_revoked")


def test_ending_all_sessions_revokes_tokens(app, ann):
    tokens = tokens_of(ann)
    ann.post(
        "/settings/account/password",
        current_password=PASSWORD,
        password="other lanterns under water",
        password2="other lanterns under water",
    )
    refused(Program(app, tokens["access_token"]).get("/me"), "token_revoked")


def _forged(token: str, header: dict, claims: dict, key: str = "") -> str:
    """A token whose parts somebody has changed."""
    if key:
        return jwt.encode(claims, key, algorithm="HS256", headers=header)
    parts = [base64.urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=").decode() for part in (header, claims)]
    return ".".join([*parts, token.rpartition(".")[2]])


def test_no_forged_token_opens_anything(app, ann, ruth):
    token = tokens_of(ann)["access_token"]
    claims = jwt.decode(token, options={"verify_signature": False})
    mine = app.config["JWT_SECRET_KEY"]
    tomorrow = int(now().timestamp()) + 86_400
    forged = [
        "",
        "nonsense",
        token[:-2],
        _forged("", {"alg": "none", "typ": "JWT"}, claims),
        _forged(token, {"alg": "none", "typ": "JWT"}, claims),
        _forged(token, {"alg": "HS256", "typ": "JWT"}, {**claims, "sub": str(ruth.id)}),
        _forged(token, {}, claims, key="another site's secret, which is long enough"),
        _forged(token, {}, claims, key=app.config["SECRET_KEY"]),
        _forged(token, {}, {**claims, "iss": "elsewhere"}, key=mine),
        _forged(token, {}, {**claims, "nbf": tomorrow}, key=mine),
        _forged(token, {}, {**claims, "sub": "me"}, key=mine),
        _forged(token, {}, {**claims, "sid": "1"}, key=mine),
        _forged(token, {}, {name: value for name, value in claims.items() if name != "sid"}, key=mine),
        jwt.encode(claims, mine, algorithm="HS512"),
    ]
    for bad in forged:
        refused(Program(app).get("/me", headers={"Authorization": f"Bearer {bad}"}), "invalid_token")
    refused(Program(app, _forged(token, {}, {**claims, "sub": str(ruth.id)}, key=mine)).get("/me"), "token_revoked")


@pytest.mark.parametrize("header", ["Token abc", "Bearer", "Basic !!!", "Bearer a b", "\xff", "Digest username=ann"])
def test_a_header_that_says_nothing_is_refused(app, ann, header):
    refused(Program(app).get("/posts", headers={"Authorization": header}), "invalid_token")


def test_a_bad_token_does_not_fall_back_on_the_cookie(ann):
    answer = ann.client.get("/api/v1/me", headers={"Authorization": "Bearer nonsense"})
    refused(answer, "invalid_token")


def test_a_name_and_a_password_open_the_api_where_that_is_allowed(app, ann):
    def call(password: str):
        shown = base64.b64encode(f"ann:{password}".encode()).decode()
        return Program(app).get("/me", headers={"Authorization": f"Basic {shown}"})

    refused(call(PASSWORD), "invalid_token")
    app.config["API_BASIC_AUTH"] = True
    assert [call(PASSWORD).json["username"] for _ in range(2)] == ["ann", "ann"]
    refused(call("not her password"), "invalid_token")
    assert 'Basic realm="Madang"' in call("no").headers["WWW-Authenticate"]
    change_password(ann)
    refused(call(PASSWORD), "invalid_token")


def test_the_browsers_session_writes_with_its_token_only(ann):
    question = {"board": "qa", "title": "How do I move a yard?", "body": "I tried things.", "tags": []}
    without = ann.client.post("/api/v1/posts", json=question)
    assert without.status_code == 400
    assert ann.client.post("/api/v1/posts", json=question, headers={"X-CSRFToken": ann.token}).status_code == 201
    assert ann.client.get("/api/v1/me").json["username"] == "ann"


class TestPersonalTokens:
    def made(self, person, scopes=("read",), **wanted):
        wanted = {"name": "script", "scopes": list(scopes), **wanted}
        answer = program_of(person).post("/me/tokens", wanted)
        assert answer.status_code == 201, answer.text
        return answer.json

    def test_it_opens_what_its_scopes_say(self, app, ann):
        reading = Program(app, self.made(ann)["secret"])
        assert reading.read("/me")["username"] == "ann"
        question = {"board": "qa", "title": "How do I move a yard?", "body": "I tried things."}
        refused(reading.post("/posts", question), "insufficient_scope", 403)
        assert Program(app, self.made(ann, ["write"])["secret"]).post("/posts", question).status_code == 201

    def test_its_secret_is_kept_nowhere(self, app, ann):
        made = self.made(ann)
        listed = program_of(ann).get("/me/tokens")
        assert made["secret"].startswith("madang_")
        assert made["secret"] not in listed.text
        assert listed.json["items"][0]["name"] == "script"
        assert listed.json["items"][0]["last_used_at"] is None
        Program(app, made["secret"]).read("/me")
        assert program_of(ann).read("/me/tokens")["items"][0]["last_used_at"]

    def test_it_can_be_taken_back_by_its_owner_alone(self, app, ann, bob):
        made = self.made(ann)
        path = f"/me/tokens/{made['token']['id']}"
        refused(program_of(bob).delete(path), "not_found", 404)
        assert program_of(ann).delete(path).status_code == 204
        refused(Program(app, made["secret"]).get("/me"), "invalid_token")

    def test_it_ends_when_it_was_to_end(self, app, ann):
        made = self.made(ann, days=1)
        with at(now() + timedelta(days=1, seconds=1)):
            refused(Program(app, made["secret"]).get("/me"), "invalid_token")

    def test_it_makes_no_others(self, app, ann):
        token = Program(app, self.made(ann, ["read", "write"])["secret"])
        refused(token.post("/me/tokens", {"name": "more", "scopes": ["read"]}), "insufficient_scope", 403)

    def test_what_is_wrong_with_it_is_said(self, ann):
        program = program_of(ann)
        answer = program.post("/me/tokens", {"name": "", "scopes": ["fly"], "days": 0})
        assert answer.json["errors"].keys() == {"name", "scopes", "days"}
        assert program.post("/me/tokens", {"name": "x", "scopes": ["admin"]}).json["errors"].keys() == {"scopes"}
