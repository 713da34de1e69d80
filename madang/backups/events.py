"""Events of backups."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class BackupFailed:
    """The daily backup could not be made; the site's settings say when and why."""
