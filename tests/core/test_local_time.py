"""Parsing and formatting of local days, times and moments."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from madang.core.local_time import YEARS, format_moment, local_now, parse_day, parse_moment, parse_time

SEOUL, NEW_YORK, APIA = "Asia/Seoul", "America/New_York", "Pacific/Apia"


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2026-11-21", date(2026, 11, 21)),
        ("2028-02-29", date(2028, 2, 29)),
        ("2000-01-01", date(2000, 1, 1)),
        ("2199-12-31", date(2199, 12, 31)),
    ],
)
def test_a_day_is_year_month_and_day(text, day):
    assert parse_day(text) == day


@pytest.mark.parametrize(
    "text",
    ["", "tomorrow", "2026-11-31", "2026-02-29", "2026-1-1", "20261121", "2026-W47-6", "21.11.2026", " 2026-11-21",
     "2026-11-21\n", "1999-12-31", "2200-01-01", "0000-00-00", "２０２６-11-21"],
)  # fmt: skip
def test_invalid_days_are_refused(text):
    with pytest.raises(ValueError):
        parse_day(text)


@pytest.mark.parametrize(
    ("text", "clock"),
    [("00:00", time(0)), ("15:30", time(15, 30)), ("23:59", time(23, 59)), ("15:30:00", time(15, 30)),
     ("09:30:45", time(9, 30, 45))],
)  # fmt: skip
def test_a_time_is_hours_and_minutes_and_may_have_seconds(text, clock):
    assert parse_time(text) == clock


@pytest.mark.parametrize(
    "text",
    ["", "24:00", "15:60", "9:30", "15:30:60", "15:30:1", "15:30:01.5", "15.30", "3 pm", "15:30Z", "15:30\n"],
)
def test_invalid_times_are_refused(text):
    with pytest.raises(ValueError):
        parse_time(text)


@pytest.mark.parametrize(
    ("text", "zone", "moment"),
    [
        ("2026-11-21T15:30", "UTC", datetime(2026, 11, 21, 15, 30, tzinfo=UTC)),
        ("2026-11-21T15:30:45", "UTC", datetime(2026, 11, 21, 15, 30, 45, tzinfo=UTC)),
        ("2026-11-21T15:30:45.25", SEOUL, datetime(2026, 11, 21, 6, 30, 45, 250_000, tzinfo=UTC)),
        ("2026-11-21 15:30", "UTC", datetime(2026, 11, 21, 15, 30, tzinfo=UTC)),
        ("2026-11-21T15:30", SEOUL, datetime(2026, 11, 21, 6, 30, tzinfo=UTC)),
        ("2026-01-15T12:00", NEW_YORK, datetime(2026, 1, 15, 17, 0, tzinfo=UTC)),
        ("2026-07-15T12:00", NEW_YORK, datetime(2026, 7, 15, 16, 0, tzinfo=UTC)),
    ],
)
def test_a_moment_is_in_the_persons_time_zone(text, zone, moment):
    assert parse_moment(text, zone) == moment


@pytest.mark.parametrize(
    "text",
    ["", "2026-11-21", "15:30", "T15:30", "2026-11-21T", "2026-11-21T15:30+09:00", "2026-11-21T15:30.5",
     "2026-11-21T15:30:45.", "2026-11-21T15:30:45.1234567", "2026-11-21T15:30:45Z"],
)  # fmt: skip
def test_invalid_moments_are_refused(text):
    with pytest.raises(ValueError):
        parse_moment(text, SEOUL)


@given(st.integers(0, 6_000_000_000), st.sampled_from(["UTC", SEOUL, "Asia/Kathmandu"]))
@settings(max_examples=40)
def test_a_formatted_moment_is_parsed_to_the_same(seconds, zone):
    moment = datetime(YEARS[0], 1, 2, tzinfo=UTC) + timedelta(seconds=seconds)
    assert parse_moment(format_moment(moment, zone), zone) == moment


def test_no_moment_is_formatted_as_empty():
    assert format_moment(None, SEOUL) == ""


@pytest.mark.parametrize(
    ("zone", "day", "clock"),
    [
        ("UTC", date(2026, 11, 21), time(23, 30, 15)),
        (SEOUL, date(2026, 11, 22), time(8, 30, 15)),
        (NEW_YORK, date(2026, 11, 21), time(18, 30, 15)),
        (APIA, date(2026, 11, 22), time(12, 30, 15)),
    ],
)
def test_the_local_day_depends_on_the_zone(zone, day, clock):
    assert local_now(datetime(2026, 11, 21, 23, 30, 15, 999, tzinfo=UTC), zone) == (day, clock)
