"""Attacks by API clients: rate limits, expensive input, ids out of range, rights that were taken away."""

import base64
import json

import pytest
from sqlalchemy import select

from madang.accounts.models import MAX_SESSIONS, LoginSession, User
from madang.accounts.operations.signed_links import password_token, staff_password_token
from madang.core.clock import now
from madang.core.db import db
from madang.core.web import fragment_cache
from tests.accounts.legacy import set_username
from tests.api.programs import V1, Program, program_of, tokens_of
from tests.people import PASSWORD
from tests.timing import assert_quick

JSON = {"Content-Type": "application/json"}
NEW_PASSWORD = "other lanterns under water"
LARGEST_IDS = (2**63, 10**30, -(10**30))


def test_all_tokens_of_a_member_share_one_rate_limit(app, ann, bob):
    app.config["API_LIMIT"] = "6 per minute"
    first = program_of(ann)
    made = [first.post("/me/tokens", {"name": name, "scopes": ["read"]}).json["secret"] for name in ("one", "two")]
    tokens = [*made, tokens_of(ann)["access_token"], *made, *made]
    assert [Program(app, token).get("/me").status_code for token in tokens] == [200] * 4 + [429] * 3
    assert program_of(bob).get("/me").status_code == 200


def test_choosing_fields_fills_no_memory(app, ann, monkeypatch):
    monkeypatch.setattr(fragment_cache, "_cache", fragment_cache.FragmentCache(fragment_cache.MAX_BYTES))
    post = ann.ask(body="A long text of this question. " * 1_000)
    monkeypatch.setattr(fragment_cache, "_cache", fragment_cache.FragmentCache(fragment_cache.MAX_BYTES))
    for fields in ("id", "title", "score", "id,title", "id,score"):
        assert Program(app).read(f"/posts/{post}?fields={fields}").keys() == set(fields.split(","))
        assert Program(app).read(f"/posts?fields={fields}")["items"]
    assert fragment_cache._cache.size == 0


@pytest.mark.parametrize(
    ("asked", "other"),
    [
        ("/posts?sort=votes", "/posts?sort=votes&tag=yard"),
        ("/posts?sort=votes&tag=yard", "/posts?sort=votes"),
        ("/posts?sort=active", "/posts?sort=active&author=ann"),
        ("/posts", "/posts?board=qa"),
        ("/todos?sort=due", "/todos?sort=due&state=done"),
    ],
)
def test_a_cursor_is_bound_to_its_filters(app, ann, asked, other):
    program = program_of(ann)
    for number in range(3):
        ann.ask(f"How do I move {number} yards?", tags="yard")
        program.post("/todos", {"title": f"Water yard {number}", "due_date": "2026-11-21"})
    join = "&" if "?" in asked else "?"
    cursor = program.read(f"{asked}{join}limit=1")["next_cursor"]
    assert cursor
    assert program.get(f"{other}&limit=1&cursor={cursor}").status_code == 422
    assert program.get(f"{asked}{join}limit=2&cursor={cursor}").status_code == 200


WIDE = {
    "a list": [1] * 1_000_000,
    "names": {str(number): 1 for number in range(200_000)},
    "lists in a list": {"username": [[]] * 800_000, "password": "x"},
    "tags": {"board": "qa", "title": "How do I move a yard?", "body": "I tried it all.", "tags": ["a"] * 500_000},
}


@pytest.mark.parametrize("kind", WIDE)
def test_json_with_a_million_values_is_refused_at_once(ann, kind):
    program = program_of(ann)
    body = json.dumps(WIDE[kind]).encode()

    def send() -> None:
        answer = program.call("POST", "/posts", data=body, headers=JSON)
        assert (answer.status_code, answer.json["code"]) == (400, "bad_request")

    assert_quick(send, 2)


def test_json_bodies_have_the_size_limit_of_forms(app):
    words = {"username": "ann", "password": "x" * app.config["MAX_FORM_MEMORY_SIZE"]}
    answer = Program(app).post("/auth/login", words)
    assert (answer.status_code, answer.mimetype) == (413, "application/problem+json")


@pytest.mark.parametrize("number", LARGEST_IDS)
@pytest.mark.parametrize(
    ("method", "path", "name"),
    [
        ("PUT", "/notifications/read", "post"),
        ("POST", "/todos", "list_id"),
        ("PATCH", "/todos/{todo}", "list_id"),
        ("PUT", "/todos/{todo}/position", "before"),
        ("PUT", "/todos/{todo}/position", "after"),
        ("POST", "/posts/{post}/comments", "parent_id"),
        ("PUT", "/posts/{post}/close", "duplicate_of"),
        ("PUT", "/posts/{post}/vote", "value"),
        ("POST", "/me/tokens", "days"),
    ],
)
def test_an_id_out_of_range_is_refused_at_its_field(dan, number, method, path, name):
    program = program_of(dan)
    words = {"title": "Water the yard", "body": "Which yard do you mean?", "reason": "off_topic", "name": "x"}
    todo = program.post("/todos", {"title": "Water the yard"}).json["id"]
    path = path.format(todo=todo, post=dan.ask())
    needed = {"/todos": ["title"], "/me/tokens": ["name"]}.get(path, [])
    needed += {"comments": ["body"], "close": ["reason"]}.get(path.rpartition("/")[2], [])
    scopes = {"scopes": ["read"]} if path == "/me/tokens" else {}
    answer = program.call(method, path, {**{key: words[key] for key in needed}, **scopes, name: number})
    assert (answer.status_code, answer.json.get("errors", {}).keys()) == (422, {name}), answer.text


