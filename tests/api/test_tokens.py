"""API authentication: valid, expired, forged and revoked tokens of every kind."""

import base64
import json
import re
from datetime import timedelta

import jwt
import pytest

from madang.core.clock import at, now
from tests.people import PASSWORD

from .programs import Program, program_of, tokens_of

REGISTRATION = {"username": "newcomer", "email": "newcomer@example.org", "password": PASSWORD}
EDIT = {"title": "How do I move a garden?"}


def assert_refused(answer, code: str, status: int = 401) -> None:
    assert (answer.status_code, answer.json["code"]) == (status, code), answer.text
    assert answer.mimetype == "application/problem+json"
    if status == 401:
        assert answer.headers["WWW-Authenticate"].startswith("Bearer ")


def change_password(person) -> None:
    new = "other lanterns under water"
    answer = person.post("/settings/account/password", current_password=PASSWORD, password=new, password2=new)
    assert answer.status_code == 302, answer.text


def test_register_log_in_and_read_the_account(app):
    program = Program(app)
    created = program.post("/auth/register", REGISTRATION)
    assert (created.status_code, created.json["username"]) == (201, "newcomer")
    tokens = program.post("/auth/login", {"username": "newcomer", "password": PASSWORD}).json
    assert (tokens["token_type"], tokens["expires_in"]) == ("Bearer", 900)
    assert Program(app, tokens["access_token"]).read("/me")["email"] == "newcomer@example.org"


def test_each_wrong_field_of_a_registration_gets_an_error(app, ann):
    answer = Program(app).post("/auth/register", {"username": "Ann", "email": "nowhere", "password": "short"})
    assert answer.json["errors"].keys() == {"username", "email", "password"}


def test_a_wrong_password_and_a_wrong_name_give_the_same_error(app, ann):
    responses = [
        Program(app).post("/auth/login", {"username": name, "password": password})
        for name, password in (("ann", "not her password"), ("nobody", PASSWORD))
    ]
    assert_refused(responses[0], "wrong_credentials")
    assert responses[0].json == responses[1].json


def test_writing_requires_a_token(app):
    assert_refused(Program(app).post("/posts", {}), "not_logged_in")
    assert_refused(Program(app).get("/me"), "not_logged_in")


def test_an_access_token_has_the_claim_is_admin(app, ann, ruth):
    claims = [
        jwt.decode(tokens_of(person)["access_token"], options={"verify_signature": False}) for person in (ann, ruth)
    ]
    assert [claim["is_admin"] for claim in claims] == [False, True]


def test_an_expired_access_token_is_refused(app, ann):
    app.config["JWT_ACCESS_TOKEN_EXPIRES"] = timedelta(seconds=-1)
    assert_refused(Program(app, tokens_of(ann)["access_token"]).get("/me"), "token_expired")


def test_refreshed_tokens_are_not_fresh(app, ann):
    tokens = tokens_of(ann)
    assert_refused(Program(app, tokens["refresh_token"]).get("/me"), "access_token_required")
    assert_refused(Program(app, tokens["access_token"]).post("/auth/refresh"), "refresh_token_required")
    renewed = Program(app, tokens["refresh_token"]).post("/auth/refresh").json
    program = Program(app, renewed["access_token"])
    assert program.read("/me")["username"] == "ann"
    assert_refused(program.get("/me/tokens"), "fresh_token_required")
    assert Program(app, tokens["access_token"]).get("/me/tokens").status_code == 200


def test_reusing_a_refresh_token_ends_its_session(app, ann):
    tokens = tokens_of(ann)
    renewed = Program(app, tokens["refresh_token"]).post("/auth/refresh").json
    assert_refused(Program(app, tokens["refresh_token"]).post("/auth/refresh"), "token_revoked")
    assert_refused(Program(app, renewed["access_token"]).get("/me"), "token_revoked")
    assert_refused(Program(app, renewed["refresh_token"]).post("/auth/refresh"), "token_revoked")
    assert ann.get("/settings").status_code == 200, "the browser's own session stays open"


