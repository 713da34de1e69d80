"""What an OpenAPI document needs beyond routes and schemas: who may call, what can go wrong, examples of everything."""

import json
import re
from typing import Any

from flask import Flask
from flask_smorest.spec.plugins import FlaskPlugin
from werkzeug.routing import Rule

from .auth import ADMIN, JSON, PROBLEM, Access
from .blueprint import PREFIX
from .openapi_constants import HEADERS, PARAMETERS, PATH_EXAMPLES, PATH_WORDS, SECURITY, STATUS_CODES


class Completion:
    """Completes the document that flask-smorest has made of the routes of `names`, the application's blueprints."""

    def __init__(self, app: Flask, names: list[str], made: dict[str, Any]) -> None:
        self.app, self.names, self.made = app, names, made
        self.schemas: dict[str, Any] = made["components"]["schemas"]
        self.responses: dict[str, Any] = {}

    def document(self, introduction: str, tags: list[dict[str, str]]) -> dict[str, Any]:
        paths = self.made["paths"]
        for rule in self.app.url_map.iter_rules():
            if rule.endpoint.partition(".")[0] in self.names:
                self._complete_path(rule, paths[FlaskPlugin.flaskpath2openapi(rule.rule)])
        _forget_unused(self.schemas, [paths, self.responses])
        document = {
            "openapi": "3.1.0",
            "info": {
                **self.made["info"],
                "description": introduction,
                "license": {"name": "MIT", "identifier": "MIT"},
                "contact": {"name": "The administrators of this site"},
            },
            "servers": [{"url": PREFIX, "description": "This site"}],
            "tags": tags,
            "paths": {path.removeprefix(PREFIX): _sorted(paths[path]) for path in sorted(paths)},
            "components": {
                "schemas": {name: self.schemas[name] for name in sorted(self.schemas)},
                "responses": {name: self.responses[name] for name in sorted(self.responses)},
                "parameters": PARAMETERS,
                "headers": HEADERS,
                "securitySchemes": SECURITY,
            },
        }
        plain: dict[str, Any] = json.loads(json.dumps(document))
        _use_json_schema_examples(plain)
        return plain

    def _complete_path(self, rule: Rule, path: dict[str, Any]) -> None:
        view: Any = self.app.view_functions[rule.endpoint]
        access: Access = view.access
        for parameter in path.pop("parameters", []):
            for operation in path.values():
                operation.setdefault("parameters", []).append(parameter)
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}:
            self._complete(path[method.lower()], method, rule, access)

    def _complete(self, operation: dict[str, Any], method: str, rule: Rule, access: Access) -> None:
        operation["operationId"] = rule.endpoint.rpartition(".")[2]
        operation["description"] = _described(operation, method, access)
        operation["security"] = _security(method, access)
        parameters = operation.setdefault("parameters", [])
        for parameter in parameters:
            _give_example(parameter)
        parameters += self._headers_asked(operation, method, rule, access)
        for content in operation.get("requestBody", {}).get("content", {}).values():
            content.setdefault("example", self._example(content["schema"]))
        self._complete_answers(operation, method, rule, access)

    def _headers_asked(
        self, operation: dict[str, Any], method: str, rule: Rule, access: Access
    ) -> list[dict[str, Any]]:
        names = []
        if method == "GET" and JSON in operation["responses"].get("200", {}).get("content", {}):
            names = ["IfNoneMatch"]
            operation["parameters"].append(self._fields_parameter(operation["responses"]["200"]))
        elif method == "POST" and access.idempotent:
            names = ["IdempotencyKey"]
        elif access.if_match:
            names = ["IfMatch"]
        return [{"$ref": f"#/components/parameters/{name}"} for name in names]

    def _fields_parameter(self, answer: dict[str, Any]) -> dict[str, Any]:
        """The parameter that says which fields one wants, of the shape that is shown or listed."""
        shape = self._shape(answer["content"][JSON]["schema"])
        if "next_cursor" in shape["properties"]:
            shape = self._shape(shape["properties"]["items"]["items"])
        schema = {"type": "string", "example": ",".join(list(shape["properties"])[:2])}
        words = "Only these fields, with commas between them."
        return {"in": "query", "name": "fields", "required": False, "description": words, "schema": schema}

    def _shape(self, schema: dict[str, Any]) -> dict[str, Any]:
        return self.schemas[schema["$ref"].rpartition("/")[2]] if "$ref" in schema else schema

    def _complete_answers(self, operation: dict[str, Any], method: str, rule: Rule, access: Access) -> None:
        answers = {str(status): answer for status, answer in operation["responses"].items() if int(status) < 400}
        declared = {int(status) for status in operation["responses"] if int(status) >= 400}
        for status, answer in answers.items():
            self._complete_answer(answer, status, method)
        if method == "GET" and any("content" in answer for answer in answers.values()):
            answers["304"] = {"description": "The caller's copy is still right."}
        for code in sorted(declared | _errors(operation, method, rule, access)):
            answers[str(code)] = self._problem(code)
        operation["responses"] = answers

    def _complete_answer(self, answer: dict[str, Any], status: str, method: str) -> None:
        headers = {"ETag"} if JSON in answer.get("content", {}) else set()
        for content in answer.get("content", {}).values():
            if "schema" in content:
                content.setdefault("example", self._example(content["schema"]))
                if content["schema"].get("$ref", "").endswith("List"):
                    headers.add("Link")
        if status == "201":
            headers.add("Location")
        if headers:
            answer["headers"] = {name: {"$ref": f"#/components/headers/{name}"} for name in sorted(headers)}

    def _problem(self, status: int) -> dict[str, Any]:
        name, words, code = STATUS_CODES[status]
        example = {"type": "about:blank", "title": words, "status": status, "detail": words, "code": code}
        content = {"schema": {"$ref": "#/components/schemas/Problem"}, "example": example}
        self.responses[name] = {"description": words, "content": {PROBLEM: content}}
        return {"$ref": f"#/components/responses/{name}"}

    def _example(self, schema: dict[str, Any]) -> Any:
        """An example of a schema, made of its fields' own."""
        if "example" in schema:
            return schema["example"]
        if "$ref" in schema:
            return self._example(self.schemas[schema["$ref"].rpartition("/")[2]])
        for part in ("allOf", "anyOf", "oneOf"):
            if part in schema:
                return self._example(schema[part][0])
        kind = schema.get("type")
        if kind == "array":
            return [self._example(schema["items"])]
        if kind == "object" or "properties" in schema:
            return {name: self._example(part) for name, part in schema.get("properties", {}).items()}
        raise LookupError(f"No example for {schema}")


