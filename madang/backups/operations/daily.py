"""The backup that a worker makes once a day."""

import logging
from datetime import datetime
from pathlib import Path

from madang.admin.operations.site_settings import record_backup_failure
from madang.core.db import rollback, transaction
from madang.core.errors import MadangError
from madang.core.events import emit
from madang.core.queue import Cancelled, progress
from madang.core.queue.context import LeaseLost
from madang.core.settings import setting
from madang.core.site import site

from ..events import BackupFailed
from .keeping import backup_name, remove_expired
from .making import make_backup
from .places import Target, target_of

MAX_REASON = 300
log = logging.getLogger("madang.backups")


def make_daily_backup(now: datetime) -> None:
    """Make a backup in MADANG_BACKUP_TARGET, then delete those that are no longer kept.

    A failure is recorded, administrators are notified, and the error is raised again, so that the job is tried again.
    """
    try:
        place = target_of(setting("BACKUP_TARGET").rstrip("/") + "/", Path(setting("INSTANCE"))).place
        target = Target(place, backup_name(now))
        manifest = make_backup(target, now=now, on_progress=lambda done, total: progress(99 * done / max(total, 1)))
        removed = remove_expired(place)
    except (Cancelled, LeaseLost):
        raise
    except Exception as error:
        rollback()
        _record_failure(error, now)
        raise
    log.info("backup %s: %s rows, %s old ones deleted", target.address, manifest.row_count, len(removed))


def _record_failure(error: Exception, now: datetime) -> None:
    reason = error.message if isinstance(error, MadangError) else f"{type(error).__name__}: {error}"
    with transaction():
        record_backup_failure(reason[:MAX_REASON], now=now)
        site.clear()  # the notification is written in this transaction
        emit(BackupFailed())
