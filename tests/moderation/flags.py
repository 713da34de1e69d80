"""Helpers for tests of flags."""

from flask import Flask
from sqlalchemy import select
from werkzeug.test import TestResponse

from madang.core.db import db
from madang.moderation.models import Flag
from tests.people import Person


def flag(person: Person, subject: str, reason: str = "spam", **fields: str) -> TestResponse:
    """Flag a subject, such as `posts/3`, by its form."""
    return person.post(f"/{subject}/flags", reason=reason, **fields)


def flags_of(app: Flask) -> list[Flag]:
    """Every flag, the oldest first."""
    with app.app_context():
        return list(db.session.scalars(select(Flag).order_by(Flag.id)))


def open_count(app: Flask) -> int:
    return sum(1 for row in flags_of(app) if row.is_open)


def resolve(person: Person, subject: str, verdict: str, **fields: str) -> TestResponse:
    """Resolve the flags of a subject by the queue's form."""
    return person.post(f"/admin/flags/{subject}", verdict=verdict, **fields)
