"""Authorisation of every API route: without a token, with too few scopes, with a stale token, and by role."""

import re
from typing import Any

import pytest
from flask import Flask
from werkzeug.routing import Rule

from madang.core.rest.openapi import api_document
from tests.api.programs import V1, Program, program_of, tokens_of

READS = {"GET"}


def _rules(app: Flask) -> list[tuple[str, Rule]]:
    rules = [rule for rule in app.url_map.iter_rules() if rule.rule.startswith(V1)]
    return sorted(
        ((method, rule) for rule in rules for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}),
        key=lambda pair: (pair[1].rule, pair[0]),
    )


def _name(method: str, rule: Rule) -> str:
    """A route as the OpenAPI document names it."""
    path = re.sub(r"<(?:[^:>]+:)?([^>]+)>", r"{\1}", rule.rule.removeprefix(V1))
    return f"{method} {path}"


def _body(app: Flask, method: str, rule: Rule) -> Any:
    """The example of the request body in the OpenAPI document; None for a route without a body."""
    name = _name(method, rule).partition(" ")[2]
    with app.app_context():
        operation = api_document()["paths"][name][method.lower()]
    content = operation.get("requestBody", {}).get("content", {})
    return content.get("application/json", {}).get("example")


def _send(program: Program, method: str, path: str, body: Any):
    return program.call(method, path, body)


def test_routes_that_are_not_public_require_a_login(app):
    anonymous = Program(app)
    for method, rule in _rules(app):
        if app.view_functions[rule.endpoint].access.is_public:
            continue
        path = re.sub(r"<[^>]+>", "1", rule.rule)
        answer = _send(anonymous, method, path, _body(app, method, rule))
        assert (answer.status_code, answer.json["code"]) == (401, "not_logged_in"), f"{method} {rule.rule}"


def test_a_token_is_limited_to_its_scopes(app, people):
    """A token with the scope `read` alone can neither write nor read what needs `messages` or `admin`."""
    ruth = people["ruth"]
    token = program_of(ruth).post("/me/tokens", {"name": "reader", "scopes": ["read"]}).json
    reader = Program(app, token["secret"])
    for method, rule in _rules(app):
        access = app.view_functions[rule.endpoint].access
        if access.scope_of(method) == "read" and not access.is_fresh:
            continue
        path = re.sub(r"<[^>]+>", "1", rule.rule)
        answer = _send(reader, method, path, _body(app, method, rule))
        assert (answer.status_code, answer.json["code"]) == (403, "insufficient_scope"), f"{method} {rule.rule}"


def test_routes_that_need_a_fresh_token_refuse_a_refreshed_one(app, people):
    tokens = tokens_of(people["ruth"])
    stale = Program(app, Program(app, tokens["refresh_token"]).post("/auth/refresh").json["access_token"])
    for method, rule in _rules(app):
        if not app.view_functions[rule.endpoint].access.is_fresh:
            continue
        path = re.sub(r"<[^>]+>", "1", rule.rule)
        answer = _send(stale, method, path, _body(app, method, rule))
        assert (answer.status_code, answer.json["code"]) == (401, "fresh_token_required"), f"{method} {rule.rule}"


@pytest.mark.parametrize("who", ["ann", "dan"])
def test_only_administrators_administrate(app, people, who):
    program = program_of(people[who])
    for method, rule in _rules(app):
        if app.view_functions[rule.endpoint].access.scope != "admin":
            continue
        path = re.sub(r"<[^>]+>", "1", rule.rule)
        answer = _send(program, method, path, _body(app, method, rule))
        allowed = MODERATOR_ROUTES if who == "dan" else set()
        if _name(method, rule) not in allowed:
            assert answer.status_code in (403, 404), f"{method} {rule.rule}: {answer.status_code}"


# Routes with the scope `admin` that moderators may call too.
MODERATOR_ROUTES: set[str] = {
    "GET /admin/flags",
    "PUT /admin/flags/comments/{comment_id}/verdict",
    "PUT /admin/flags/posts/{post_id}/deletion-request/verdict",
    "PUT /admin/flags/posts/{post_id}/verdict",
    "GET /admin/log",
    "GET /admin/reports",
    "GET /admin/tags",
    "POST /admin/tags",
    "GET /admin/tags/{name}",
    "PATCH /admin/tags/{name}",
    "DELETE /admin/tags/{name}",
    "POST /admin/tags/{name}/merge",
    "PUT /admin/tags/{name}/synonyms/{synonym}",
    "DELETE /admin/tags/{name}/synonyms/{synonym}",
}


SHARED_SUBJECT = re.compile(
    r"/(?:(?:posts|comments)/<int:\w+>|(?:admin/)?(?:boards|tags|users)/<\w+>|admin/groups/<\w+>)(?:/|$)"
)
OWN_MARKS = re.compile(r"/(?:vote|follow|flag|deletion-request|save|block)$")


def test_the_routes_with_if_match_follow_the_rule(whole_app):
    """The rule is in the docstring of `require_unchanged` (core/rest/serialisation.py)."""
    for rule in whole_app.url_map.iter_rules():
        if not rule.rule.startswith(V1):
            continue
        path, access = rule.rule.removeprefix(V1), whole_app.view_functions[rule.endpoint].access
        changes_shared = SHARED_SUBJECT.match(path) and not OWN_MARKS.search(path) and rule.methods & {"PUT", "DELETE"}
        assert access.if_match == bool("PATCH" in rule.methods or changes_shared), f"{rule.methods} {path}"


def test_routes_with_if_match_refuse_an_old_etag(app, people, ann):
    question = ann.ask(tags="yard")
    known = {"post_id": question, "comment_id": ann.comment(question), "name": "yard", "username": "ann", "slug": "qa"}
    ruth = program_of(people["ruth"])
    for method, rule in _rules(app):
        if not app.view_functions[rule.endpoint].access.if_match:
            continue
        path = rule.build({part: known.get(part, 1) for part in rule.arguments})[1]
        body = _body(app, method, rule)
        answer = ruth.call(method, path.removeprefix(V1), body, headers={"If-Match": '"0-old"'})
        assert answer.status_code in (404, 412), f"{method} {rule.rule}: {answer.status_code} {answer.text[:200]}"
