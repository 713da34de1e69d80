"""The actions of staff on polls in words."""

from madang.core.i18n import _


def staff_verbs() -> dict[str, str]:
    """The actions on polls that the staff log records, in words."""
    return {
        "edit_poll": _("Poll changed"),
        "end_poll": _("Poll ended"),
        "delete_poll": _("Poll deleted"),
    }
