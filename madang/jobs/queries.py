"""Queries of a person's own jobs."""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, Row, func, select

from madang.core.actor import Actor
from madang.core.db import db
from madang.core.errors import NotFound
from madang.core.queue import Job
from madang.core.queue.functions import listed_names

JOB_COLUMNS = (
    Job.id,
    Job.name,
    Job.arguments,
    Job.state,
    Job.progress,
    Job.failures,
    Job.cancel_asked_at,
    Job.run_at,
    Job.result_file,
    Job.error_code,
    Job.error_words,
    Job.created_at,
    Job.finished_at,
)


def _listed_to(actor: Actor) -> ColumnElement[bool]:
    return (Job.owner_id == actor.id) & Job.name.in_(listed_names())


def get_job(job_id: int, actor: Actor) -> Job:
    """One of the actor's jobs. Raises `NotFound`."""
    job = db.session.scalar(select(Job).where(Job.id == job_id, _listed_to(actor))) if actor.id else None
    if job is None:
        raise NotFound
    return job


def get_job_row(job_id: int, actor: Actor) -> Row:
    """One of the actor's jobs as a row with its present values. Raises `NotFound`."""
    mine = select(*JOB_COLUMNS).where(Job.id == job_id, _listed_to(actor))
    row = next(iter(db.rows(mine)), None) if actor.id else None
    if row is None:
        raise NotFound
    return row


def job_count(actor: Actor) -> int:
    """How many jobs the actor has."""
    return db.session.scalar(select(func.count()).select_from(Job).where(_listed_to(actor))) or 0


def job_rows(actor: Actor, *, limit: int, offset: int) -> Sequence[Row]:
    """The actor's jobs, the newest first."""
    return db.rows(select(*JOB_COLUMNS).where(_listed_to(actor)).order_by(Job.id.desc()).limit(limit).offset(offset))


def jobs_before(actor: Actor, last_id: int | None, limit: int) -> Sequence[Row]:
    """The actor's jobs older than `last_id` (all if None), the newest first."""
    mine = select(*JOB_COLUMNS).where(_listed_to(actor)).order_by(Job.id.desc()).limit(limit)
    return db.rows(mine if last_id is None else mine.where(Job.id < last_id))
