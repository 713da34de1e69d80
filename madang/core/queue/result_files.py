"""Files that jobs leave for their owners: under names that nobody can guess and that tell their age."""

import secrets
from collections.abc import Iterable
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

from flask import current_app
from sqlalchemy import delete, select

from madang.core.db import after_commit, db

from .models import Job

FILES_KEPT = timedelta(days=7)
_MOMENT = "%Y%m%dT%H%M%S"


def results_folder() -> Path:
    """Where the files lie; no web server may show this folder."""
    return Path(current_app.instance_path) / "exports"


def new_result_file(ending: str, now: datetime) -> Path:
    """The path of a new file, in a folder that is there."""
    folder = results_folder()
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    return folder / f"{now:{_MOMENT}}-{secrets.token_hex(16)}.{ending}"


def ready_file(job: Job, now: datetime) -> Path | None:
    """The file that a job has left, while it is kept."""
    if job.state != "done" or not job.result_file or job.finished_at is None or job.finished_at <= now - FILES_KEPT:
        return None
    path = results_folder() / job.result_file
    return path if path.is_file() else None


def purge_files(now: datetime) -> None:
    """Remove the files that are older than they are kept, also those that a killed worker left half made."""
    oldest = f"{now - FILES_KEPT:{_MOMENT}}"
    for path in results_folder().glob("*"):
        if path.name < oldest:
            path.unlink(missing_ok=True)


def remove_files(owner_id: int, name: str) -> None:
    """Once this is committed, remove the files that the jobs of this name have left for somebody."""
    made = select(Job.result_file).where(Job.owner_id == owner_id, Job.name == name, Job.result_file.is_not(None))
    _remove_later(db.session.scalars(made).all())


def forget_jobs(owner_id: int) -> None:
    """Remove somebody's jobs and their files; one that runs just now ends without an effect."""
    theirs = Job.owner_id == owner_id
    _remove_later(db.session.scalars(select(Job.result_file).where(theirs, Job.result_file.is_not(None))).all())
    db.session.execute(delete(Job).where(theirs).execution_options(synchronize_session=False))


def _remove_later(names: Iterable[str | None]) -> None:
    for name in filter(None, names):
        after_commit(partial((results_folder() / name).unlink, missing_ok=True))
