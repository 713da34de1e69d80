"""Languages: how one is chosen, and how dates and numbers are formatted."""

from datetime import UTC, date, datetime, time, timedelta
from gettext import NullTranslations

import pytest
from flask import Flask

from madang.core import i18n
from madang.core.i18n import choose_locale, current_locale, current_zone, is_zone, use_locale

MOMENT = datetime(2026, 3, 10, 12, 5, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("cookie", "saved", "accept_language", "default", "chosen"),
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
def test_cookie_then_account_then_accept_language_choose_the_locale(cookie, saved, accept_language, default, chosen):
    assert choose_locale(cookie, accept_language, default, saved=saved) == chosen


@pytest.mark.parametrize(
    ("accept_language", "chosen"),
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
def test_accept_language_is_read_by_its_q_values(accept_language, chosen):
    assert choose_locale(None, accept_language, "default") == chosen


def test_use_locale_restores_the_locale_after_the_block(english):
    with use_locale("ko", "Asia/Seoul"):
        assert (current_locale(), current_zone()) == ("ko", "Asia/Seoul")
        with use_locale(None):
            assert (current_locale(), current_zone()) == ("ko", "Asia/Seoul")
    assert (current_locale(), current_zone()) == ("en", "UTC")


def test_unknown_locales_and_zones_become_english_and_utc(english):
    with use_locale("tlh", "Mars/Olympus"):
        assert (current_locale(), current_zone()) == ("en", "UTC")


@pytest.mark.parametrize("name", ["", "Seoul", "../etc/passwd", "/etc/passwd", "\0", "Asia", "x" * 5_000])
def test_is_zone_rejects_other_names(name):
    assert not is_zone(name)


@pytest.mark.parametrize("locale", ["en", "ko"])
@pytest.mark.parametrize(
    ("elapsed", "english", "korean"),
    [
        (timedelta(minutes=1), "1 minute ago", "1분 전"),
        (timedelta(minutes=59, seconds=59), "59 minutes ago", "59분 전"),
        (timedelta(hours=1), "1 hour ago", "1시간 전"),
        (timedelta(hours=23, minutes=59), "23 hours ago", "23시간 전"),
        (timedelta(days=1), "1 day ago", "1일 전"),
        (timedelta(days=31), "Mar 10, 2026", "2026. 3. 10."),
    ],
)
def test_ago_uses_whole_units_and_after_a_month_the_date(locale, elapsed, english, korean):
    with use_locale(locale, "UTC"):
        assert i18n.ago(MOMENT, MOMENT + elapsed) == {"en": english, "ko": korean}[locale]


@pytest.mark.parametrize("locale", ["en", "ko"])
@pytest.mark.parametrize(
    ("left", "english", "korean"),
    [
        (timedelta(seconds=-5), "in 1 minute", "1분 후"),
        (timedelta(seconds=20), "in 1 minute", "1분 후"),
        (timedelta(minutes=4, seconds=50), "in 5 minutes", "5분 후"),
        (timedelta(minutes=80), "in 1 hour", "1시간 후"),
        (timedelta(minutes=1435), "in 24 hours", "24시간 후"),
        (timedelta(days=2), "in 2 days", "2일 후"),
    ],
)
def test_ahead_uses_rounded_units(locale, left, english, korean):
    with use_locale(locale, "UTC"):
        assert i18n.ahead(MOMENT + left, MOMENT) == {"en": english, "ko": korean}[locale]


@pytest.mark.parametrize("elapsed", [timedelta(0), timedelta(seconds=59), timedelta(seconds=-5)])
def test_ago_of_less_than_a_minute_is_just_now(english, elapsed):
    assert i18n.ago(MOMENT, MOMENT + elapsed) == "just now"


@pytest.mark.parametrize(
    ("locale", "zone", "moment", "day"),
    [
        ("en", "UTC", "March 10, 2026 at 12:05 PM", "Mar 10, 2026"),
        ("en", "Asia/Seoul", "March 10, 2026 at 9:05 PM", "Mar 10, 2026"),
        ("en", "Pacific/Apia", "March 11, 2026 at 1:05 AM", "Mar 11, 2026"),
        ("ko", "Asia/Seoul", "2026년 3월 10일 오후 9:05", "2026. 3. 10."),
    ],
)
def test_moments_are_shown_in_the_readers_zone(locale, zone, moment, day):
    with use_locale(locale, zone):
        assert i18n.moment(MOMENT).replace("\u202f", " ") == moment
        assert i18n.date(MOMENT) == day


def test_calendar_days_and_times_of_day_have_no_zone():
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
def test_numbers_are_grouped_or_compact(value, whole, compact_english, compact_korean):
    with use_locale("en"):
        assert (i18n.number(value), i18n.compact(value)) == (whole, compact_english)
    with use_locale("ko"):
        assert (i18n.number(value), i18n.compact(value)) == (whole, compact_korean)


def test_placeholders_are_filled_in(english):
    assert i18n._("100% of %(name)s") == "100% of %(name)s", "without values nothing is filled in"
    assert i18n._("Hello %(name)s", name="Ann %(x)s") == "Hello Ann %(x)s"
    assert i18n.ngettext("%(num)s post", "%(num)s posts", 1) == "1 post"
    assert i18n.ngettext("%(num)s post", "%(num)s posts", 12_345) == "12,345 posts"


class ContextTranslations(NullTranslations):
    """Translations of everything, which show how they were asked for."""

    def pgettext(self, context: str, message: str) -> str:
        return f"{context}: {message}"

    def npgettext(self, context: str, msgid1: str, msgid2: str, n: int) -> str:
        return f"{context}: {msgid1 if n == 1 else msgid2}"


@pytest.fixture
def translations_by_context(monkeypatch) -> None:
    monkeypatch.setitem(i18n._catalogues, "en", ContextTranslations())


def test_a_context_chooses_the_translation(english, translations_by_context):
    assert i18n._("Results") == "Results"
    assert i18n._("Results", context="poll") == "poll: Results"
    assert i18n._("Results of %(name)s", context="poll", name="Ann") == "poll: Results of Ann"
    assert i18n.ngettext("%(num)s vote", "%(num)s votes", 1, context="poll") == "poll: 1 vote"
    assert i18n.ngettext("%(num)s vote", "%(num)s votes", 12_345, context="poll") == "poll: 12,345 votes"


def test_without_a_translation_a_context_is_not_shown(english):
    assert i18n._("Results", context="poll") == "Results"
    assert i18n.ngettext("%(num)s vote", "%(num)s votes", 2, context="poll") == "2 votes"


def test_a_context_chooses_the_translation_in_templates(app: Flask, english, translations_by_context):
    template = app.jinja_env.from_string(
        "{{ _('Results of %(name)s', context='poll', name='<b>') }}, "
        "{{ ngettext('%(num)s vote', '%(num)s votes', 2, context='poll') }}, {{ _('Results') }}"
    )
    assert template.render() == "poll: Results of &lt;b&gt;, poll: 2 votes, Results"
