"""Why questions are closed, and the actions of staff on posts, in words."""

from madang.core.i18n import _


def staff_verbs() -> dict[str, str]:
    """The actions on posts that the staff log records, in words."""
    return {
        "close_post": _("Question closed"),
        "reopen_post": _("Question reopened"),
        "lock_post": _("Post locked"),
        "unlock_post": _("Post unlocked"),
        "pin_post": _("Post pinned"),
        "unpin_post": _("Post unpinned"),
        "move_post": _("Post moved"),
        "edit_post": _("Post edited"),
        "delete_post": _("Post deleted"),
        "restore_post": _("Post restored"),
    }


def close_reason(reason: str) -> str:
    """The sentence for a close reason, in the current language."""
    return {
        "duplicate": _("It has been asked before"),
        "off_topic": _("It does not belong here"),
        "unclear": _("It is not clear what is asked"),
        "opinion": _("It asks for opinions"),
        "solved_elsewhere": _("It has been resolved elsewhere"),
    }[reason]
