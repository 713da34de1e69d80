"""Administrators are notified of a daily backup that failed."""

from sqlalchemy import select

from madang.accounts.models import User
from madang.core.db import db
from madang.core.i18n import _
from madang.core.site import site

from ..models.tables import Payload
from .base import EventKind, Ids, Notice


class BackupFailed(EventKind):
    """A daily backup that could not be made, for the administrators: once a day, though it is tried again."""

    name = "backup_failed"
    position = 130
    icon = "exclamation-triangle"
    is_in_thread = False
    is_for_staff = True
    delay = None

    def label(self) -> str:
        return _("The daily backup fails (administrators only)")

    def sentence(self, who: str, title: str, payload: Payload) -> str:
        return _("The daily backup failed: %(reason)s", reason=payload.get("reason", ""))

    def notice(self, ids: Ids) -> Notice | None:
        failed_at = site().backup_failed_at
        if failed_at is None:
            return None
        administrators = select(User.id).where(User.role == "admin", User.deleted_at.is_(None))
        key = f"backup_failed:{failed_at:%Y%m%d}"
        return Notice(
            kind=self.name,
            recipients=list(db.session.scalars(administrators)),
            dedupe_key=key,
            group_key=key,
            payload={"reason": site().backup_failure, "url": "/admin"},
        )