@pytest.mark.parametrize("moment", ["0001-01-01T00:00:00+23:59", "9999-12-31T23:59:59-23:59"])
def test_a_time_out_of_range_is_refused_at_its_field(ann, moment):
    answer = program_of(ann).post("/todos", {"title": "Water the yard", "remind_at": moment})
    assert (answer.status_code, answer.json["errors"].keys()) == (422, {"remind_at"})


@pytest.mark.parametrize(("make", "proves"), [(staff_password_token, False), (password_token, True)])
def test_only_a_mailed_link_proves_the_address(app, ann, make, proves):
    with app.test_request_context():
        user = db.session.get_one(User, ann.id)
        user.email_confirmed_at = None
        token = make(user)
        db.session.commit()
    assert Program(app).put("/auth/password", {"token": token, "password": NEW_PASSWORD}).status_code == 204
    with app.test_request_context():
        assert (db.session.get_one(User, ann.id).email_confirmed_at is not None) == proves


def test_the_number_of_sessions_per_member_is_limited(app, ann):
    first = tokens_of(ann)["access_token"]
    last = [tokens_of(ann)["access_token"] for _ in range(MAX_SESSIONS)][-1]
    with app.test_request_context():
        mine = select(LoginSession.id).where(LoginSession.user_id == ann.id)
        assert len(db.session.scalars(mine).all()) == MAX_SESSIONS
    assert Program(app, first).get("/me").status_code == 401
    assert Program(app, last).get("/me").status_code == 200


@pytest.mark.each_database
def test_a_username_that_is_an_id_does_not_select_the_other_account(app, ann, eve, ruth):
    with app.test_request_context():
        db.session.add(User(id=4321, username="pat", username_key="pat", display_name="Pat", created_at=now()))
        db.session.commit()
    newcomer = {"username": "4321", "email": "new@example.org", "password": "seven lanterns over water"}
    assert Program(app).post("/auth/register", newcomer).status_code == 422
    set_username(eve, "4321")
    program = program_of(ruth)
    assert program.patch("/admin/users/4321", {"role": "moderator"}).status_code == 409
    assert program.patch("/admin/users/pat", {"role": "moderator"}).status_code == 200
    assert program.patch(f"/admin/users/{ann.id}", {"role": "moderator"}).json["username"] == "ann"


def test_a_password_reset_revokes_personal_tokens(app, ann):
    wanted = {"name": "of a thief", "scopes": ["read", "write"]}
    stolen = Program(app, program_of(ann).post("/me/tokens", wanted).json["secret"])
    assert stolen.get("/me").status_code == 200
    with app.test_request_context():
        token = password_token(db.session.get_one(User, ann.id))
    assert Program(app).put("/auth/password", {"token": token, "password": NEW_PASSWORD}).status_code == 204
    assert stolen.get("/me").status_code == 401


@pytest.mark.parametrize("number", LARGEST_IDS)
def test_a_position_out_of_range_is_refused(ruth, number):
    answer = program_of(ruth).patch("/admin/boards/qa", {"position": number})
    assert (answer.status_code, answer.json["errors"].keys()) == (422, {"position"})


SANCTIONS = {
    "suspended": lambda admin, person: admin.put(
        f"/admin/users/{person}/suspension", {"reason": "Loud", "until": "2027-11-21T00:00:00Z"}
    ),
    "demoted": lambda admin, person: admin.patch(f"/admin/users/{person}", {"role": "member"}),
    "deleted": lambda admin, person: admin.delete(f"/admin/users/{person}?reason=Loud"),
    "merged": lambda admin, person: admin.post(f"/admin/users/{person}/merge", {"into": "ann"}),
}


@pytest.mark.parametrize("how", SANCTIONS)
def test_losing_a_role_applies_to_tokens_at_once(app, ann, dan, ruth, how):
    question = ann.ask()
    by_password = program_of(dan)
    made = by_password.post("/me/tokens", {"name": "all", "scopes": ["read", "write", "messages", "admin"]})
    programs = [by_password, Program(app, made.json["secret"])]
    assert [program.put(f"/posts/{question}/pin").status_code for program in programs] == [200, 200]
    assert SANCTIONS[how](program_of(ruth), "dan").status_code in (200, 204)
    for program in programs:
        for method, path, words in (
            ("PUT", f"/posts/{question}/lock", None),
            ("DELETE", f"/posts/{question}", None),
            ("PATCH", "/tags/yard", {"excerpt": "Mine"}),
            ("GET", "/admin/tags", None),
            ("GET", "/admin/log", None),
            ("GET", "/admin/reports", None),
            ("POST", "/admin/tags", {"name": "mine"}),
            ("PATCH", "/admin/users/dan", {"role": "admin"}),
        ):
            answer = program.call(method, path, words)
            assert answer.status_code in (401, 403, 404), (how, method, path, answer.status_code)


@pytest.mark.parametrize(
    ("origin", "status"),
    [
        ("https://elsewhere.example", 401),
        ("null", 401),
        ("", 401),
        ("http://localhost", 204),
        ("https://friend.example", 204),
        (None, 204),
    ],
)
def test_basic_auth_is_refused_for_requests_from_other_sites(app, ann, origin, status):
    app.config.update(API_BASIC_AUTH=True, API_CORS_ORIGINS=("https://friend.example",))
    shown = base64.b64encode(f"ann:{PASSWORD}".encode()).decode()
    headers = {"Authorization": f"Basic {shown}"} | ({} if origin is None else {"Origin": origin})
    client = app.test_client(use_cookies=False)
    assert client.post(f"{V1}/conversations/read", headers=headers).status_code == status
    assert client.get(f"{V1}/me", headers=headers).status_code == 200, "nobody but this site reads the answer"
