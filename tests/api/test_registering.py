"""Registration and log-in by the API: by address, without a username, in the caller's language, before the setup."""

import base64

import pytest

from madang.core.db import transaction
from madang.core.site import set_site
from tests.people import PASSWORD

from .programs import Program, program_of

pytestmark = pytest.mark.each_database


def register(app, email: str, **fields: object):
    return Program(app).post("/auth/register", {"email": email, "password": PASSWORD, **fields})


@pytest.mark.parametrize("name", [{"username": "ann"}, {"email": "ann@example.org"}, {"username": "ann@example.org"}])
def test_the_log_in_takes_a_username_or_an_address(app, ann, name):
    """Tried too: the address in capitals, which is the same account."""
    for fields in (name, {key: value.upper() for key, value in name.items()}):
        assert Program(app).post("/auth/login", {**fields, "password": PASSWORD}).status_code == 200


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({}, {"username"}),
        ({"username": None, "email": None}, {"username"}),
        ({"username": "ann", "email": "ann@example.org"}, {"email"}),
        ({"username": "ann", "email": "bob@example.org"}, {"email"}),
        ({"email": "ann"}, {"email"}),
        ({"email": ""}, {"email"}),
        ({"email": 7}, {"email"}),
    ],
)
def test_a_log_in_names_one_account(app, ann, fields, wrong):
    answer = Program(app).post("/auth/login", {**fields, "password": PASSWORD})
    assert (answer.status_code, answer.json["errors"].keys() & {"username", "email"}) == (422, wrong)


def test_an_unknown_address_is_refused_like_a_wrong_password(app, ann):
    for email in ("nobody@example.org", "ann@example.com"):
        answer = Program(app).post("/auth/login", {"email": email, "password": PASSWORD})
        assert (answer.status_code, answer.json["code"]) == (401, "wrong_credentials")


FROM_ADDRESSES = [
    ("nari@example.org", "nari"),
    ("nari.kim@example.org", "nari.kim"),
    ("nari+madang@example.org", "nari"),
    ("Nari_Kim@example.org", "Nari_Kim"),
    ("o'brien@example.org", "obrien"),
    ("-nari-@example.org", "nari"),
    ("nari._kim@example.org", "nari.kim"),
]


@pytest.mark.parametrize(("email", "username"), FROM_ADDRESSES)
def test_an_account_without_a_username_gets_one_from_the_address(app, email, username):
    created = register(app, email)
    assert (created.status_code, created.json["username"]) == (201, username)
    assert created.headers["Location"].endswith(f"/users/{username}")


@pytest.mark.parametrize(
    ("email", "start"),
    [
        ("ann@elsewhere.org", "ann"),
        ("admin@example.org", "member"),
        ("moderator@example.org", "member"),
        ("12345@example.org", "member"),
        ("+x@example.org", "member"),
        ("7ab3cd@example.org", "7ab3cd"),
        ("k@example.org", "k"),
        (f"{'n' * 60}@example.org", "n" * 22),
    ],
)
def test_a_name_that_is_taken_or_not_allowed_gets_digits_or_is_replaced(app, ann, email, start):
    """Tried too: names of staff, numbers, handles of guests, one letter, long ones. The domain stands in none."""
    username = register(app, email).json["username"]
    assert username.startswith(start) and len(username) <= 30 and username != "ann"
    assert "example" not in username and "elsewhere" not in username
    assert Program(app).read(f"/users/{username}")["username"] == username


def test_ten_accounts_with_the_same_name_before_the_at_sign(app):
    names = {register(app, f"nari@place{number}.example.org").json["username"] for number in range(10)}
    assert len(names) == 10 and all(name.startswith("nari") for name in names)


def test_an_empty_username_is_refused(app):
    answer = register(app, "nari@example.org", username="")
    assert answer.status_code == 422 and answer.json["errors"].keys() == {"username"}
    assert answer.json["detail"].startswith("username: ")


