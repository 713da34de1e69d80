"""The actions of staff on comments in words."""

from madang.core.i18n import _


def staff_verbs() -> dict[str, str]:
    """The actions on comments that the staff log records, in words."""
    return {
        "edit_comment": _("Comment edited"),
        "delete_comment": _("Comment deleted"),
        "restore_comment": _("Comment restored"),
    }
