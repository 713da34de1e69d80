"""The actions of staff on tags in words."""

from madang.core.i18n import _


def staff_verbs() -> dict[str, str]:
    """The actions on tags that the staff log records, in words."""
    return {
        "create_tag": _("Tag added"),
        "rename_tag": _("Tag renamed"),
        "merge_tags": _("Tags merged"),
        "add_synonym": _("Synonym added"),
        "remove_synonym": _("Synonym removed"),
        "describe_tag": _("Tag described"),
        "delete_tag": _("Tag deleted"),
    }
