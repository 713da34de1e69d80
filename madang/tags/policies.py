"""Permissions for tags."""

from madang.accounts.policies.accounts import can_write
from madang.core.actor import Actor
from madang.core.errors import require
from madang.core.i18n import _


def can_manage_tags(actor: Actor) -> bool:
    """Permission to create, rename, merge and delete tags."""
    return can_write(actor) and actor.is_staff


def require_tag_manager(actor: Actor) -> None:
    """Raise `Forbidden` unless the actor can manage tags."""
    require(can_manage_tags(actor), _("Only moderators can do this."))


def can_describe_tag(actor: Actor) -> bool:
    return can_write(actor) and actor.is_staff
