"""The reasons of flags in words."""

from madang.core.i18n import _


def reason_label(reason: str) -> str:
    """The label of a reason."""
    return {
        "spam": _("It is spam or an advertisement"),
        "rude": _("It is rude or abusive"),
        "off_topic": _("It is in the wrong place"),
        "attention": _("There is another reason for a moderator to look at it"),
        "deletion": _("Its author asks for deletion"),
    }[reason]


def staff_verbs() -> dict[str, str]:
    """The actions on flags that the staff log records, in words."""
    return {
        "uphold_flags": _("Flags accepted"),
        "decline_flags": _("Flags dismissed"),
        "accept_deletion_request": _("Deleted as its author asked"),
        "decline_deletion_request": _("Deletion request declined"),
    }
