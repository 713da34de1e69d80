"""Parsing and formatting of local days, times and moments in a person's time zone."""

import re
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

YEARS = range(2000, 2200)
DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
CLOCK = re.compile(r"[0-9]{2}:[0-9]{2}(?::00)?")
MINUTES = "%Y-%m-%dT%H:%M"


def parse_day(text: str) -> date:
    """Parse `2026-11-21`. Raises `ValueError`, also for years outside `YEARS`."""
    if not DAY.fullmatch(text):
        raise ValueError(text)
    day = date.fromisoformat(text)
    if day.year not in YEARS:
        raise ValueError(text)
    return day


def parse_time(text: str) -> time:
    """Parse `15:30`. Raises `ValueError`."""
    if not CLOCK.fullmatch(text):
        raise ValueError(text)
    return time.fromisoformat(text)


def parse_moment(text: str, zone: str) -> datetime:
    """Parse `2026-11-21T15:30` as local time in `zone`; returns a moment in UTC. Raises `ValueError`.

    A time that is skipped in spring means the one an hour later; of a time that occurs twice in autumn the first is
    meant (PEP 495, fold 0).
    """
    day, _sign, clock = text.replace(" ", "T").partition("T")
    local = datetime.combine(parse_day(day), parse_time(clock), ZoneInfo(zone))
    return local.astimezone(UTC)


def format_moment(moment: datetime | None, zone: str) -> str:
    """A moment as local time in the format of `parse_moment`; empty for None."""
    return moment.astimezone(ZoneInfo(zone)).strftime(MINUTES) if moment else ""


def local_now(now: datetime, zone: str) -> tuple[date, time]:
    """The local day and time, to the second, in `zone`."""
    local = now.astimezone(ZoneInfo(zone))
    return local.date(), local.time().replace(microsecond=0)
