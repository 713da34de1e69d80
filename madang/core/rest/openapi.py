"""The OpenAPI 3.1 document, made from the routes when somebody first asks for it."""

from typing import Any

import flask_smorest
from flask import Flask, current_app

from . import edge
from .blueprint import ApiBlueprint
from .openapi_enrichment import Completion
from .schemas import ProblemSchema, Truth

VERSION = "1"
INTRODUCTION = """\
Everything that a page of this board does, for programs: the same rules, the same words.

**Who calls**: an access token from `POST /auth/login` (15 minutes) or a personal token from the settings in the header
`Authorization: Bearer ...`; name and password by HTTP Basic where the administrator allows it; or the browser's session
with the header `X-CSRFToken` on whatever writes.

**Errors** are problem details (RFC 9457) with a stable `code`, a sentence in the language of
`Accept-Language`, and `errors` by field. **Lists** page by key: follow `Link: rel="next"` or send `next_cursor`
as `cursor`. **Reads** carry an `ETag`; send it as `If-None-Match` to spare a copy, and as `If-Match` with an edit
so that nobody's words are lost. **Writes** by POST take an `Idempotency-Key`: the same key with the same body is
done once.
"""


class Api(flask_smorest.Api):
    """flask-smorest's part that turns routes and schemas into a document; errors and pages are the site's own."""

    ERROR_SCHEMA = ProblemSchema
    DEFAULT_ERROR_RESPONSE_NAME = None


def init_app(app: Flask, blueprints: list[ApiBlueprint]) -> None:
    """Register the routes. Their document is made when somebody asks for it."""
    edge.init_app(app)
    for blueprint in blueprints:
        app.register_blueprint(blueprint)
    app.extensions["api_blueprints"] = blueprints


def api_document() -> dict[str, Any]:
    """The OpenAPI document of the present application."""
    made = current_app.extensions.get("api_document")
    if made is None:
        made = current_app.extensions["api_document"] = _make(current_app)
    return made


def _make(app: Flask) -> dict[str, Any]:
    blueprints: list[ApiBlueprint] = app.extensions["api_blueprints"]
    api = Api(spec_kwargs={"title": "Madang", "version": VERSION, "openapi_version": "3.1.0"})
    api.register_field(Truth, "boolean", None)
    api.init_app(Flask(__name__))  # it registers handlers of errors, and those of the site answer for the API too
    tags: dict[str, str] = {}
    for blueprint in blueprints:
        blueprint.register_views_in_doc(api, app, api.spec, name=blueprint.name, parameters=None)
        tags.setdefault(blueprint.tag, blueprint.description)
    described = [{"name": name, "description": words} for name, words in sorted(tags.items())]
    names = [blueprint.name for blueprint in blueprints]
    return Completion(app, names, api.spec.to_dict()).document(INTRODUCTION, described)
