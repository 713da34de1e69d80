"""Who may do what with tags."""

from madang.accounts.policies.accounts import can_write
from madang.core.actor import Actor


def can_manage_tags(actor: Actor) -> bool:
    """Name, merge and delete them."""
    return can_write(actor) and actor.is_staff


def can_describe_tag(actor: Actor) -> bool:
    return can_write(actor) and actor.is_staff
