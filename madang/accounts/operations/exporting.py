"""Export of personal data: the profile, and what each slice declares in `ownership`, in one archive."""

from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

from sqlalchemy import select

from madang.core import ownership
from madang.core.db import db
from madang.core.queue import Job, progress
from madang.core.queue.result_files import delete_result_files

from ..models import User
from .archive import Archive

EXPORT_JOB = "accounts.export_my_data"
PROFILE_COLUMNS = (
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


def export_data(user: User, path: Path) -> None:
    """Write the archive of a person's data to `path`, and remove the person's previous archive."""
    delete_result_files(user.id, EXPORT_JOB)
    with ZipFile(path, "w", ZIP_DEFLATED) as zip_file:
        archive = Archive(zip_file)
        archive.add_rows("profile.json", select(*PROFILE_COLUMNS).where(User.id == user.id))
        if user.avatar_file:
            archive.add_picture(user.avatar_file)
        progress(10)
        ownership.export_rows(user.id, archive)
        progress(90)


def running_export(user_id: int) -> Job | None:
    """The export job of a person that has not ended, if any."""
    latest = latest_export(user_id)
    return None if latest is None or latest.is_ended else latest


def latest_export(user_id: int) -> Job | None:
    """The latest export job of a person, if any."""
    exports = select(Job).where(Job.owner_id == user_id, Job.name == EXPORT_JOB)
    return db.session.scalar(exports.order_by(Job.id.desc()).limit(1))
