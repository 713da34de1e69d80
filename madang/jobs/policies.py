"""Permissions for jobs."""

from madang.core.actor import Actor


def can_maintain_site(actor: Actor) -> bool:
    """Whether the actor may start maintenance jobs."""
    return actor.role == "admin" and not actor.is_suspended
