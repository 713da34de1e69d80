"""The actions of staff on boards in words."""

from madang.core.i18n import _


def staff_verbs() -> dict[str, str]:
    """The actions on boards that the staff log records, in words."""
    return {
        "create_board": _("Board added"),
        "edit_board": _("Board changed"),
        "change_board_kind": _("Board's kind changed"),
        "clear_board": _("Board's posts moved away"),
        "delete_board": _("Board deleted"),
    }
