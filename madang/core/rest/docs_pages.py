"""The pages of the API documentation: the OpenAPI document and Swagger UI."""

import json

from flask import Blueprint, Response, render_template

from madang.core.web.caching import mark_cacheable

from .access import JSON
from .openapi import api_document

bp = Blueprint("api_pages", __name__)


@bp.get("/openapi.json")
def openapi() -> Response:
    """The OpenAPI 3.1 document."""
    mark_cacheable()
    return Response(json.dumps(api_document(), ensure_ascii=False, indent=1), mimetype=JSON)


@bp.get("/swagger-ui")
def swagger_ui() -> str:
    """Swagger UI, without files from other sites."""
    mark_cacheable()
    return render_template("api/swagger.html")
