"""Recurring jobs. The worker that advances a schedule's row enqueues its job, so that it is enqueued once."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError

from madang.core.db import db, transaction
from madang.core.settings import setting

from .functions import JobFunction
from .models import UNFINISHED, Job, Schedule


@dataclass(frozen=True, slots=True)
class Rule:
    """When a job recurs: at an interval, daily at an hour, or daily at the time that a setting holds."""

    function: JobFunction
    every: timedelta | None = None
    daily_at: int | None = None
    daily_setting: str | None = None

    @property
    def is_daily(self) -> bool:
        return self.every is None

    def after(self, moment: datetime, zone: str) -> datetime | None:
        """The next time after `moment`, by the clock of a time zone; None while the setting is empty."""
        if self.every is not None:
            return moment + self.every
        at = setting(self.daily_setting) if self.daily_setting else time(self.daily_at or 0)
        if at is None:
            return None
        here = moment.astimezone(ZoneInfo(zone))
        today = here.replace(hour=at.hour, minute=at.minute, second=0, microsecond=0)
        return (today if today > here else today + timedelta(days=1)).astimezone(moment.tzinfo)


rules: dict[str, Rule] = {}


def scheduled(
    *, every: timedelta | None = None, daily_at: int | None = None, daily_setting: str | None = None
) -> Callable[[JobFunction], JobFunction]:
    """Make a job without arguments recur: `@scheduled(daily_at=4)` above `@job`.

    `daily_setting` names a setting with the time of day.
    """

    def register(function: JobFunction) -> JobFunction:
        rules[function.name] = Rule(function, every, daily_at, daily_setting)
        return function

    return register


def enqueue_due(moment: datetime) -> list[str]:
    """Enqueue the recurring jobs that are due, except those whose last run has not ended; returns their names."""
    times: dict[str, datetime] = dict(db.rows(select(Schedule.name, Schedule.next_at)))
    enqueued = []
    for name, rule in rules.items():
        next_at = rule.after(moment, setting("DEFAULT_TIMEZONE"))
        if next_at is None:
            continue
        if name not in times:
            _create_schedule(name, next_at)
        elif times[name] > moment and (times[name] > next_at or (rule.is_daily and times[name] != next_at)):
            _reschedule(name, next_at)
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


def _reschedule(name: str, next_at: datetime) -> None:
    """Move a schedule whose time of day or time zone has been changed, or which is too late: the clock was set back."""
    with transaction():
        db.write(update(Schedule).where(Schedule.name == name).values(next_at=next_at))


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
