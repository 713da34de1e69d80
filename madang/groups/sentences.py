"""The actions of staff and owners on groups, ways to join and colours, in words."""

from typing import TypedDict

from madang.core.i18n import _

from .models import ADDED, AMBER, BY_DOMAIN, GRAY, GREEN, INVITATION, JOINED, OPEN, RED, REQUEST, REQUESTED, Group


class LoggedNames(TypedDict):
    """A group's name for who acts, and its names by language for the readers of the staff log."""

    name: str
    names: dict[str, str]


def logged_names(group: Group) -> LoggedNames:
    """What an entry of the staff log keeps of a group, which may be renamed or deleted later."""
    return {"name": group.name, "names": group.names}


def joining_words(joining: str) -> str:
    """How people join a group."""
    return {
        INVITATION: _("By invitation"),
        REQUEST: _("By request"),
        OPEN: _("Open to everyone with an account"),
    }[joining]


def color_words(color: str) -> str:
    """The name of a colour of badges."""
    return {GRAY: _("Gray"), GREEN: _("Green"), AMBER: _("Amber"), RED: _("Red")}[color]


def origin_words(origin: str) -> str:
    """How a member came."""
    return {
        ADDED: _("added"),
        JOINED: _("joined", context="group"),
        REQUESTED: _("asked to join"),
        BY_DOMAIN: _("by e-mail address"),
    }[origin]


def staff_verbs() -> dict[str, str]:
    """The actions on groups that the staff log records, in words."""
    return {
        "create_group": _("Group added"),
        "edit_group": _("Group changed"),
        "delete_group": _("Group deleted"),
        "add_to_group": _("Added to a group"),
        "remove_from_group": _("Removed from a group"),
        "make_group_owner": _("Made an owner of a group"),
        "unmake_group_owner": _("No longer an owner of a group"),
        "invite_to_group": _("Invited to a group"),
        "accept_group_request": _("Request to join a group accepted"),
        "decline_group_request": _("Request to join a group declined"),
        "withdraw_group_invitation": _("Invitation to a group withdrawn"),
    }
