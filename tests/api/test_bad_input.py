"""Invalid API calls: each is refused with a status, a code and the name of the field."""

import json
import re
import threading

import pytest

from .programs import V1, Program, program_of

WORDS = {"title": "How do I move a yard?", "body": "I tried the obvious things."}
QUESTION = {"board": "qa", **WORDS, "tags": []}
JSON = {"Content-Type": "application/json"}


@pytest.fixture
def program(ann) -> Program:
    return program_of(ann)


def send_body(program: Program, body: bytes, headers: dict | None = None):
    return program.call("POST", "/posts", data=body, headers=JSON if headers is None else headers)


def problem(answer, status: int, code: str) -> dict:
    """Check the problem document of a response, and return it."""
    assert (answer.status_code, answer.mimetype) == (status, "application/problem+json"), answer.text
    assert answer.json["code"] == code
    assert answer.json["status"] == status
    assert answer.json["detail"].endswith((".", "?", "!"))
    return answer.json


NO_JSON = {
    "nothing": b"",
    "half of it": b'{"title": ',
    "a comma too many": b'{"title": "x",}',
    "single quotes": b"{'title': 'x'}",
    "not UTF-8": b'{"title": "\xff"}',
    "UTF-16": '{"title": "x"}'.encode("utf-16"),
    "a name twice": b'{"title": "x", "title": "y"}',
    "NaN": b'{"title": NaN}',
    "Infinity": b'{"title": -Infinity}',
    "a deep list": b"[" * 100_000,
    "a deep list that ends": b"[" * 5_000 + b"]" * 5_000,
    "a deep object": b'{"a":' * 30 + b"1" + b"}" * 30,
    "half a character": b'{"title": "\\ud800"}',
    "a huge number": b'{"days": ' + b"9" * 10_000 + b"}",
}


@pytest.mark.parametrize("kind", NO_JSON)
def test_invalid_json_is_a_bad_request(program, kind):
    problem(send_body(program, NO_JSON[kind]), 400, "bad_request")


@pytest.mark.parametrize(("method", "path"), [("POST", "/posts"), ("PUT", "/drafts/post"), ("PATCH", "/tags/yard")])
def test_a_missing_body_is_a_bad_request(program, method, path):
    problem(program.call(method, path), 400, "bad_request")


@pytest.mark.parametrize("value", [[], "text", 7, None, True, [QUESTION]])
def test_a_json_body_must_be_an_object(program, value):
    told = problem(send_body(program, json.dumps(value).encode()), 422, "invalid_input")
    assert "errors" not in told
    assert told["detail"].startswith("This is a list" if isinstance(value, list) else "Please send an object")


REPEATED = [
    ({}, "board, title, body: This is required."),
    ({**QUESTION, "title": "x", "body": ""}, ""),
    ({**QUESTION, "tags": [7, 8], "title": 1}, ""),
    ({**QUESTION, "colour": 1, "shade": 2}, ""),
]


@pytest.mark.parametrize(("body", "sentence"), REPEATED)
def test_the_detail_names_each_field_once(program, body, sentence):
    told = problem(program.post("/posts", body), 422, "invalid_input")
    assert all(len(re.findall(rf"\b{re.escape(name)}[:,]", told["detail"])) == 1 for name in told["errors"])
    assert all(message in told["detail"] for message in told["errors"].values())
    assert not sentence or told["detail"] == sentence


@pytest.mark.parametrize(
    "kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", ""]
)
def test_another_media_type_is_refused(program, kind):
    problem(send_body(program, json.dumps(QUESTION).encode(), {"Content-Type": kind}), 415, "unsupported_media_type")


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("title", 7),
        ("title", None),
        ("title", ["x"]),
        ("title", {"x": 1}),
        ("title", True),
        ("body", 1.5),
        ("tags", "python"),
        ("tags", [7]),
        ("tags", {"0": "x"}),
        ("colour", "red"),
        ("board", "nowhere"),
    ],
)
def test_a_value_of_the_wrong_type_is_named(program, field, value):
    told = problem(program.post("/posts", {**QUESTION, field: value}), 422, "invalid_input")
    assert [name.partition(".")[0] for name in told["errors"]] == [field]


@pytest.mark.parametrize("value", ["1", 1.0, True, None, 2, [1]])
def test_a_number_is_a_number(ann, program, value):
    days = program.post("/me/tokens", {"name": "x", "scopes": ["read"], "days": value})
    if value in (2, None) and value is not True:
        assert days.status_code == 201
    else:
        assert problem(days, 422, "invalid_input")["errors"].keys() == {"days"}


@pytest.mark.parametrize("limit", ["0", "101", "-1", "ten", "1.5", "", "１", "9" * 30])
def test_a_limit_is_a_number_from_1_to_100(app, limit):
    assert problem(Program(app).get(f"/posts?limit={limit}"), 422, "invalid_input")["errors"].keys() == {"limit"}


@pytest.mark.parametrize("cursor", ["x", "WzEyXQ", "WzEyXQ.dGVzdA", "." * 50, "\x00", "한글", "x" * 5_000])
def test_a_forged_cursor_is_refused(app, cursor):
    assert problem(Program(app).get(f"/posts?cursor={cursor}"), 422, "invalid_input")["errors"].keys() == {"cursor"}


