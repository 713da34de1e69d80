"""The settings that say how long what has had its use is kept; purges run once a day."""

from . import kinds
from .definition import Setting
from .texts import gettext_noop as _

# At least a week: results of jobs, and the button that brings a deleted to-do back, last as long.
DAYS = kinds.whole_number(7, 3650)

RETENTION = tuple(
    Setting(name, DAYS, default, meaning, in_browser=True)
    for name, default, meaning in (
        ("GUEST_RETENTION_DAYS", "30", _("Days after which a guest that is not used is deleted with all it has.")),
        ("NOTIFICATION_RETENTION_DAYS", "90", _("Days after which notifications are deleted.")),
        ("JOB_RETENTION_DAYS", "30", _("Days after which jobs that have ended leave people's lists.")),
        ("TODO_RETENTION_DAYS", "7", _("Days after which deleted to-dos and lists are removed for good.")),
    )
)
