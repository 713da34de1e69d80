"""Generation of the OpenAPI 3.1 document from the routes, on its first request."""

import flask_smorest
from flask import Flask, current_app

from . import edge
from .blueprint import ApiBlueprint
from .openapi_constants import JsonObject
from .openapi_enrichment import DocumentEnricher
from .schemas import ProblemSchema, StrictBoolean

VERSION = "1"
INTRODUCTION = """\
Everything that the pages of this board offer, for programs, with the same rules.

**Authentication**: an access token from `POST /auth/login` (15 minutes) or a personal token from the settings, in the
header `Authorization: Bearer ...`; name and password by HTTP Basic if the administrator allows it; or the browser's
session, with the header `X-CSRFToken` for requests that write.

**Errors** are problem details (RFC 9457) with a stable `code`, a sentence in the language of `Accept-Language`, and
`errors` by field. **Lists** page by key: follow `Link: rel="next"` or send `next_cursor` as `cursor`. **Reads** return
an `ETag`; send it as `If-None-Match` to avoid a repeated download, and as `If-Match` with an edit to avoid overwriting
another one. **Writes** by POST accept an `Idempotency-Key`: the same key with the same body is executed once.
"""


class Api(flask_smorest.Api):
    """The part of flask-smorest that generates the document; it handles no errors and serves no pages."""

    ERROR_SCHEMA = ProblemSchema
    DEFAULT_ERROR_RESPONSE_NAME = None


def init_app(app: Flask, blueprints: list[ApiBlueprint]) -> None:
    """Register the routes of the API."""
    edge.init_app(app)
    for blueprint in blueprints:
        app.register_blueprint(blueprint)
    app.extensions["api_blueprints"] = blueprints


def api_document() -> JsonObject:
    """Return the OpenAPI document of the current application; generate it on the first call."""
    if "api_document" not in current_app.extensions:
        current_app.extensions["api_document"] = _generate(current_app)
    return current_app.extensions["api_document"]


def _generate(app: Flask) -> JsonObject:
    blueprints: list[ApiBlueprint] = app.extensions["api_blueprints"]
    api = Api(spec_kwargs={"title": "Madang", "version": VERSION, "openapi_version": "3.1.0"})
    api.register_field(StrictBoolean, "boolean", None)
    api.init_app(Flask(__name__))  # another application: it would register error handlers on the site's
    tags: dict[str, str] = {}
    for blueprint in blueprints:
        blueprint.register_views_in_doc(api, app, api.spec, name=blueprint.name, parameters=None)
        tags.setdefault(blueprint.tag, blueprint.description)
    tag_objects = [{"name": name, "description": description} for name, description in sorted(tags.items())]
    names = [blueprint.name for blueprint in blueprints]
    return DocumentEnricher(app, names, api.spec.to_dict()).document(INTRODUCTION, tag_objects)
