"""Who may do what with jobs."""

from madang.core.actor import Actor


def can_maintain_site(actor: Actor) -> bool:
    """Whether the actor may start the work that keeps the site in order."""
    return actor.role == "admin" and not actor.is_suspended
