"""Internationalisation: translated messages, dates and numbers in the current language and time zone.

Operations return messages but know no web framework, and jobs write mails in their reader's language, so the language
is a context variable over the standard library's gettext, not a part of the request.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date as calendar_date
from datetime import datetime, timedelta
from datetime import time as clock_time
from functools import lru_cache
from gettext import NullTranslations, translation
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from babel import Locale, negotiate_locale
from babel.dates import format_date, format_datetime, format_time, format_timedelta
from babel.numbers import format_compact_decimal, format_decimal

LOCALES = ("ko", "en")
MAX_ACCEPT_LANGUAGE = 200
LANGUAGE_NAMES = {"ko": "한국어", "en": "English"}
_locale: ContextVar[str] = ContextVar("locale", default="en")
_zone: ContextVar[str] = ContextVar("zone", default="UTC")
_catalogues: dict[str, NullTranslations] = {}
_UNTRANSLATED = NullTranslations()
_EXACT = {"ko": "y년 M월 d일 EEEE aaaa h:mm:ss zzz", "en": "EEEE, MMMM d, y 'at' h:mm:ss a zzz"}
_MOMENT = {"ko": "y년 M월 d일 aaaa h:mm", "en": "MMMM d, y 'at' h:mm a"}
_CLOCK = {"ko": "aaaa h:mm", "en": "h:mm a"}
_CLOCK_WITH_SECONDS = {"ko": "aaaa h:mm:ss", "en": "h:mm:ss a"}
_DATE = {"ko": "y. M. d.", "en": "MMM d, y"}


def load_catalogues(folder: Path) -> None:
    """Read the compiled catalogues `<folder>/<locale>/LC_MESSAGES/messages.mo`; English needs none."""
    for locale in LOCALES:
        _catalogues[locale] = translation("messages", folder, [locale], fallback=True)


def current_locale() -> str:
    return _locale.get()


def current_zone() -> str:
    return _zone.get()


def set_locale(locale: str, zone: str = "UTC") -> None:
    """Set the language and time zone of this request or job; unknown ones become English and UTC."""
    _locale.set(locale if locale in LOCALES else "en")
    _zone.set(zone if is_zone(zone) else "UTC")


@contextmanager
def use_locale(locale: str | None, zone: str | None = None) -> Iterator[None]:
    """Use `locale` and `zone` within the block; None keeps the current one."""
    before = (_locale.get(), _zone.get())
    set_locale(locale or before[0], zone or before[1])
    try:
        yield
    finally:
        _locale.set(before[0])
        _zone.set(before[1])


def gettext(message: str, context: str | None = None) -> str:
    """The translation of `message`, with unfilled placeholders (for templates)."""
    return _catalogue().gettext(message) if context is None else _catalogue().pgettext(context, message)


def ngettext_open(singular: str, plural: str, n: int, context: str | None = None) -> str:
    """The translation for `n`, with unfilled placeholders (for templates)."""
    if context is None:
        return _catalogue().ngettext(singular, plural, n)
    return _catalogue().npgettext(context, singular, plural, n)


def _catalogue() -> NullTranslations:
    return _catalogues.get(_locale.get(), _UNTRANSLATED)


def _(message: str, *, context: str | None = None, **values: object) -> str:
    """The translation of `message` with `%(name)s` filled in.

    A `context` names the meaning of an English text that has several ("Open" as a state, or as a button); each context
    has a translation of its own (msgctxt).
    """
    text = gettext(message, context)
    return text % values if values else text


def ngettext(singular: str, plural: str, num: int, *, context: str | None = None, **values: object) -> str:
    """The translation for the count `num`, with `%(num)s` and the other values filled in; for `context` see `_`."""
    return ngettext_open(singular, plural, num, context) % {"num": number(num), **values}


def choose_locale(
    cookie: str | None,
    accept_language: str | None,
    default: str,
    *,
    saved: str | None = None,
    is_program: bool = False,
    offered: tuple[str, ...] = LOCALES,
) -> str:
    """The first that is offered of: this browser's cookie, the account's language, Accept-Language, the site's default.

    A program says what it wants by Accept-Language, so for one this comes first.
    """
    accepted = _accepted_locale((accept_language or "")[:MAX_ACCEPT_LANGUAGE], offered)
    saved = saved if saved in offered else None
    if is_program:
        return accepted or saved or default
    return cookie if cookie in offered else saved or accepted or default


@lru_cache(maxsize=4096)
def _accepted_locale(accept_language: str, offered: tuple[str, ...]) -> str | None:
    """The best offered language of an Accept-Language header, by its q-values (RFC 9110); None if there is none."""
    accepted = []
    for position, part in enumerate(accept_language.split(",")):
        tag, _sep, quality = part.lower().partition(";")
        try:
            weight = float(quality.strip().removeprefix("q=") or 1)
        except ValueError:
            weight = 0.0
        if tag.strip() and weight > 0:
            accepted.append((-weight, position, tag.strip().replace("-", "_").split("_")[0]))
    return negotiate_locale([tag for _weight, _position, tag in sorted(accepted)], offered)


@lru_cache(maxsize=1)
def zones() -> frozenset[str]:
    """The names of all time zones."""
    return frozenset(available_timezones())


@lru_cache(maxsize=1024)
def is_zone(name: str) -> bool:
    """Whether this is the name of a time zone."""
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False
    return True


def ago(moment: datetime, now: datetime) -> str:
    """How long ago `moment` was ("3 hours ago"); after a month, the date."""
    seconds = max(0, int((now - moment).total_seconds()))
    locale = _locale.get()
    if seconds < 60:
        return _("just now")
    if seconds < 30 * 86400:
        unit = 60 if seconds < 3600 else 3600 if seconds < 86400 else 86400
        return _ago(seconds // unit * unit, locale)  # rounded down, so that few different phrases are cached
    return date(moment)


def ahead(moment: datetime, now: datetime) -> str:
    """In what time `moment` will be ("in 3 hours"), rounded; at least a minute."""
    until = max(moment - now, timedelta(minutes=1))
    return format_timedelta(until, granularity="minute", threshold=1, add_direction=True, locale=_locale.get())


@lru_cache(maxsize=2048)
def _ago(seconds: int, locale: str) -> str:
    return format_timedelta(timedelta(seconds=seconds), threshold=1, add_direction=False, locale=locale) + (
        " 전" if locale == "ko" else " ago"
    )


@lru_cache(maxsize=8192)
def _date(moment: datetime, locale: str, zone: str) -> str:
    return format_date(moment.astimezone(ZoneInfo(zone)).date(), _DATE[locale], locale=locale)


@lru_cache(maxsize=16384)
def _datetime(moment: datetime, pattern: str, locale: str, zone: str) -> str:
    return format_datetime(moment, pattern, tzinfo=ZoneInfo(zone), locale=locale)


def exact(moment: datetime) -> str:
    """Date and time with weekday, seconds and zone, in the reader's zone."""
    locale = _locale.get()
    return _datetime(moment.replace(microsecond=0), _EXACT[locale], locale, _zone.get())


