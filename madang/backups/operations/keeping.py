"""Names of backups, and which of them are kept: the newest of each of the last days, weeks and months."""

import re
from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from typing import NamedTuple

from madang.core.site import site
from madang.core.text import slugify

from .places import PART, Place

STAMP = "%Y%m%d-%H%M%S"
ANY_SITE = re.compile(r".-(\d{8}-\d{6})\.zip$")
ABANDONED = timedelta(days=1)


class Kept(NamedTuple):
    """How many days, weeks and months keep their newest backup. Those without any backup do not count."""

    days: int = 7
    weeks: int = 4  # as in ISO 8601, from Monday
    months: int = 12


def backup_name(moment: datetime) -> str:
    """The name of a backup of this site."""
    return f"{_site_name()}-{moment.strftime(STAMP)}.zip"


def _site_name() -> str:
    return slugify(site().name) or "madang"


def backups_in(place: Place) -> list[str]:
    """The backups of this site in a place, oldest first: the files that have the names of `backup_name`."""
    return sorted(name for name in place.names() if _made_at(name, _site_name()) is not None)


def newest_of_other_sites(place: Place) -> str:
    """The name of the newest backup of any site in a place, for a site that has lost its name; empty without one."""
    moments = {name: found[0] for name in place.names() if (found := ANY_SITE.findall(name))}
    return max(moments, key=lambda name: moments[name], default="")


def remove_expired(place: Place) -> list[str]:
    """Delete the backups that are no longer kept, and what killed processes left; returns their names."""
    names = place.names()
    removed = expired(names, _site_name()) + abandoned(names, _site_name())
    for name in removed:
        place.remove(name)
    return removed


def expired(names: Iterable[str], site_name: str, kept: Kept | None = None) -> list[str]:
    """Of the names of files those that are backups of the site and need not be kept, oldest first.

    The newest one is always kept, and so is what is no backup of this site.
    """
    moments = {name: moment for name in names if (moment := _made_at(name, site_name)) is not None}
    newest_first = sorted(moments, key=lambda name: moments[name], reverse=True)
    periods = (
        (lambda moment: moment.date(), (kept or Kept()).days),
        (lambda moment: moment.isocalendar()[:2], (kept or Kept()).weeks),
        (lambda moment: (moment.year, moment.month), (kept or Kept()).months),
    )
    needed = set(newest_first[:1])
    for period_of, count in periods:
        newest: dict[object, str] = {}
        for name in newest_first:
            newest.setdefault(period_of(moments[name]), name)
        needed.update(list(newest.values())[:count])
    return [name for name in reversed(newest_first) if name not in needed]


def abandoned(names: Collection[str], site_name: str) -> list[str]:
    """Of the names of files those of backups that were begun a day or more before the newest one, and never completed.

    Younger ones may still be written by another process.
    """
    begun = {name: _made_at(name.removesuffix(PART), site_name) for name in names if name.endswith(PART)}
    made = [moment for name in names if (moment := _made_at(name, site_name)) is not None]
    return sorted(name for name, moment in begun.items() if moment and made and max(made) - moment >= ABANDONED)


def _made_at(name: str, site_name: str) -> datetime | None:
    match = re.fullmatch(rf"{re.escape(site_name)}-(\d{{8}}-\d{{6}})\.zip", name, re.ASCII)
    try:
        return datetime.strptime(match[1], STAMP) if match else None  # noqa: DTZ007  (UTC, compared with others only)
    except ValueError:
        return None
