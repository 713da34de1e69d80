"""Languages: which one somebody reads, and how moments and numbers look in it."""

from datetime import UTC, date, datetime, time, timedelta

import pytest

from madang.core import i18n
from madang.core.i18n import choose_locale, current_locale, current_zone, is_zone, use_locale

MOMENT = datetime(2026, 3, 10, 12, 5, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("cookie", "saved", "wish", "default", "chosen"),
    [
        (None, None, None, "ko", "ko"),
        (None, None, None, "en", "en"),
        (None, None, "en", "ko", "en"),
        (None, "ko", "en", "en", "ko"),
        ("en", "ko", "ko", "ko", "en"),
        ("fr", "ko", "en", "en", "ko"),
        ("", None, "", "ko", "ko"),
    ],
)
def test_the_browsers_choice_counts_before_the_accounts_and_that_before_the_wish(cookie, saved, wish, default, chosen):
    assert choose_locale(cookie, wish, default, saved=saved) == chosen


@pytest.mark.parametrize(
    ("wish", "chosen"),
    [
        ("ko", "ko"),
        ("ko-KR", "ko"),
        ("KO-kr", "ko"),
        ("fr, en;q=0.5", "en"),
        ("en;q=0.5, ko;q=0.9", "ko"),
        ("en; q=0.5, ko; q=0.9", "ko"),
        ("en ;q=0.5 , ko ; q=0.9", "ko"),
        ("en;Q=0.5, ko;Q=0.9", "ko"),
        ("ko;q=0, en;q=0.1", "en"),
        ("en, ko", "en"),
        ("fr", "default"),
        ("ko;q=0", "default"),
        ("*", "default"),
        (";q=1", "default"),
        ("ko;q=much", "default"),
        ("ko;q=nan", "default"),
        (",,,", "default"),
        ("x" * 10_000 + ", ko", "default"),
    ],
)
def test_a_browser_wishes_for_languages_in_an_order(wish, chosen):
    assert choose_locale(None, wish, "default") == chosen


def test_a_language_is_spoken_within_a_block_and_no_longer(english):
    with use_locale("ko", "Asia/Seoul"):
        assert (current_locale(), current_zone()) == ("ko", "Asia/Seoul")
        with use_locale(None):
            assert (current_locale(), current_zone()) == ("ko", "Asia/Seoul")
    assert (current_locale(), current_zone()) == ("en", "UTC")


def test_what_is_no_language_or_zone_is_english_in_utc(english):
    with use_locale("tlh", "Mars/Olympus"):
        assert (current_locale(), current_zone()) == ("en", "UTC")


@pytest.mark.parametrize("name", ["", "Seoul", "../etc/passwd", "/etc/passwd", "\0", "Asia", "x" * 5_000])
def test_what_is_no_zone_is_none(name):
    assert not is_zone(name)


@pytest.mark.parametrize("locale", ["en", "ko"])
@pytest.mark.parametrize(
    ("passed", "english", "korean"),
    [
        (timedelta(minutes=1), "1 minute ago", "1분 전"),
        (timedelta(minutes=59, seconds=59), "59 minutes ago", "59분 전"),
        (timedelta(hours=1), "1 hour ago", "1시간 전"),
        (timedelta(hours=23, minutes=59), "23 hours ago", "23시간 전"),
        (timedelta(days=1), "1 day ago", "1일 전"),
        (timedelta(days=31), "Mar 10, 2026", "2026. 3. 10."),
    ],
)
def test_how_long_ago_is_said_in_whole_units_and_after_a_month_as_the_day(locale, passed, english, korean):
    with use_locale(locale, "UTC"):
        assert i18n.ago(MOMENT, MOMENT + passed) == {"en": english, "ko": korean}[locale]


@pytest.mark.parametrize("passed", [timedelta(0), timedelta(seconds=59), timedelta(seconds=-5)])
def test_what_has_just_happened_is_now(english, passed):
    assert i18n.ago(MOMENT, MOMENT + passed) == "just now"


@pytest.mark.parametrize(
    ("locale", "zone", "moment", "day"),
    [
        ("en", "UTC", "March 10, 2026 at 12:05 PM", "Mar 10, 2026"),
        ("en", "Asia/Seoul", "March 10, 2026 at 9:05 PM", "Mar 10, 2026"),
        ("en", "Pacific/Apia", "March 11, 2026 at 1:05 AM", "Mar 11, 2026"),
        ("ko", "Asia/Seoul", "2026년 3월 10일 오후 9:05", "2026. 3. 10."),
    ],
)
def test_a_moment_is_told_where_the_reader_is(locale, zone, moment, day):
    with use_locale(locale, zone):
        assert i18n.moment(MOMENT).replace("\u202f", " ") == moment
        assert i18n.date(MOMENT) == day


def test_a_day_and_a_clock_are_the_same_everywhere():
    for zone in ("UTC", "Asia/Seoul"):
        with use_locale("en", zone):
            assert i18n.day(date(2026, 3, 10)) == "Mar 10, 2026"
            assert i18n.clock(time(15, 30)).replace("\u202f", " ") == "3:30 PM"
        with use_locale("ko", zone):
            assert (i18n.day(date(2026, 3, 10)), i18n.clock(time(15, 30))) == ("2026. 3. 10.", "오후 3:30")


@pytest.mark.parametrize(
    ("value", "whole", "compact_english", "compact_korean"),
    [
        (0, "0", "0", "0"),
        (999, "999", "999", "999"),
        (1_000, "1,000", "1,000", "1,000"),
        (9_999, "9,999", "9,999", "9,999"),
        (12_345, "12,345", "12.3K", "1.2만"),
        (-5, "-5", "-5", "-5"),
        (1_234_567, "1,234,567", "1.2M", "123.5만"),
    ],
)
def test_a_number_is_whole_or_compact(value, whole, compact_english, compact_korean):
    with use_locale("en"):
        assert (i18n.number(value), i18n.compact(value)) == (whole, compact_english)
    with use_locale("ko"):
        assert (i18n.number(value), i18n.compact(value)) == (whole, compact_korean)


def test_a_sentence_is_filled_in(english):
    assert i18n._("100% of %(name)s") == "100% of %(name)s", "nothing is filled in where nothing is given"
    assert i18n._("Hello %(name)s", name="Ann %(x)s") == "Hello Ann %(x)s"
    assert i18n.ngettext("%(num)s post", "%(num)s posts", 1) == "1 post"
    assert i18n.ngettext("%(num)s post", "%(num)s posts", 12_345) == "12,345 posts"
