"""Whether the site lives and can serve, for whatever watches it; and the files that people sent."""

from typing import Any

from flask import Blueprint, Response, abort, current_app, send_file
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from .db import db
from .files import CONTENT_TYPES, is_name, path_of

bp = Blueprint("health", __name__)
YEAR_SECONDS = 365 * 86400


@bp.get("/healthz", endpoint="health")
def healthz() -> dict[str, str]:
    """The process answers."""
    return {"status": "ok"}


@bp.get("/readyz", endpoint="ready_health")
def readyz() -> tuple[dict[str, Any], int]:
    """The database answers too."""
    try:
        db.session.execute(text("SELECT 1"))
    except SQLAlchemyError:
        current_app.logger.exception("the database does not answer")
        return {"status": "database unavailable"}, 503
    return {"status": "ok"}, 200


@bp.get("/files/<name>")
def file(name: str) -> Response:
    """A picture that somebody sent; its name changes with its content."""
    if not is_name(name) or not path_of(name).is_file():
        abort(404)
    content_type = CONTENT_TYPES[name.rpartition(".")[2]]
    response = send_file(path_of(name), mimetype=content_type, max_age=YEAR_SECONDS, conditional=True)
    response.headers["Cache-Control"] = f"public, max-age={YEAR_SECONDS}, immutable"
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response
