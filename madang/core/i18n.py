"""Languages: the sentences, the dates and the numbers of whoever is being spoken to.

Operations speak to people but know no web framework, and jobs write mails in their reader's language, so the language
is a context variable over the standard library's gettext, not a part of the request.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date as a_day
from datetime import datetime, timedelta
from datetime import time as a_time
from functools import lru_cache
from gettext import GNUTranslations, NullTranslations
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from babel import Locale, negotiate_locale
from babel.dates import format_date, format_datetime, format_time, format_timedelta
from babel.numbers import format_compact_decimal, format_decimal

LOCALES = ("ko", "en")
LONGEST_WISH = 200
LANGUAGE_NAMES = {"ko": "한국어", "en": "English"}
_locale: ContextVar[str] = ContextVar("locale", default="en")
_zone: ContextVar[str] = ContextVar("zone", default="UTC")
_catalogues: dict[str, NullTranslations] = {}
_EXACT = {"ko": "y년 M월 d일 EEEE aaaa h:mm:ss zzz", "en": "EEEE, MMMM d, y 'at' h:mm:ss a zzz"}
_MOMENT = {"ko": "y년 M월 d일 aaaa h:mm", "en": "MMMM d, y 'at' h:mm a"}
_CLOCK = {"ko": "aaaa h:mm", "en": "h:mm a"}
_DATE = {"ko": "y. M. d.", "en": "MMM d, y"}


def load_catalogues(folder: Path) -> None:
    """Read the compiled catalogues `<folder>/<locale>/LC_MESSAGES/messages.mo`; English needs none."""
    for locale in LOCALES:
        path = folder / locale / "LC_MESSAGES" / "messages.mo"
        if path.is_file():
            with path.open("rb") as file:
                _catalogues[locale] = GNUTranslations(file)
        else:
            _catalogues[locale] = NullTranslations()


def current_locale() -> str:
    return _locale.get()


def current_zone() -> str:
    return _zone.get()


def set_locale(locale: str, zone: str = "UTC") -> None:
    """Speak `locale` and tell times in `zone` from here on in this request or job."""
    _locale.set(locale if locale in LOCALES else "en")
    _zone.set(zone if is_zone(zone) else "UTC")


@contextmanager
def use_locale(locale: str | None, zone: str | None = None) -> Iterator[None]:
    """Speak `locale` within the block."""
    before = (_locale.get(), _zone.get())
    set_locale(locale or before[0], zone or before[1])
    try:
        yield
    finally:
        _locale.set(before[0])
        _zone.set(before[1])


def gettext(message: str) -> str:
    """The sentence in the present language, with its placeholders still open (for templates)."""
    catalogue = _catalogues.get(_locale.get())
    return catalogue.gettext(message) if catalogue else message


def ngettext_open(singular: str, plural: str, n: int) -> str:
    catalogue = _catalogues.get(_locale.get()) or _ENGLISH
    return catalogue.ngettext(singular, plural, n)


_ENGLISH = NullTranslations()


def _(message: str, **values: object) -> str:
    """The sentence in the present language with `%(name)s` filled in."""
    text = gettext(message)
    return text % values if values else text


def ngettext(singular: str, plural: str, num: int, **values: object) -> str:
    """The sentence for `num` things, with `%(num)s` and the other values filled in."""
    return ngettext_open(singular, plural, num) % {"num": number(num), **values}


def choose_locale(cookie: str | None, accept_language: str | None, default: str, *, saved: str | None = None) -> str:
    """What was chosen on this browser, then what the account says, then what the browser wishes, then the site's."""
    if cookie in LOCALES:
        return cookie
    return saved or _wished_locale((accept_language or "")[:LONGEST_WISH]) or default


@lru_cache(maxsize=4096)
def _wished_locale(accept_language: str) -> str | None:
    wishes = []
    for position, part in enumerate(accept_language.split(",")):
        tag, _sep, quality = part.lower().partition(";")
        try:
            weight = float(quality.strip().removeprefix("q=") or 1)
        except ValueError:
            weight = 0.0
        if tag.strip() and weight > 0:
            wishes.append((-weight, position, tag.strip().replace("-", "_").split("_")[0]))
    return negotiate_locale([tag for _weight, _position, tag in sorted(wishes)], LOCALES)


@lru_cache(maxsize=1)
def zones() -> frozenset[str]:
    return frozenset(available_timezones())


@lru_cache(maxsize=1024)
def is_zone(name: str) -> bool:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False
    return True


def ago(moment: datetime, now: datetime) -> str:
    """How long ago in words; after a month, the date."""
    seconds = max(0, int((now - moment).total_seconds()))
    locale = _locale.get()
    if seconds < 60:
        return _("just now")
    if seconds < 30 * 86400:
        return _ago(_rounded(seconds), locale)
    return _date(moment, locale, _zone.get())


def _rounded(seconds: int) -> int:
    """Down to whole minutes, hours or days, so that few different phrases are ever made."""
    unit = 60 if seconds < 3600 else 3600 if seconds < 86400 else 86400
    return seconds // unit * unit


@lru_cache(maxsize=2048)
def _ago(seconds: int, locale: str) -> str:
    return format_timedelta(timedelta(seconds=seconds), threshold=1, add_direction=False, locale=locale) + (
        " 전" if locale == "ko" else " ago"
    )


@lru_cache(maxsize=8192)
def _date(moment: datetime, locale: str, zone: str) -> str:
    return format_date(moment.astimezone(ZoneInfo(zone)).date(), _DATE[locale], locale=locale)


@lru_cache(maxsize=8192)
def _exact(moment: datetime, locale: str, zone: str) -> str:
    return format_datetime(moment, _EXACT[locale], tzinfo=ZoneInfo(zone), locale=locale)


def exact(moment: datetime) -> str:
    """The whole date and time in the reader's zone and words."""
    return _exact(moment.replace(microsecond=0), _locale.get(), _zone.get())


@lru_cache(maxsize=8192)
def _moment(moment: datetime, locale: str, zone: str) -> str:
    return format_datetime(moment, _MOMENT[locale], tzinfo=ZoneInfo(zone), locale=locale)


def moment(value: datetime) -> str:
    """The day and the clock, in the reader's zone and words, inside a sentence."""
    return _moment(value.replace(second=0, microsecond=0), _locale.get(), _zone.get())


def date(moment: datetime) -> str:
    return _date(moment, _locale.get(), _zone.get())


def day(value: a_day) -> str:
    """A day of the calendar."""
    return format_date(value, _DATE[_locale.get()], locale=_locale.get())


def clock(value: a_time) -> str:
    """A time as a clock shows it."""
    return format_time(value, _CLOCK[_locale.get()], locale=_locale.get())


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
