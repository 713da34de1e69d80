"""Permissions for tags."""

from madang.accounts.policies.accounts import can_write
from madang.core.actor import Actor


def can_manage_tags(actor: Actor) -> bool:
    """Permission to create, rename, merge and delete tags."""
    return can_write(actor) and actor.is_staff


def can_describe_tag(actor: Actor) -> bool:
    return can_write(actor) and actor.is_staff