def test_wrong_fields_beside_a_missing_username_are_named(app, ann):
    answer = Program(app).post("/auth/register", {"email": "ann@example.org", "password": "short"})
    assert answer.json["errors"].keys() == {"email", "password"}


def basic(name: str, password: str) -> dict[str, str]:
    return {"Authorization": "Basic " + base64.b64encode(f"{name}:{password}".encode()).decode()}


@pytest.mark.parametrize("name", ["ann", "nobody", "ann@example.org"])
def test_a_wrong_password_by_basic_has_the_code_of_the_log_in(app, ann, name):
    app.config["API_BASIC_AUTH"] = True
    for path in ("/me", "/posts", "/nothing"):
        answer = Program(app).get(path, headers=basic(name, "not her password"))
        assert (answer.status_code, answer.json["code"]) == (401, "wrong_credentials")


@pytest.mark.parametrize(
    ("name", "accept", "is_korean"),
    [
        ("ann", "ko", True),
        ("ann", "ko-KR,en;q=0.5", True),
        ("ann", "en", False),
        ("ann", None, False),
        ("ann", "fr", False),
        ("cho", "en", False),
        ("cho", "ko", True),
        ("cho", None, True),
        ("cho", "fr, *", True),
    ],
)
def test_a_program_is_answered_in_the_language_that_it_accepts_else_in_its_accounts(people, name, accept, is_korean):
    headers = {} if accept is None else {"Accept-Language": accept}
    answer = program_of(people[name]).post("/posts", {}, headers=headers)
    assert ("This is required." not in answer.json["detail"]) == is_korean


def test_the_sites_own_scripts_have_the_language_of_the_page(cho):
    headers = {"Accept-Language": "en", "X-CSRFToken": cho.token}
    answer = cho.client.post("/api/v1/posts", json={}, headers=headers)
    assert "This is required." not in answer.json["detail"]


@pytest.mark.parametrize(("accept", "sentence"), [("en", "This site is not set up yet."), ("ko", "설정되지 않았어요.")])
def test_before_the_setup_every_call_says_so(app, ann, accept, sentence):
    program = program_of(ann)
    with app.app_context(), transaction():
        set_site(is_set_up="")
    for caller in (Program(app), program, Program(app, "nonsense")):
        for method, path in (("GET", "/posts"), ("POST", "/auth/login"), ("GET", "/nothing")):
            answer = caller.call(method, path, {} if method == "POST" else None, headers={"Accept-Language": accept})
            assert (answer.status_code, answer.json["code"]) == (503, "not_set_up")
            assert sentence in answer.json["detail"] and "busy" not in answer.text
            assert answer.headers["Retry-After"]


@pytest.mark.parametrize(
    ("method", "path"), [("GET", "/nothing"), ("GET", "/posts/99"), ("POST", "/nothing"), ("GET", "/users/nobody")]
)
def test_what_is_not_there_has_one_code(app, ann, method, path):
    """Tried too: an unknown route, an id too large for the database, a NUL, a board and a tag that nobody made."""
    assert program_of(ann).call(method, path).json["code"] == "not_found"
    for path in ("/posts/99999999999999999999", "/posts/%00", "/boards/nowhere", "/tags/nowhere"):
        assert Program(app).get(path).json["code"] == "not_found"


@pytest.mark.parametrize(
    ("method", "path"), [("DELETE", "/posts"), ("PATCH", "/auth/login"), ("PUT", "/me/tokens"), ("GET", "/auth/login")]
)
def test_a_wrong_method_is_told_the_right_ones(app, ann, method, path):
    answer = program_of(ann).call(method, path)
    assert answer.status_code == 405
    allowed = answer.headers["Allow"]
    assert answer.json["detail"] == f"This address accepts only {', '.join(sorted(allowed.split(', ')))}."
    korean = Program(app).call(method, path, headers={"Accept-Language": "ko"}).json["detail"]
    assert "메서드만 받아요." in korean and all(name in korean for name in allowed.split(", "))
