"""Queries of the staff log, changes of settings, steps after the setup, and checks of the installation."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Row, func, select
from sqlalchemy.orm import aliased

from madang.accounts.models import User
from madang.accounts.policies.accounts import require_administrator
from madang.accounts.queries.users import find_by_login
from madang.core.actor import GUEST, Actor
from madang.core.db import db
from madang.core.queue import UNFINISHED, Job
from madang.core.site import site
from madang.core.text import clean_line

from .models import SettingChange, StaffLogEntry

PER_PAGE = 50
CHECK_JOB = "admin.check_installation"
NO_USER_ID = 0
KINDS = ("user", "post", "comment", "board", "group", "tag", "site")
Subject = aliased(User)
_COLUMNS = (
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
    User.role.label("actor_role"),
    User.deleted_at.label("actor_deleted_at"),
    Subject.username.label("subject_username"),
    Subject.display_name.label("subject_display_name"),
    Subject.deleted_at.label("subject_deleted_at"),
)


@dataclass(frozen=True, slots=True)
class StaffLogCriteria:
    """Filters of the staff log. `actor` is a username or address; empty values filter nothing."""

    actor: str = ""
    verb: str = ""
    kind: str = ""
    subject_id: int | None = None


def log_rows(criteria: StaffLogCriteria, before: int | None, limit: int = PER_PAGE + 1) -> list[Row]:
    """Up to `limit` entries before the id `before`, the latest first. By default one more than a page."""
    entry = StaffLogEntry
    is_subject = (entry.kind == "user") & (Subject.id == entry.subject_id)
    rows = select(*_COLUMNS).outerjoin(User, User.id == entry.actor_id).outerjoin(Subject, is_subject)
    if criteria.actor:
        person = find_by_login(clean_line(criteria.actor))
        rows = rows.where(entry.actor_id == (person.id if person else NO_USER_ID))
    if criteria.verb:
        rows = rows.where(entry.verb == criteria.verb)
    if criteria.kind in KINDS:
        rows = rows.where(entry.kind == criteria.kind)
    if criteria.kind in KINDS and criteria.subject_id is not None:
        rows = rows.where(entry.subject_id == criteria.subject_id)
    if before is not None:
        rows = rows.where(entry.id < before)
    return list(db.session.execute(rows.order_by(entry.id.desc()).limit(limit)).all())


_CHANGE_COLUMNS = (
    SettingChange.id,
    SettingChange.name,
    SettingChange.former,
    SettingChange.value,
    SettingChange.created_at,
    SettingChange.actor_id,
    User.username.label("actor_username"),
    User.display_name.label("actor_display_name"),
    User.role.label("actor_role"),
    User.deleted_at.label("actor_deleted_at"),
)


def setting_changes(before: int | None, limit: int = PER_PAGE + 1, name: str = "") -> list[Row]:
    """Up to `limit` changes of settings before the id `before`, the latest first; of one setting if it is named."""
    rows = select(*_CHANGE_COLUMNS).outerjoin(User, User.id == SettingChange.actor_id)
    if before is not None:
        rows = rows.where(SettingChange.id < before)
    if name:
        rows = rows.where(SettingChange.name == name)
    return list(db.session.execute(rows.order_by(SettingChange.id.desc()).limit(limit)).all())


def last_setting_changes() -> dict[str, Row]:
    """The last change of each setting that was ever changed, by its name."""
    last = select(func.max(SettingChange.id)).group_by(SettingChange.name)
    rows = select(*_CHANGE_COLUMNS).outerjoin(User, User.id == SettingChange.actor_id)
    return {row.name: row for row in db.session.execute(rows.where(SettingChange.id.in_(last)))}


def steps_done(actor: Actor) -> dict[str, bool]:
    """The steps after the setup by name, and whether the state of the site shows that each is done.

    Empty once the list is dismissed. Raises `Forbidden`.
    """
    require_administrator(actor)
    if site().is_checklist_dismissed:
        return {}
    members = select(User.id).where(User.role != GUEST, User.deleted_at.is_(None)).limit(2)
    board_actions = select(StaffLogEntry.id).where(StaffLogEntry.kind == "board").limit(1)
    return {
        "mail": site().mail_accepted_at is not None,
        "boards": db.session.scalar(board_actions) is not None,
        "rules": bool(site().rules),
        "people": len(db.session.scalars(members).all()) == 2,
        "backup": site().backed_up_at is not None,
    }


@dataclass(frozen=True, slots=True)
class LastCheck:
    """The last check of the installation: when it ended, and its findings by language, as (is an error, sentence)."""

    checked_at: datetime
    findings: dict[str, list[tuple[bool, str]]]


def last_check() -> LastCheck | None:
    """The last check that has ended; None if none has lately."""
    done = select(Job.finished_at, Job.result).where(_IS_CHECK, Job.state == "done")
    row = next(iter(db.rows(done.order_by(Job.id.desc()).limit(1))), None)
    if row is None:
        return None
    found = {
        locale: [(bool(wrong), str(text)) for wrong, text in rows] for locale, rows in row.result["findings"].items()
    }
    return LastCheck(row.finished_at, found)


def is_check_running() -> bool:
    """Whether a check of the installation waits or runs."""
    return bool(db.rows(select(Job.id).where(_IS_CHECK, Job.state.in_(UNFINISHED)).limit(1)))


_IS_CHECK = Job.owner_id.is_(None) & (Job.name == CHECK_JOB)
