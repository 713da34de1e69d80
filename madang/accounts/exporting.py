"""Download my data: every slice puts what it keeps of a person into one archive."""

from datetime import datetime
from functools import partial
from pathlib import Path

from sqlalchemy import select

from madang.core.db import after_commit, db
from madang.core.events import emit
from madang.core.jobs import Job

from .archive import ARCHIVES_KEPT, Archive, new_archive, purge_archives
from .events import PersonalDataAsked
from .models import LoginSession, User

EXPORT_JOB = "accounts.export_my_data"
PROFILE = (
    User.username,
    User.email,
    User.email_confirmed_at,
    User.display_name,
    User.bio,
    User.website,
    User.location,
    User.locale,
    User.timezone,
    User.role,
    User.reputation,
    User.created_at,
    User.last_seen_at,
)
SESSION = (LoginSession.user_agent, LoginSession.ip_address, LoginSession.created_at, LoginSession.last_used_at)


def export_data(user: User, *, folder: Path, now: datetime) -> str:
    """Make the archive of a person's data in `folder`; returns its file's name. The person's earlier one is removed."""
    purge_archives(folder, now)
    remove_exports(user.id, folder=folder)
    path, zip_file = new_archive(folder, now)
    with zip_file:
        archive = Archive(zip_file)
        archive.add_rows("profile.json", select(*PROFILE).where(User.id == user.id))
        archive.add_rows("sessions.json", select(*SESSION).where(LoginSession.user_id == user.id))
        if user.avatar_file:
            archive.add_picture(user.avatar_file)
        emit(PersonalDataAsked(user.id, archive))
    return path.name


def remove_exports(user_id: int, *, folder: Path) -> None:
    """Remove the archives that were made of a person's data."""
    made = select(Job.result).where(Job.owner_id == user_id, Job.name == EXPORT_JOB, Job.state == "done")
    for result in db.session.scalars(made):
        if result:
            after_commit(partial((folder / result["file"]).unlink, missing_ok=True))


def latest_export(user_id: int) -> Job | None:
    """The last time that a person asked for their data."""
    asked = select(Job).where(Job.owner_id == user_id, Job.name == EXPORT_JOB)
    return db.session.scalar(asked.order_by(Job.id.desc()).limit(1))


def is_under_way(job: Job | None) -> bool:
    return job is not None and job.state in ("queued", "running")


def ready_file(job: Job | None, *, folder: Path, now: datetime) -> Path | None:
    """The archive that a job has made, while it is kept."""
    if job is None or job.state != "done" or not job.result or job.finished_at is None:
        return None
    path = folder / job.result["file"]
    return path if job.finished_at > now - ARCHIVES_KEPT and path.is_file() else None
