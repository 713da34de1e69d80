"""Recurring jobs. The worker that advances a schedule's row enqueues its job, so that it is enqueued once."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from flask import current_app
from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError

from madang.core.db import db, transaction

from .functions import JobFunction
from .models import UNFINISHED, Job, Schedule


@dataclass(frozen=True, slots=True)
class Rule:
    """When a job recurs: at an interval, or daily at an hour of the site's time zone."""

    function: JobFunction
    every: timedelta | None = None
    daily_at: int | None = None

    def after(self, moment: datetime, zone: str) -> datetime:
        """The next time after `moment`."""
        if self.every is not None:
            return moment + self.every
        here = moment.astimezone(ZoneInfo(zone))
        today = here.replace(hour=self.daily_at or 0, minute=0, second=0, microsecond=0)
        return (today if today > here else today + timedelta(days=1)).astimezone(moment.tzinfo)


rules: dict[str, Rule] = {}


def scheduled(*, every: timedelta | None = None, daily_at: int | None = None) -> Callable[[JobFunction], JobFunction]:
    """Make a job without arguments recur: `@scheduled(daily_at=4)` above `@job`."""

    def register(function: JobFunction) -> JobFunction:
        rules[function.name] = Rule(function, every, daily_at)
        return function

    return register


def enqueue_due(moment: datetime) -> list[str]:
    """Enqueue the recurring jobs that are due, except those whose last run has not ended; returns their names."""
    times: dict[str, datetime] = dict(db.rows(select(Schedule.name, Schedule.next_at)))
    enqueued = []
    for name, rule in rules.items():
        next_at = rule.after(moment, current_app.config["DEFAULT_TIMEZONE"])
        if name not in times:
            _create_schedule(name, next_at)
        elif times[name] <= moment and _advance(rule, times[name], next_at, moment):
            enqueued.append(name)
    return enqueued


def _create_schedule(name: str, next_at: datetime) -> None:
    try:
        with transaction() as session:
            session.add(Schedule(name=name, next_at=next_at))
            session.flush()
    except IntegrityError:  # another worker was quicker
        return


def _advance(rule: Rule, due_at: datetime, next_at: datetime, moment: datetime) -> bool:
    """Advance a schedule unless another worker has, and enqueue its job unless one waits; returns whether it did."""
    name = rule.function.name
    change = update(Schedule).where(Schedule.name == name, Schedule.next_at == due_at)
    with transaction() as session:
        if not db.write(change.values(next_at=next_at, last_at=moment)).rowcount:
            return False
        if session.scalar(select(Job.id).where(Job.name == name, Job.state.in_(UNFINISHED)).limit(1)):
            return False
        rule.function.enqueue()
    return True
