"""Health checks for monitoring: /healthz (the process answers) and /readyz (the database answers too)."""

from flask import Blueprint, current_app
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from .db import db

bp = Blueprint("health", __name__)


@bp.get("/healthz", endpoint="health")
def healthz() -> dict[str, str]:
    """Liveness: the process answers."""
    return {"status": "ok"}


@bp.get("/readyz", endpoint="ready_health")
def readyz() -> tuple[dict[str, str], int]:
    """Readiness: the database answers too."""
    try:
        db.session.execute(text("SELECT 1"))
    except SQLAlchemyError:
        current_app.logger.exception("the database does not answer")
        return {"status": "database unavailable"}, 503
    return {"status": "ok"}, 200
