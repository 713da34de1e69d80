"""The daily backup."""

from importlib import import_module

from madang.core.clock import now
from madang.core.i18n import _
from madang.core.queue import job, scheduled


@scheduled(daily_setting="BACKUP_AT")
@job("backups.make", title=lambda: _("Make a backup"))
def make() -> None:
    """Make a backup in MADANG_BACKUP_TARGET, and delete those that are no longer kept.

    Its modules are imported when it runs: compression and encryption take memory that a site without it need not have.
    """
    import_module("madang.backups.operations.daily").make_daily_backup(now())
