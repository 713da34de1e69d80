"""Files that jobs leave for their owners to download: under unguessable names that begin with the date."""

import secrets
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

from flask import current_app
from sqlalchemy import ColumnElement, delete, select

from madang.core.db import after_commit, db

from .models import Job

RESULT_FILE_RETENTION = timedelta(days=7)
_TIMESTAMP = "%Y%m%dT%H%M%S"


def results_folder() -> Path:
    """The folder of the files; no web server may serve it."""
    return Path(current_app.instance_path) / "exports"


def new_result_file(ending: str, now: datetime) -> Path:
    """A path for a new file; creates the folder if necessary."""
    folder = results_folder()
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    return folder / f"{now:{_TIMESTAMP}}-{secrets.token_hex(16)}.{ending}"


def ready_file(job: Job, now: datetime) -> Path | None:
    """The path of a job's file; None if there is none or it has expired."""
    if (
        job.state != "done"
        or not job.result_file
        or job.finished_at is None
        or job.finished_at <= now - RESULT_FILE_RETENTION
    ):
        return None
    path = results_folder() / job.result_file
    return path if path.is_file() else None


def purge_result_files(now: datetime) -> None:
    """Delete expired files, including those that a killed worker left incomplete."""
    oldest = f"{now - RESULT_FILE_RETENTION:{_TIMESTAMP}}"
    for path in results_folder().glob("*"):
        if path.name < oldest:
            path.unlink(missing_ok=True)


def delete_result_files(owner_id: int, name: str) -> None:
    """Delete, after the commit, the files of the owner's jobs of this name."""
    _delete_files_of((Job.owner_id == owner_id) & (Job.name == name))


def delete_jobs_of(owner_id: int) -> None:
    """Delete the owner's jobs and their files; a job that is running ends without an effect."""
    _delete_files_of(Job.owner_id == owner_id)
    db.write(delete(Job).where(Job.owner_id == owner_id))


def _delete_files_of(jobs: ColumnElement[bool]) -> None:
    names = db.session.scalars(select(Job.result_file).where(jobs, Job.result_file.is_not(None)))
    for name in filter(None, names.all()):
        after_commit(partial((results_folder() / name).unlink, missing_ok=True))