def test_a_cursor_of_another_list_is_refused(app, ann):
    for number in range(3):
        ann.ask(f"Question number {number}?")
    cursor = Program(app).read("/posts?limit=1")["next_cursor"]
    problem(Program(app).get(f"/posts?limit=1&sort=votes&cursor={cursor}"), 422, "invalid_input")


def test_a_too_large_body_is_refused_unread(app, program):
    length = {"CONTENT_LENGTH": str(50 * 1024**2)}
    answer = program.call("POST", "/posts", data=b"x", headers=JSON, environ_overrides=length)
    problem(answer, 413, "http_413")


@pytest.mark.parametrize("name", ["X-HTTP-Method-Override", "X-HTTP-Method", "X-Method-Override"])
def test_no_header_overrides_the_method(ann, app, program, name):
    number = ann.ask()
    assert program.get(f"/posts/{number}", headers={name: "DELETE"}).status_code == 200
    answer = program.post(f"/posts/{number}", headers={name: "DELETE"})
    problem(answer, 405, "http_405")
    methods = set(answer.headers["Allow"].split(", "))
    assert methods >= {"GET", "PUT", "PATCH", "DELETE"}
    assert (
        set(answer.json["detail"].removeprefix("This address accepts only ").removesuffix(".").split(", ")) == methods
    )
    assert program.post(f"/posts/{number}?_method=DELETE").status_code == 405
    assert Program(app).get(f"/posts/{number}").status_code == 200


@pytest.mark.parametrize("accept", ["text/html", "image/*", "application/xml;q=0.9"])
def test_a_caller_that_does_not_accept_json_is_refused(app, accept):
    problem(Program(app).get("/posts", headers={"Accept": accept}), 406, "not_acceptable")


@pytest.mark.parametrize(
    "accept", ["*/*", "application/*", "application/json", "text/html, */*;q=0.1", "application/problem+json"]
)
def test_a_caller_that_accepts_json_is_answered(app, accept):
    assert Program(app).get("/posts", headers={"Accept": accept}).status_code == 200


@pytest.mark.parametrize("path", ["/nothing", "/posts/x", "/posts/0", "/posts/99999999999999999999", "/posts/-1"])
def test_an_unknown_path_is_not_found(app, path):
    problem(Program(app).get(path), 404, "not_found")


def test_error_messages_are_in_the_callers_language(app):
    answer = Program(app).get("/me", headers={"Accept-Language": "ko"})
    assert problem(answer, 401, "not_logged_in")["detail"] == "액세스 토큰을 보내거나 로그인해 주세요."


def test_a_response_repeats_the_request_id(app):
    assert Program(app).get("/me", headers={"X-Request-ID": "abc-1"}).headers["X-Request-ID"] == "abc-1"
    given = Program(app).get("/me", headers={"X-Request-ID": "a b\x7f"}).headers["X-Request-ID"]
    assert given
    assert given != "a b\x7f"


def test_calls_are_counted_for_each_person(app, ann, bob):
    app.config["API_LIMIT"] = "3 per minute"
    hers, his = program_of(ann), program_of(bob)
    left = [hers.get("/me").headers["RateLimit"].partition(";t=")[0] for _ in range(3)]
    assert left == ['"api";r=2', '"api";r=1', '"api";r=0']
    refused = hers.get("/me")
    problem(refused, 429, "rate_limited")
    assert 1 <= int(refused.headers["Retry-After"]) <= 60
    assert refused.headers["RateLimit-Policy"] == '"api";q=3;w=60'
    assert his.get("/me").status_code == 200


def test_simultaneous_requests_with_one_key_write_once(app, ann):
    program = program_of(ann)
    answers, ready = [], threading.Barrier(4)

    def send() -> None:
        mine = Program(app, program.token)
        ready.wait()
        answers.append(mine.post("/posts", QUESTION, headers={"Idempotency-Key": "one"}))

    threads = [threading.Thread(target=send) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [answer.status_code for answer in answers] == [201] * 4
    assert len({answer.json["id"] for answer in answers}) == 1
    assert sum("Idempotency-Replayed" in answer.headers for answer in answers) == 3


@pytest.mark.parametrize("key", ["", "x" * 201])
def test_a_key_has_a_limited_length(program, key):
    problem(program.post("/posts", QUESTION, headers={"Idempotency-Key": key}), 422, "invalid_input")


def test_a_key_belongs_to_its_caller(ann, bob):
    first = program_of(ann).post("/posts", QUESTION, headers={"Idempotency-Key": "one"})
    second = program_of(bob).post("/posts", QUESTION, headers={"Idempotency-Key": "one"})
    assert first.json["id"] != second.json["id"]
    assert "Idempotency-Replayed" not in second.headers


def test_cors_is_off_by_default(app, ann):
    answer = Program(app).get("/posts", headers={"Origin": "https://elsewhere.example"})
    assert "Access-Control-Allow-Origin" not in answer.headers


def test_the_urls_of_these_tests_are_in_the_document(app):
    document = app.test_client().get("/openapi.json").json
    assert document["openapi"] == "3.1.0"
    assert document["servers"][0]["url"] == V1
