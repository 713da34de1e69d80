"""Parsing and formatting of local days, times and moments in a person's time zone."""

import re
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

YEARS = range(2000, 2200)
DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
CLOCK = re.compile(r"[0-9]{2}:[0-9]{2}(?::[0-9]{2})?")
EXACT_CLOCK = re.compile(r"([0-9]{2}:[0-9]{2}:[0-9]{2})(\.[0-9]{1,6})")
MINUTES, SECONDS, EXACT = "%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%dT%H:%M:%S.%f"


def parse_day(text: str) -> date:
    """Parse `2026-11-21`. Raises `ValueError`, also for years outside `YEARS`."""
    if not DAY.fullmatch(text):
        raise ValueError(text)
    day = date.fromisoformat(text)
    if day.year not in YEARS:
        raise ValueError(text)
    return day


def parse_time(text: str) -> time:
    """Parse `15:30` or `15:30:45`. Raises `ValueError`."""
    if not CLOCK.fullmatch(text):
        raise ValueError(text)
    return time.fromisoformat(text)


def format_time(clock: time | None) -> str:
    """A time in the format of `parse_time`, with seconds where there are some; empty for None."""
    return clock.strftime("%H:%M:%S" if clock.second else "%H:%M") if clock else ""


def parse_moment(text: str, zone: str) -> datetime:
    """Parse `2026-11-21T15:30` as local time in `zone`; returns a moment in UTC. Raises `ValueError`.

    Seconds and their fraction may follow, as in `2026-11-21T15:30:45.5`.

    A time that is skipped in spring means the one an hour later; of a time that occurs twice in autumn the first is
    meant (PEP 495, fold 0).
    """
    day, _sign, clock = text.replace(" ", "T").partition("T")
    microseconds = 0
    if exact := EXACT_CLOCK.fullmatch(clock):
        clock, microseconds = exact[1], int(exact[2][1:].ljust(6, "0"))
    local = datetime.combine(parse_day(day), parse_time(clock), ZoneInfo(zone))
    return local.replace(microsecond=microseconds).astimezone(UTC)


def format_moment(moment: datetime | None, zone: str) -> str:
    """A moment as local time in the format of `parse_moment`, with seconds where there are some; empty for None.

    Fractions of a second are left out: the fields of forms do not take them.
    """
    if moment is None:
        return ""
    return moment.astimezone(ZoneInfo(zone)).strftime(SECONDS if moment.second else MINUTES)


def format_exact(moment: datetime | None) -> str:
    """A moment in UTC in the format of `parse_moment`, with the fraction of its second; empty for None."""
    return moment.astimezone(UTC).strftime(EXACT) if moment else ""


def local_now(now: datetime, zone: str) -> tuple[date, time]:
    """The local day and time, to the second, in `zone`."""
    local = now.astimezone(ZoneInfo(zone))
    return local.date(), local.time().replace(microsecond=0)
