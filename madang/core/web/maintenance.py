"""Maintenance: the site is read, but nobody writes; `madang maintenance on` and `off` switch it."""

from flask import request

from madang.core.errors import Unavailable
from madang.core.i18n import _
from madang.core.site import set_site, site

SAFE_METHODS = ("GET", "HEAD", "OPTIONS")
RETRY_AFTER_SECONDS = 300


class InMaintenance(Unavailable):
    """A write while the site is in maintenance."""

    code = "maintenance"
    retry_after = RETRY_AFTER_SECONDS

    def __init__(self) -> None:
        super().__init__(
            _("Nothing can be written right now. Please keep your text, go back and send it again in a few minutes.")
        )
        self.members = {"title": _("The site is being worked on")}


def set_maintenance(is_on: bool) -> None:
    """Begin or end maintenance; all processes follow within two seconds."""
    set_site(maintenance="yes" if is_on else "")


def refuse_writes_in_maintenance() -> None:
    """Raise `InMaintenance` for a request that may write, whoever sends it."""
    if request.method not in SAFE_METHODS and site().is_in_maintenance:
        raise InMaintenance
