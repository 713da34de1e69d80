"""Who may do what with accounts."""

from madang.core.actor import Actor

from ..models import User


def can_write(actor: Actor) -> bool:
    """Whether the actor may write anything at all at present."""
    return actor.is_authenticated and not actor.is_suspended


def can_administer(actor: Actor) -> bool:
    """Manage accounts and boards."""
    return actor.role == "admin" and not actor.is_suspended


def can_see_administration(actor: Actor) -> bool:
    """Look at what staff has to do and has done."""
    return actor.is_staff and not actor.is_suspended


def can_edit_profile(actor: Actor, user: User) -> bool:
    """Everybody their own; whoever is suspended writes nothing that others read."""
    return can_write(actor) and actor.id == user.id
