"""Additions to the generated OpenAPI document: security, errors, headers and examples of every operation."""

import json
import re

from flask import Flask
from flask_smorest.spec.plugins import FlaskPlugin
from werkzeug.routing import Rule

from .access import ADMIN, JSON, PROBLEM, Access
from .blueprint import PREFIX
from .openapi_constants import HEADERS, PARAMETERS, PATH_DESCRIPTIONS, PATH_EXAMPLES, SECURITY, STATUS_CODES, JsonObject


class DocumentEnricher:
    """Enriches the document `generated` by flask-smorest from the routes of the blueprints `names`."""

    def __init__(self, app: Flask, names: list[str], generated: JsonObject) -> None:
        self.app, self.names, self.generated = app, names, generated
        self.schemas: JsonObject = generated["components"]["schemas"]
        self.responses: JsonObject = {}

    def document(self, introduction: str, tags: list[dict[str, str]]) -> JsonObject:
        paths = self.generated["paths"]
        for rule in self.app.url_map.iter_rules():
            if rule.endpoint.partition(".")[0] in self.names:
                self._enrich_path(rule, paths[FlaskPlugin.flaskpath2openapi(rule.rule)])
        _remove_unused(self.schemas, [paths, self.responses])
        document = {
            "openapi": "3.1.0",
            "info": {
                **self.generated["info"],
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
        plain: JsonObject = json.loads(json.dumps(document))
        _use_json_schema_examples(plain)
        return plain

    def _enrich_path(self, rule: Rule, path: JsonObject) -> None:
        access: Access = vars(self.app.view_functions[rule.endpoint])["access"]
        for parameter in path.pop("parameters", []):
            for operation in path.values():
                operation.setdefault("parameters", []).append(parameter)
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}:
            self._enrich_operation(path[method.lower()], method, rule, access)

    def _enrich_operation(self, operation: JsonObject, method: str, rule: Rule, access: Access) -> None:
        operation["operationId"] = rule.endpoint.rpartition(".")[2]
        operation["description"] = _description(operation, method, access)
        operation["security"] = _security(method, access)
        parameters = operation.setdefault("parameters", [])
        for parameter in parameters:
            _add_example(parameter)
        parameters += self._header_parameters(operation, method, access)
        for content in operation.get("requestBody", {}).get("content", {}).values():
            content.setdefault("example", self._example(content["schema"]))
        self._enrich_responses(operation, method, rule, access)

    def _header_parameters(self, operation: JsonObject, method: str, access: Access) -> list[JsonObject]:
        names = []
        if method == "GET" and JSON in operation["responses"].get("200", {}).get("content", {}):
            names = ["IfNoneMatch"]
            operation["parameters"].append(self._fields_parameter(operation["responses"]["200"]))
        elif method == "POST" and access.idempotent:
            names = ["IdempotencyKey"]
        elif access.if_match:
            names = ["IfMatch"]
        return [{"$ref": f"#/components/parameters/{name}"} for name in names]

    def _fields_parameter(self, response: JsonObject) -> JsonObject:
        """Return the parameter that selects fields of the response's schema, or of its items' schema."""
        properties = self._resolve(response["content"][JSON]["schema"])["properties"]
        if "next_cursor" in properties:
            properties = self._resolve(properties["items"]["items"])["properties"]
        schema = {"type": "string", "example": ",".join(list(properties)[:2])}
        description = "Return only these fields, separated by commas."
        return {"in": "query", "name": "fields", "required": False, "description": description, "schema": schema}

    def _resolve(self, schema: JsonObject) -> JsonObject:
        return self.schemas[schema["$ref"].rpartition("/")[2]] if "$ref" in schema else schema

    def _enrich_responses(self, operation: JsonObject, method: str, rule: Rule, access: Access) -> None:
        responses = {str(status): response for status, response in operation["responses"].items() if int(status) < 400}
        declared = {int(status) for status in operation["responses"] if int(status) >= 400}
        for status, response in responses.items():
            self._enrich_response(response, status)
        if method == "GET" and any("content" in response for response in responses.values()):
            responses["304"] = {"description": "The caller's copy is still current."}
        for code in sorted(declared | _error_statuses(operation, method, rule, access)):
            responses[str(code)] = self._problem(code)
        operation["responses"] = responses

    def _enrich_response(self, response: JsonObject, status: str) -> None:
        headers = {"ETag"} if JSON in response.get("content", {}) else set()
        for content in response.get("content", {}).values():
            if "schema" in content:
                content.setdefault("example", self._example(content["schema"]))
                if content["schema"].get("$ref", "").endswith("List"):
                    headers.add("Link")
        if status == "201":
            headers.add("Location")
        if headers:
            response["headers"] = {name: {"$ref": f"#/components/headers/{name}"} for name in sorted(headers)}

    def _problem(self, status: int) -> JsonObject:
        name, title, code = STATUS_CODES[status]
        example = {"type": "about:blank", "title": title, "status": status, "detail": title, "code": code}
        content = {"schema": {"$ref": "#/components/schemas/Problem"}, "example": example}
        self.responses[name] = {"description": title, "content": {PROBLEM: content}}
        return {"$ref": f"#/components/responses/{name}"}

    def _example(self, schema: JsonObject) -> object:
        """Return an example of a schema, composed of its fields' examples."""
        if "example" in schema:
            return schema["example"]
        if "$ref" in schema:
            return self._example(self._resolve(schema))
        for part in ("allOf", "anyOf", "oneOf"):
            if part in schema:
                return self._example(schema[part][0])
        kind = schema.get("type")
        if kind == "array":
            return [self._example(schema["items"])]
        if kind == "object" or "properties" in schema:
            return {name: self._example(part) for name, part in schema.get("properties", {}).items()}
        raise LookupError(f"No example for {schema}")


def _description(operation: JsonObject, method: str, access: Access) -> str:
    sentences = [operation.get("description") or operation["summary"]]
    if not access.is_public:
        sentences.append(f"A personal token needs the scope `{access.scope_of(method)}`.")
    if access.is_fresh:
        sentences.append("Requires a fresh access token: one from a log-in, not from a refresh.")
    return " ".join(sentences)


def _security(method: str, access: Access) -> list[dict[str, list[str]]]:
    session: dict[str, list[str]] = {"session": []} if method == "GET" else {"session": [], "csrf": []}
    schemes: list[dict[str, list[str]]] = [{"bearer": []}, {"basic": []}, session]
    return [{}, *schemes] if access.is_public else schemes


def _error_statuses(operation: JsonObject, method: str, rule: Rule, access: Access) -> set[int]:
    """Return the statuses of the errors that any route of this kind can raise."""
    statuses = {401, 403, 406, 422, 429, 503}
    if method != "GET":
        statuses |= {400, 409, 413}
    if "requestBody" in operation:
        statuses |= {415}
    if rule.arguments:
        statuses |= {404, 410}
    if access.scope == ADMIN:  # answers 404 to callers who are not staff
        statuses |= {404}
    if access.if_match:
        statuses |= {412}
    return statuses


def _add_example(parameter: JsonObject) -> None:
    """Add an example to a parameter: for an optional one to its schema, so that Swagger UI does not send it."""
    schema = parameter.get("schema", {})
    if parameter.get("in") == "query":
        _remove_null(schema)
    known = schema.pop("example", None)
    known = PATH_EXAMPLES.get(parameter.get("name", "")) if known is None else known
    example = known if known is not None else (12 if schema.get("type") == "integer" else "word")
    if parameter.get("required"):
        parameter["example"] = example
    elif "name" in parameter:
        schema["example"] = parameter.pop("example", example)
    if parameter.get("in") == "path":
        name = parameter["name"]
        parameter.setdefault("description", PATH_DESCRIPTIONS.get(name, f"The {name.replace('_', ' ')}."))


def _remove_unused(schemas: JsonObject, roots: object) -> None:
    """Remove the schemas that nothing refers to."""
    used, pending = set(), _references(roots)
    while pending:
        name = pending.pop()
        if name not in used:
            used.add(name)
            pending |= _references(schemas[name])
    for name in schemas.keys() - used:
        del schemas[name]


def _references(part: object) -> set[str]:
    return set(re.findall(r'"#/components/schemas/(\w+)"', json.dumps(part)))


def _remove_null(schema: JsonObject) -> None:
    """Remove null from the schema of a query parameter: a query string has none."""
    if isinstance(schema.get("type"), list):
        schema["type"] = next(kind for kind in schema["type"] if kind != "null")
    if "enum" in schema:
        schema["enum"] = [value for value in schema["enum"] if value is not None]
    if schema.get("default", 0) is None:
        del schema["default"]


def _sorted(path: JsonObject) -> JsonObject:
    return {method: path[method] for method in ("get", "post", "put", "patch", "delete") if method in path}


def _use_json_schema_examples(part: object) -> None:
    """Rename `example` to `examples` in all schemas: in OpenAPI 3.1 they are JSON Schema."""
    children: list[object] = []
    if isinstance(part, list):
        children = part
    elif isinstance(part, dict):
        if "example" in part and not part.keys().isdisjoint(("type", "$ref", "allOf")):
            part["examples"] = [part.pop("example")]
        for name, inner in part.items():
            if name not in ("example", "examples", "default", "enum"):
                children += inner.values() if name == "properties" else [inner]
    for child in children:
        _use_json_schema_examples(child)