def _described(operation: dict[str, Any], method: str, access: Access) -> str:
    words = [operation.get("description") or operation["summary"]]
    if not access.is_public:
        words.append(f"A personal token needs the scope `{access.scope_of(method)}`.")
    if access.is_fresh:
        words.append("Asks for a fresh access token: one of a log-in, not of a refresh.")
    return " ".join(words)


def _security(method: str, access: Access) -> list[dict[str, list[str]]]:
    session: dict[str, list[str]] = {"session": []} if method == "GET" else {"session": [], "csrf": []}
    ways: list[dict[str, list[str]]] = [{"bearer": []}, {"basic": []}, session]
    return [{}, *ways] if access.is_public else ways


def _errors(operation: dict[str, Any], method: str, rule: Rule, access: Access) -> set[int]:
    """What can go wrong with any route of this kind."""
    found = {401, 403, 406, 422, 429, 503}
    if method != "GET":
        found |= {400, 409, 413}
    if "requestBody" in operation:
        found |= {415}
    if rule.arguments:
        found |= {404, 410}
    if access.scope == ADMIN:  # to whom it is not open it does not exist
        found |= {404}
    if access.if_match:
        found |= {412}
    return found


def _give_example(parameter: dict[str, Any]) -> None:
    """An example for a parameter; an optional one stands in its schema, so that nobody sends it unasked."""
    schema = parameter.get("schema", {})
    if parameter.get("in") == "query":
        _take_null_away(schema)
    known = schema.pop("example", None)
    known = PATH_EXAMPLES.get(parameter.get("name", "")) if known is None else known
    example = known if known is not None else (12 if schema.get("type") == "integer" else "word")
    if parameter.get("required"):
        parameter["example"] = example
    elif "name" in parameter:
        schema["example"] = parameter.pop("example", example)
    if parameter.get("in") == "path" and "description" not in parameter:
        parameter["description"] = PATH_WORDS.get(parameter["name"], f"The {parameter['name'].replace('_', ' ')}.")


def _forget_unused(schemas: dict[str, Any], roots: Any) -> None:
    """Take away the schemas that nothing leads to."""
    used, todo = set(), _referred(roots)
    while todo:
        name = todo.pop()
        if name not in used:
            used.add(name)
            todo |= _referred(schemas[name])
    for name in schemas.keys() - used:
        del schemas[name]


def _referred(part: Any) -> set[str]:
    return set(re.findall(r'"#/components/schemas/(\w+)"', json.dumps(part)))


def _take_null_away(schema: dict[str, Any]) -> None:
    """A query has no null: what is left out is None in the code alone."""
    if isinstance(schema.get("type"), list):
        schema["type"] = next(kind for kind in schema["type"] if kind != "null")
    if "enum" in schema:
        schema["enum"] = [value for value in schema["enum"] if value is not None]
    if schema.get("default", 0) is None:
        del schema["default"]


def _sorted(path: dict[str, Any]) -> dict[str, Any]:
    return {method: path[method] for method in ("get", "post", "put", "patch", "delete") if method in path}


def _use_json_schema_examples(part: Any) -> None:
    """In OpenAPI 3.1 a schema is JSON Schema, which says `examples`."""
    if isinstance(part, dict):
        for name, inner in part.items():
            if name == "schema" or name == "schemas":
                for schema in inner.values() if name == "schemas" else (inner,):
                    _rename_examples(schema)
            else:
                _use_json_schema_examples(inner)
    elif isinstance(part, list):
        for inner in part:
            _use_json_schema_examples(inner)


def _rename_examples(schema: Any) -> None:
    if isinstance(schema, list):
        for inner in schema:
            _rename_examples(inner)
    elif isinstance(schema, dict):
        if "example" in schema and ("type" in schema or "$ref" in schema or "allOf" in schema):
            schema["examples"] = [schema.pop("example")]
        for name, inner in schema.items():
            if name == "properties":
                for field in inner.values():
                    _rename_examples(field)
            elif name not in ("examples", "default", "enum"):
                _rename_examples(inner)
