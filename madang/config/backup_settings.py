"""The settings of backups and snapshots."""

from . import kinds
from .definition import Setting
from .texts import gettext_noop as _

BACKUPS = (
    Setting("BACKUP_PASSPHRASE", kinds.TEXT, "", _("Passphrase by which backups are encrypted (age)."), secret=True),
    Setting(
        "BACKUP_AT",
        kinds.TIME_OF_DAY,
        "",
        _("Time of day at which a worker makes a backup, in the zone DEFAULT_TIMEZONE; while it is empty none does."),
    ),
    Setting(
        "BACKUP_TARGET",
        kinds.TEXT,
        "{instance}/backups/",
        _("Where the daily backup is kept: a folder, or s3://bucket/prefix/ with the keys of the S3 store."),
    ),
    Setting(
        "UPGRADE_SNAPSHOT",
        kinds.BOOL,
        "yes",
        _("Whether the database is copied to the folder snapshots of the instance before an upgrade changes tables."),
        defaults={"testing": "no"},
    ),
)
