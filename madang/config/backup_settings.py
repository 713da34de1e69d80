"""The settings of backups and snapshots."""

from . import kinds
from .definition import Setting

BACKUPS = (
    Setting("BACKUP_PASSPHRASE", kinds.TEXT, "", "Passphrase by which backups are encrypted (age).", secret=True),
    Setting(
        "BACKUP_AT",
        kinds.TIME_OF_DAY,
        "",
        "Time of day at which a worker makes a backup, in the time zone DEFAULT_TIMEZONE; while it is empty none does.",
    ),
    Setting(
        "BACKUP_TARGET",
        kinds.TEXT,
        "{instance}/backups/",
        "Where the daily backup is kept: a folder, or s3://bucket/prefix/ with the keys of the S3 store.",
    ),
    Setting(
        "UPGRADE_SNAPSHOT",
        kinds.BOOL,
        "yes",
        "Whether the database is copied to the folder snapshots of the instance before an upgrade changes its tables.",
        defaults={"testing": "no"},
    ),
)