def moment(value: datetime) -> str:
    """Date and time to the minute, in the reader's zone, for use inside a sentence."""
    locale = _locale.get()
    return _datetime(value.replace(second=0, microsecond=0), _MOMENT[locale], locale, _zone.get())


def date(moment: datetime) -> str:
    """The date of a moment in the reader's zone."""
    return _date(moment, _locale.get(), _zone.get())


def day(value: calendar_date) -> str:
    """A calendar date, which has no zone."""
    return format_date(value, _DATE[_locale.get()], locale=_locale.get())


def clock(value: clock_time) -> str:
    """A time of day, which has no zone; with seconds where there are some."""
    patterns = _CLOCK_WITH_SECONDS if value.second else _CLOCK
    return format_time(value, patterns[_locale.get()], locale=_locale.get())


@lru_cache(maxsize=8192)
def _number(value: int | float, locale: str) -> str:
    return format_decimal(value, locale=locale)


def number(value: int | float) -> str:
    """12345 as "12,345"."""
    return str(value) if 0 <= value < 1000 and isinstance(value, int) else _number(value, _locale.get())


@lru_cache(maxsize=8192)
def _compact(value: int, locale: str) -> str:
    return format_compact_decimal(value, fraction_digits=1, locale=Locale.parse(locale))


def compact(value: int) -> str:
    """12345 as "12.3K" or "1.2만"."""
    return number(value) if abs(value) < 10_000 else _compact(value, _locale.get())
