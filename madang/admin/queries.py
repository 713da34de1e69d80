"""Reading the log of what staff does."""

from dataclasses import dataclass

from sqlalchemy import Row, select
from sqlalchemy.orm import aliased

from madang.accounts.models import User
from madang.accounts.queries.users import find_by_login
from madang.core.db import db
from madang.core.text import clean_line

from .models import StaffLogEntry

PER_PAGE = 50
NOBODY = 0
KINDS = ("user", "post", "comment", "board", "tag")
Subject = aliased(User)
_ROW = (
    StaffLogEntry.id,
    StaffLogEntry.actor_id,
    StaffLogEntry.verb,
    StaffLogEntry.kind,
    StaffLogEntry.subject_id,
    StaffLogEntry.reason,
    StaffLogEntry.payload,
    StaffLogEntry.created_at,
    User.username.label("actor_username"),
    User.display_name.label("actor_display_name"),
    User.deleted_at.label("actor_deleted_at"),
    Subject.username.label("subject_username"),
    Subject.display_name.label("subject_display_name"),
    Subject.deleted_at.label("subject_deleted_at"),
)


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which deeds a list shows: by one of the staff, of one verb, with things of one kind, with one thing."""

    actor: str = ""
    verb: str = ""
    kind: str = ""
    subject_id: int | None = None


def log_rows(asked: Wanted, before: int | None, limit: int = PER_PAGE + 1) -> list[Row]:
    """The deeds before the one of that number, the latest first: a page, and one row more if there are more."""
    entry = StaffLogEntry
    about_person = (entry.kind == "user") & (Subject.id == entry.subject_id)
    rows = select(*_ROW).outerjoin(User, User.id == entry.actor_id).outerjoin(Subject, about_person)
    if asked.actor:
        person = find_by_login(clean_line(asked.actor))
        rows = rows.where(entry.actor_id == (person.id if person else NOBODY))
    if asked.verb:
        rows = rows.where(entry.verb == asked.verb)
    if asked.kind in KINDS:
        rows = rows.where(entry.kind == asked.kind)
    if asked.kind in KINDS and asked.subject_id is not None:
        rows = rows.where(entry.subject_id == asked.subject_id)
    if before is not None:
        rows = rows.where(entry.id < before)
    return list(db.session.execute(rows.order_by(entry.id.desc()).limit(limit)).all())