@pytest.mark.parametrize("kind", ["access_token", "refresh_token"])
def test_logging_out_revokes_both_tokens(app, ann, kind):
    tokens = tokens_of(ann)
    assert Program(app, tokens[kind]).post("/auth/logout").status_code == 204
    assert_refused(Program(app, tokens["access_token"]).get("/me"), "token_revoked")
    assert_refused(Program(app, tokens["refresh_token"]).post("/auth/refresh"), "token_revoked")


def test_ending_all_sessions_revokes_tokens(app, ann):
    tokens = tokens_of(ann)
    ann.post(
        "/settings/account/password",
        current_password=PASSWORD,
        password="other lanterns under water",
        password2="other lanterns under water",
    )
    assert_refused(Program(app, tokens["access_token"]).get("/me"), "token_revoked")


def _forged(token: str, header: dict, claims: dict, key: str = "") -> str:
    """A token with a replaced header and claims; signed with `key`, if given."""
    if key:
        return jwt.encode(claims, key, algorithm="HS256", headers=header)
    parts = [base64.urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=").decode() for part in (header, claims)]
    return ".".join([*parts, token.rpartition(".")[2]])


def test_forged_tokens_are_refused(app, ann, ruth):
    token = tokens_of(ann)["access_token"]
    claims = jwt.decode(token, options={"verify_signature": False})
    secret_key = app.config["JWT_SECRET_KEY"]
    later = int(now().timestamp()) + 2 * 86_400  # clocks may differ by a day
    forged = [
        "",
        "nonsense",
        token[:-2],
        _forged("", {"alg": "none", "typ": "JWT"}, claims),
        _forged(token, {"alg": "none", "typ": "JWT"}, claims),
        _forged(token, {"alg": "HS256", "typ": "JWT"}, {**claims, "sub": str(ruth.id)}),
        _forged(token, {}, claims, key="another site's secret, which is long enough"),
        _forged(token, {}, claims, key=app.config["SECRET_KEY"]),
        _forged(token, {}, {**claims, "iss": "elsewhere"}, key=secret_key),
        _forged(token, {}, {**claims, "nbf": later}, key=secret_key),
        _forged(token, {}, {**claims, "sub": "me"}, key=secret_key),
        _forged(token, {}, {**claims, "sid": "1"}, key=secret_key),
        _forged(token, {}, {name: value for name, value in claims.items() if name != "sid"}, key=secret_key),
        jwt.encode(claims, secret_key, algorithm="HS512"),
    ]
    for token_text in forged:
        assert_refused(Program(app).get("/me", headers={"Authorization": f"Bearer {token_text}"}), "invalid_token")
    assert_refused(
        Program(app, _forged(token, {}, {**claims, "sub": str(ruth.id)}, key=secret_key)).get("/me"), "token_revoked"
    )


@pytest.mark.parametrize(
    ("name", "value"),
    [
        *[("sid", sid) for sid in (0, -1, 2**63, 10**40, True, 1.5, None, [1], {"a": 1}, "1")],
        *[("sub", sub) for sub in (1, "0x1", "-1", "9" * 19, "9" * 4_000, "²", "١", "", " 1", None, ["1"])],
        *[("type", kind) for kind in ("refresh", "other", None, 1)],
        *[("exp", moment) for moment in ("soon", None, 10**40, "10" * 300, [1])],
        *[("iat", moment) for moment in ("soon", [1])],
    ],
)
@pytest.mark.parametrize("path", ["/me", "/auth/refresh"])
def test_a_signed_token_with_claims_of_another_shape_is_refused(app, ann, name, value, path):
    """Signed with the true key, as by another program that shares it."""
    token = tokens_of(ann)["access_token"]
    claims = {**jwt.decode(token, options={"verify_signature": False}), name: value}
    signed = _forged(token, {}, claims, key=app.config["JWT_SECRET_KEY"])
    answer = Program(app, signed).call("POST" if path == "/auth/refresh" else "GET", path)
    if (name, value) != ("exp", 10**40):  # far in the future, but a number
        assert answer.status_code == 401, answer.text


def test_a_refresh_token_without_a_key_is_refused(app, ann):
    token = tokens_of(ann)["refresh_token"]
    claims = jwt.decode(token, options={"verify_signature": False})
    for key in (None, 5, ["x"]):
        signed = _forged(token, {}, {**claims, "key": key}, key=app.config["JWT_SECRET_KEY"])
        assert_refused(Program(app, signed).post("/auth/refresh"), "invalid_token")


def test_only_the_scope_account_reads_and_ends_sessions(app, ann):
    program = program_of(ann)
    others = ["read", "write", "messages"]
    limited = Program(app, program.post("/me/tokens", {"name": "writer", "scopes": others}).json["secret"])
    for method, path in (("GET", "/me/sessions"), ("DELETE", "/me/sessions"), ("DELETE", "/me/sessions/1")):
        assert_refused(limited.call(method, path), "insufficient_scope", 403)
    allowed = Program(app, program.post("/me/tokens", {"name": "account", "scopes": ["account"]}).json["secret"])
    assert len(allowed.read("/me/sessions")["items"]) == 2
    assert allowed.delete("/me/sessions").status_code == 204
    assert_refused(program.get("/me"), "token_revoked")


@pytest.mark.parametrize(("fields", "is_revoked"), [({}, True), ({"revokes_tokens": False}, False)])
def test_a_new_password_revokes_personal_tokens_unless_they_are_to_stay(app, ann, fields, is_revoked):
    program = program_of(ann)
    script = Program(app, program.post("/me/tokens", {"name": "script", "scopes": ["read"]}).json["secret"])
    passwords = {"current_password": PASSWORD, "password": "other lanterns under water"}
    assert program.put("/me/password", {**passwords, **fields}).status_code == 204
    assert script.get("/me").status_code == (401 if is_revoked else 200)


def test_the_page_offers_to_revoke_personal_tokens(app, ann):
    assert "revokes_tokens" not in ann.page("/settings/account"), "there is none"
    script = Program(app, program_of(ann).post("/me/tokens", {"name": "script", "scopes": ["read"]}).json["secret"])
    assert re.search(r'<input[^>]* checked [^>]*name="revokes_tokens"', ann.page("/settings/account"))
    first, second = ("other lanterns under water", "third lanterns over sand")
    ann.post("/settings/account/password", current_password=PASSWORD, password=first, password2=first)
    assert script.get("/me").status_code == 200, "not ticked"
    fields = {"current_password": first, "password": second, "password2": second, "revokes_tokens": "y"}
    ann.post("/settings/account/password", **fields)
    assert script.get("/me").status_code == 401


def _base64(raw: bytes) -> str:
    return base64.b64encode(raw).decode()


MALFORMED = [
    *("Token abc", "Bearer", "Bearer a b", "\xff", "Digest username=ann", " ", "Basic", "basic  ", "Bearer =", "="),
    *("Basic !!!", "Basic é", "Basic YQ=", "Basic 한글", f"Basic {_base64(b'ann')}", f"Basic {_base64(b':')}"),
    *(f"Basic {_base64(raw)}" for raw in (b"\xff\xfe:x", b"ann:\xed\xa0\x80", b"a\0nn:\0", b"@:@", b"ann" * 9_000)),
    *(f"Basic {_base64(b'a' * length + b':' + b'b' * length)}" for length in (300, 20_000)),
    *(
        "Bearer é",
        "Bearer \x00",
        "Bearer madang_é",
        "Bearer madang_\x00",
        "Bearer e30.e30.e30",
        "Bearer ..",
        "Bearer a=b",
    ),
    *(f"Bearer {start}{'x' * 60_000}" for start in ("", "madang_", "e30.")),
    *("Digest " + "a," * 9_000, 'Digest a="' + "\\" * 900, "\x00", "Bearer\tx", "Basic \t\xa0"),
]


@pytest.mark.parametrize("is_basic_on", [False, True])
@pytest.mark.parametrize("header", MALFORMED, ids=range(len(MALFORMED)))
def test_a_malformed_header_is_refused(app, ann, header, is_basic_on):
    """Not base64, not ASCII, not UTF-8, no colon, NUL, very long; also where the refresh token is read."""
    app.config["API_BASIC_AUTH"] = is_basic_on
    raw = header.encode("utf-8").decode("latin-1")  # as a server hands it over
    for method, path in (("GET", "/posts"), ("POST", "/auth/refresh"), ("POST", "/auth/logout")):
        answer = Program(app).call(method, path, environ_overrides={"HTTP_AUTHORIZATION": raw})
        is_readable = is_basic_on and header.startswith("Basic ") and answer.json["code"] == "wrong_credentials"
        assert_refused(answer, "wrong_credentials" if is_readable else "invalid_token")


def test_an_invalid_token_does_not_fall_back_to_the_cookie(ann):
    answer = ann.client.get("/api/v1/me", headers={"Authorization": "Bearer nonsense"})
    assert_refused(answer, "invalid_token")


def test_basic_authentication_works_where_it_is_allowed(app, ann):
    def call(password: str):
        credentials = base64.b64encode(f"ann:{password}".encode()).decode()
        return Program(app).get("/me", headers={"Authorization": f"Basic {credentials}"})

    assert_refused(call(PASSWORD), "invalid_token")
    app.config["API_BASIC_AUTH"] = True
    assert [call(PASSWORD).json["username"] for _ in range(2)] == ["ann", "ann"]
    assert_refused(call("not her password"), "wrong_credentials")
    assert 'Basic realm="Madang"' in call("no").headers["WWW-Authenticate"]
    change_password(ann)
    assert_refused(call(PASSWORD), "wrong_credentials")


def test_a_browser_session_writes_only_with_its_csrf_token(ann):
    question = {"board": "qa", "title": "How do I move a yard?", "body": "I tried things.", "tags": []}
    without = ann.client.post("/api/v1/posts", json=question)
    assert without.status_code == 400
    assert ann.client.post("/api/v1/posts", json=question, headers={"X-CSRFToken": ann.token}).status_code == 201
    assert ann.client.get("/api/v1/me").json["username"] == "ann"


class TestPersonalTokens:
    def create_token(self, person, scopes=("read",), **payload):
        payload = {"name": "script", "scopes": list(scopes), **payload}
        answer = program_of(person).post("/me/tokens", payload)
        assert answer.status_code == 201, answer.text
        return answer.json

    def test_scopes_limit_a_token(self, app, ann):
        reading = Program(app, self.create_token(ann)["secret"])
        assert reading.read("/me")["username"] == "ann"
        question = {"board": "qa", "title": "How do I move a yard?", "body": "I tried things."}
        assert_refused(reading.post("/posts", question), "insufficient_scope", 403)
        assert Program(app, self.create_token(ann, ["write"])["secret"]).post("/posts", question).status_code == 201

    def test_the_secret_is_returned_once(self, app, ann):
        created = self.create_token(ann)
        listed = program_of(ann).get("/me/tokens")
        assert created["secret"].startswith("madang_")
        assert created["secret"] not in listed.text
        assert listed.json["items"][0]["name"] == "script"
        assert listed.json["items"][0]["last_used_at"] is None
        Program(app, created["secret"]).read("/me")
        assert program_of(ann).read("/me/tokens")["items"][0]["last_used_at"]

    def test_only_its_owner_can_revoke_a_token(self, app, ann, bob):
        created = self.create_token(ann)
        path = f"/me/tokens/{created['token']['id']}"
        assert_refused(program_of(bob).delete(path), "not_found", 404)
        assert program_of(ann).delete(path).status_code == 204
        assert_refused(Program(app, created["secret"]).get("/me"), "invalid_token")

    def test_a_token_expires(self, app, ann):
        created = self.create_token(ann, days=1)
        with at(now() + timedelta(days=1, seconds=1)):
            assert_refused(Program(app, created["secret"]).get("/me"), "invalid_token")

    def test_a_token_cannot_create_tokens(self, app, ann):
        token = Program(app, self.create_token(ann, ["read", "write"])["secret"])
        assert_refused(token.post("/me/tokens", {"name": "more", "scopes": ["read"]}), "insufficient_scope", 403)

    def test_each_wrong_field_gets_an_error(self, ann):
        program = program_of(ann)
        answer = program.post("/me/tokens", {"name": "", "scopes": ["fly"], "days": 0})
        assert answer.json["errors"].keys() == {"name", "scopes", "days"}
        assert program.post("/me/tokens", {"name": "x", "scopes": ["admin"]}).json["errors"].keys() == {"scopes"}
