"""Days and times as people type them, and the moments that they mean where the person is."""

import re
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

YEARS = range(2000, 2200)
DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
CLOCK = re.compile(r"[0-9]{2}:[0-9]{2}(?::00)?")
MINUTES = "%Y-%m-%dT%H:%M"


def parse_day(text: str) -> date:
    """The day that `2026-11-21` names. Raises `ValueError`, also for years that nobody plans."""
    if not DAY.fullmatch(text):
        raise ValueError(text)
    day = date.fromisoformat(text)
    if day.year not in YEARS:
        raise ValueError(text)
    return day


def parse_time(text: str) -> time:
    """The time that `15:30` names. Raises `ValueError`."""
    if not CLOCK.fullmatch(text):
        raise ValueError(text)
    return time.fromisoformat(text)


def parse_moment(text: str, zone: str) -> datetime:
    """The moment at which a clock in `zone` shows `2026-11-21T15:30`. Raises `ValueError`.

    An hour that is skipped in spring counts as the one after it; of an hour that comes twice in autumn the first is
    meant (PEP 495, fold 0).
    """
    day, _sign, clock = text.replace(" ", "T").partition("T")
    local = datetime.combine(parse_day(day), parse_time(clock), ZoneInfo(zone))
    return local.astimezone(UTC)


def written(moment: datetime | None, zone: str) -> str:
    """A moment as the field of a form holds it."""
    return moment.astimezone(ZoneInfo(zone)).strftime(MINUTES) if moment else ""


def local_now(now: datetime, zone: str) -> tuple[date, time]:
    """What the calendar and the clock show in `zone`."""
    local = now.astimezone(ZoneInfo(zone))
    return local.date(), local.time().replace(microsecond=0)
