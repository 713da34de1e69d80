"""Helpers for tests of administration."""

from datetime import UTC, datetime, timedelta

from flask import Flask
from sqlalchemy import select

from madang.accounts.models import User
from madang.admin.models import StaffLogEntry
from madang.admin.operations.counters import differences
from madang.core.clock import now
from madang.core.db import db
from tests.people import Person


def user_of(app: Flask, username: str) -> User:
    with app.app_context():
        return db.session.scalars(select(User).where(User.username == username)).one()


def staff_actions(app: Flask) -> list[tuple[str, int | None]]:
    """The entries of the staff log as (verb, subject id), the latest last."""
    with app.app_context():
        entries = db.session.scalars(select(StaffLogEntry).order_by(StaffLogEntry.id))
        return [(entry.verb, entry.subject_id) for entry in entries]


def wrong_counts(app: Flask) -> list[str]:
    """The counters that differ from the counted rows."""
    with app.app_context():
        return [str(difference) for difference in differences()]


def suspend(admin: Person, person: Person, reason: str = "Too loud at night", days: int = 3) -> None:
    until = (datetime.now(UTC) + timedelta(days=days)).date().isoformat()
    response = admin.post(f"/admin/users/{person.id}/suspend", reason=reason, until=until)
    assert response.status_code == 302, response.text


def in_days(days: int) -> datetime:
    return now() + timedelta(days=days)
