"""What the tests of flags share."""

from typing import Any

from flask import Flask
from sqlalchemy import select

from madang.core.db import db
from madang.moderation.models import Flag
from tests.people import Person


def flag(person: Person, thing: str, reason: str = "spam", **fields: Any):
    """Flag a thing, such as `posts/3`, by its page."""
    return person.post(f"/{thing}/flags", reason=reason, **fields)


def flags_of(app: Flask) -> list[Flag]:
    """Every flag, the oldest first."""
    with app.app_context():
        return list(db.session.scalars(select(Flag).order_by(Flag.id)))


def open_count(app: Flask) -> int:
    return sum(1 for each in flags_of(app) if each.is_open)


def settle(person: Person, thing: str, verdict: str, **fields: Any):
    """Decide about the flags of a thing by the queue's form."""
    return person.post(f"/admin/flags/{thing}", verdict=verdict, **fields)
