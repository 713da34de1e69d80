"""The kinds of settings: parsing from text, formatting, and the description of allowed values."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from limits import parse

from .texts import gettext_noop as _
from .urls import normalize_database_url

YES = frozenset({"1", "true", "yes", "on"})
NO = frozenset({"0", "false", "no", "off"})
DURATION_UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86400, "w": 604800}
SIZE_UNITS = {"b": 1, "kb": 1024, "mb": 1024**2, "gb": 1024**3}


@dataclass(frozen=True)
class Kind:
    """`parse` turns text into a value or raises ValueError; `show` formats it.

    `allowed_template` with `limits` completes "... must be". `words` are those that a form offers, none for any text.
    """

    name: str
    allowed_template: str
    parse: Callable[[str], Any]
    show: Callable[[Any], str] = str
    limits: Mapping[str, object] = field(default_factory=dict)
    words: tuple[str, ...] = ()

    @property
    def allowed(self) -> str:
        return self.allowed_template % self.limits if self.limits else self.allowed_template


def _show_bool(value: bool) -> str:
    return "yes" if value else "no"


def _parse_bool(text: str) -> bool:
    if text.lower() in YES | NO:
        return text.lower() in YES
    raise ValueError(text)


def _parse_auto_bool(text: str) -> bool | None:
    return None if text.lower() == "auto" else _parse_bool(text)


def _parse_quantity(text: str, units: dict[str, int], unit_when_bare: str) -> int:
    match = re.fullmatch(r"(\d{1,12})\s*([a-z]*)", text.lower())
    if match is None:
        raise ValueError(text)
    number, unit = match.groups()
    if (unit or unit_when_bare) not in units:
        raise ValueError(text)
    return int(number) * units[unit or unit_when_bare]


def _show_quantity(number: int, units: dict[str, int]) -> str:
    unit = max((unit for unit in units if number % units[unit] == 0), key=lambda unit: units[unit])
    return f"{number // units[unit]}{unit}"


def _parse_duration(text: str) -> int:
    return _parse_quantity(text, DURATION_UNITS, "s")


def _show_duration(seconds: int) -> str:
    return _show_quantity(seconds, DURATION_UNITS)


def _parse_size(text: str) -> int:
    return _parse_quantity(text, SIZE_UNITS, "b")


def _show_size(size: int) -> str:
    return _show_quantity(size, SIZE_UNITS).upper()


def _parse_rate(text: str) -> str:
    if text.lower() == "off":
        return ""
    parse(text)
    return text


def _show_rate(rate: str) -> str:
    return rate or "off"


def _parse_timezone(text: str) -> str:
    return ZoneInfo(text).key


def _parse_site_url(text: str) -> str:
    parts = urlsplit(text)
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.query or parts.fragment or parts.port == 0:
        raise ValueError(text)
    return text.rstrip("/")


def _parse_redis_url(text: str) -> str:
    parts = urlsplit(text)
    if parts.scheme not in {"redis", "rediss", "unix"} or not (parts.hostname or parts.path):
        raise ValueError(text)
    return text


def whole_number(minimum: int, maximum: int) -> Kind:
    """A whole number between `minimum` and `maximum`, both included."""

    def parse(text: str) -> int:
        number = int(text)
        if not minimum <= number <= maximum:
            raise ValueError(text)
        return number

    limits = {"minimum": minimum, "maximum": maximum}
    return Kind("number", _("a whole number from %(minimum)s to %(maximum)s"), parse, limits=limits)


def choice(*words: str) -> Kind:
    """One of `words`, case-insensitive."""
    by_lower_case = {word.lower(): word for word in words}

    def parse(text: str) -> str:
        if text.lower() not in by_lower_case:
            raise ValueError(text)
        return by_lower_case[text.lower()]

    return Kind("choice", _("one of %(words)s"), parse, limits={"words": ", ".join(words)}, words=words)


def line(maximum: int) -> Kind:
    """A text of one line with at most `maximum` characters."""

    def parse(text: str) -> str:
        if len(text) > maximum or any(not character.isprintable() for character in text):
            raise ValueError(text)
        return text

    return Kind("text", _("a line of at most %(maximum)s characters"), parse, limits={"maximum": maximum})


def _parse_mailbox(text: str) -> str:
    address = text.rpartition("<")[2].removesuffix(">").strip()
    if not MAILBOX.fullmatch(text) or not ADDRESS.fullmatch(address):
        raise ValueError(text)
    return text


def _parse_host(text: str) -> str:
    if not HOST.fullmatch(text):
        raise ValueError(text)
    return text


TEXT = Kind("text", _("text"), str)
PATH = Kind("path", _("the path of a folder"), lambda text: Path(text).expanduser())
FILE = Kind("path", _("the path of a file"), lambda text: Path(text).expanduser())
BOOL = Kind("yes/no", _("yes or no"), _parse_bool, _show_bool, words=("yes", "no"))
AUTO_BOOL = Kind("yes/no/auto", _("yes, no or auto"), _parse_auto_bool, _show_bool, words=("yes", "no", "auto"))
MAILBOX = re.compile(r"[^\x00-\x1f\x7f<>]{0,200}(<[^\x00-\x20\x7f<>]{1,254}>)?")
ADDRESS = re.compile(r"[^\s@]{1,64}@[^\s@]{1,253}")
HOST = re.compile(r"[\w.:\[\]-]{1,253}")
MAIL_SENDER = Kind("address", _('an address such as "Yard <yard@example.org>"'), _parse_mailbox)
MAIL_HOST = Kind("host", _('the name of a machine such as "smtp.example.org"'), _parse_host)
ORIGIN = re.compile(r"https?://[a-z0-9.-]+(:[0-9]{1,5})?|https?://\[[0-9a-f:.]+\](:[0-9]{1,5})?")


def _parse_origins(text: str) -> tuple[str, ...]:
    origins = tuple(text.lower().split())
    if not all(ORIGIN.fullmatch(origin) for origin in origins):
        raise ValueError(text)
    return origins


ORIGINS = Kind(
    "origins", _('origins such as "https://app.example.org", with spaces between them'), _parse_origins, " ".join
)
DURATION = Kind("duration", _('a duration such as "90s", "15m", "12h" or "7d"'), _parse_duration, _show_duration)
SIZE = Kind("size", _('a size such as "512KB" or "10MB"'), _parse_size, _show_size)
RATE = Kind("rate", _('a rate such as "10 per minute" or "100 per hour", or "off"'), _parse_rate, _show_rate)
TIME_OF_DAY = Kind(
    "time of day",
    _('a time of day such as "03:30"'),
    lambda text: datetime.strptime(text, "%H:%M").time(),  # noqa: DTZ007  (a time without a day has no zone)
    lambda moment: moment.strftime("%H:%M"),
)
TIMEZONE = Kind("time zone", _('the name of a time zone such as "Asia/Seoul" or "UTC"'), _parse_timezone)
SITE_URL = Kind("url", _('an address such as "https://board.example.org"'), _parse_site_url)
REDIS_URL = Kind("url", _('an address such as "redis://127.0.0.1:6379/0"'), _parse_redis_url)
DATABASE_URL = Kind(
    "url",
    _(
        'an address such as "sqlite:///board.db", "postgresql://user:password@host/name" or "mysql://user:password@host/name"'
    ),
    normalize_database_url,
)
