"""The enriched OpenAPI document: security, errors, headers, parameters, examples."""

import pytest

from madang.core.rest.openapi import api_document
from madang.core.rest.openapi_constants import STATUS_CODES, JsonObject
from tests.core.rest.sample_api import probe_app

EVERYWHERE = {"401", "403", "406", "422", "429", "503"}
WRITING = {"400", "409", "413"}
WITH_BODY = {"415"}
OF_ONE_THING = {"404", "410"}


@pytest.fixture(scope="module")
def document() -> JsonObject:
    with probe_app().test_request_context():
        return api_document()


def operation(document: JsonObject, method: str, path: str) -> JsonObject:
    return document["paths"][path][method]


def test_paths_are_relative_to_the_server(document):
    assert document["openapi"] == "3.1.0"
    assert document["servers"][0]["url"] == "/api/v1"
    assert list(document["paths"]) == ["/admin/yards", "/yards", "/yards/{yard_id}"]
    assert list(document["paths"]["/yards/{yard_id}"]) == ["get", "patch", "delete"]


def test_an_operation_id_is_the_name_of_its_view(document):
    assert operation(document, "get", "/yards")["operationId"] == "list_yards"
    assert operation(document, "get", "/yards")["tags"] == ["yards"]
    assert [tag["name"] for tag in document["tags"]] == ["admin", "yards"]


@pytest.mark.parametrize(
    ("method", "path", "ways"),
    [
        ("get", "/yards", [{}, {"bearer": []}, {"basic": []}, {"session": []}]),
        ("post", "/yards", [{}, {"bearer": []}, {"basic": []}, {"session": [], "csrf": []}]),
        ("patch", "/yards/{yard_id}", [{"bearer": []}, {"basic": []}, {"session": [], "csrf": []}]),
        ("get", "/admin/yards", [{"bearer": []}, {"basic": []}, {"session": []}]),
    ],
)
def test_security_of_operations(document, method, path, ways):
    assert operation(document, method, path)["security"] == ways


@pytest.mark.parametrize(
    ("method", "path", "words"),
    [
        ("get", "/yards", "All yards."),
        ("patch", "/yards/{yard_id}", "Change a yard. A personal token needs the scope `write`."),
        ("get", "/admin/yards", "All yards, for administrators. A personal token needs the scope `admin`."),
        (
            "delete",
            "/yards/{yard_id}",
            "Delete a yard. A personal token needs the scope `write`. "
            "Requires a fresh access token: one from a log-in, not from a refresh.",
        ),
    ],
)
def test_descriptions_name_the_scope_of_a_token(document, method, path, words):
    assert operation(document, method, path)["description"] == words


@pytest.mark.parametrize(
    ("method", "path", "errors"),
    [
        ("get", "/yards", EVERYWHERE),
        ("post", "/yards", EVERYWHERE | WRITING | WITH_BODY),
        ("get", "/yards/{yard_id}", EVERYWHERE | OF_ONE_THING),
        ("patch", "/yards/{yard_id}", EVERYWHERE | WRITING | WITH_BODY | OF_ONE_THING | {"412"}),
        ("delete", "/yards/{yard_id}", EVERYWHERE | WRITING | OF_ONE_THING),
        ("get", "/admin/yards", EVERYWHERE | {"404"}),
    ],
)
def test_error_responses_of_operations(document, method, path, errors):
    answers = operation(document, method, path)["responses"]
    assert {status for status in answers if int(status) >= 400} == errors
    for status in errors:
        assert answers[status] == {"$ref": f"#/components/responses/{STATUS_CODES[int(status)][0]}"}


@pytest.mark.parametrize(
    ("method", "path", "status", "headers"),
    [
        ("get", "/yards", "200", {"ETag", "Link"}),
        ("get", "/yards/{yard_id}", "200", {"ETag"}),
        ("post", "/yards", "201", {"ETag", "Location"}),
        ("delete", "/yards/{yard_id}", "204", set()),
    ],
)
def test_headers_of_responses(document, method, path, status, headers):
    answers = operation(document, method, path)["responses"]
    assert set(answers[status].get("headers", {})) == headers
    assert ("304" in answers) is (method == "get")


@pytest.mark.parametrize(
    ("method", "path", "parameters"),
    [
        ("get", "/yards", {"limit", "cursor", "sort", "fields", "IfNoneMatch"}),
        ("post", "/yards", {"IdempotencyKey"}),
        ("get", "/yards/{yard_id}", {"yard_id", "fields", "IfNoneMatch"}),
        ("patch", "/yards/{yard_id}", {"yard_id", "IfMatch"}),
        ("delete", "/yards/{yard_id}", {"yard_id"}),
    ],
)
def test_parameters_of_operations(document, method, path, parameters):
    found = operation(document, method, path)["parameters"]
    assert {each.get("name") or each["$ref"].rpartition("/")[2] for each in found} == parameters


def parameter(document: JsonObject, path: str, name: str) -> JsonObject:
    return next(each for each in operation(document, "get", path)["parameters"] if each.get("name") == name)


def test_a_path_parameter_has_a_description_and_an_example(document):
    found = parameter(document, "/yards/{yard_id}", "yard_id")
    assert (found["description"], found["example"]) == ("The yard id.", 12)


def test_an_optional_parameter_has_its_example_in_its_schema(document):
    found = parameter(document, "/yards", "fields")
    assert "example" not in found
    assert found["schema"]["examples"] == ["id,title"]


@pytest.mark.parametrize(
    ("method", "path", "status", "example"),
    [
        ("get", "/yards/{yard_id}", "200", {"id": 12, "title": "A yard"}),
        ("post", "/yards", "201", {"id": 12, "title": "A yard"}),
        ("get", "/yards", "200", {"items": [{"id": 12, "title": "A yard"}], "next_cursor": "WzEyXQ.dGVzdA"}),
    ],
)
def test_a_response_has_an_example_composed_of_its_fields(document, method, path, status, example):
    content = operation(document, method, path)["responses"][status]["content"]["application/json"]
    assert content["example"] == example


def test_a_body_has_an_example(document):
    body = operation(document, "post", "/yards")["requestBody"]["content"]["application/json"]
    assert body["example"] == {"title": "A yard"}


def test_unused_schemas_are_removed(document):
    assert set(document["components"]["schemas"]) == {"NewYard", "Problem", "Yard", "YardList"}


def test_schemas_use_examples_of_json_schema(document):
    title = document["components"]["schemas"]["Yard"]["properties"]["title"]
    assert title["examples"] == ["A yard"] and "example" not in title


def test_every_problem_has_a_code_and_an_example(document):
    for answer in document["components"]["responses"].values():
        example = answer["content"]["application/problem+json"]["example"]
        assert example["code"] == STATUS_CODES[example["status"]][2]
