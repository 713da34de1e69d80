"""The clock: jobs that come round. Whichever worker moves a schedule's row on asks for its job, so it is asked once."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from flask import current_app
from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError

from madang.core.db import db, transaction

from .functions import JobFunction
from .models import WAITING, Job, Schedule


@dataclass(frozen=True, slots=True)
class Rule:
    """When a job comes round: every so often, or each day at an hour of the site's time zone."""

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
    """Let a job without arguments come round: `@scheduled(daily_at=4)` above `@job`."""

    def note(function: JobFunction) -> JobFunction:
        rules[function.name] = Rule(function, every, daily_at)
        return function

    return note


def ask_for_due(moment: datetime) -> list[str]:
    """Ask for the scheduled jobs that are due; returns their names. One that is still under way is left out."""
    times: dict[str, datetime] = dict(db.rows(select(Schedule.name, Schedule.next_at)))
    asked = []
    for name, rule in rules.items():
        next_at = rule.after(moment, current_app.config["DEFAULT_TIMEZONE"])
        if name not in times:
            _make(name, next_at)
        elif times[name] <= moment and _ask(rule, times[name], next_at, moment):
            asked.append(name)
    return asked


def _make(name: str, next_at: datetime) -> None:
    try:
        with transaction() as session:
            session.add(Schedule(name=name, next_at=next_at))
            session.flush()
    except IntegrityError:  # another worker was quicker
        return


def _ask(rule: Rule, due_at: datetime, next_at: datetime, moment: datetime) -> bool:
    name = rule.function.name
    with transaction() as session:
        change = update(Schedule).where(Schedule.name == name, Schedule.next_at == due_at)
        moved = session.execute(
            change.values(next_at=next_at, last_at=moment).execution_options(synchronize_session=False)
        )
        if not moved.rowcount:  # type: ignore[attr-defined]
            return False
        if session.scalar(select(Job.id).where(Job.name == name, Job.state.in_(WAITING)).limit(1)):
            return False
        rule.function.enqueue()
    return True
