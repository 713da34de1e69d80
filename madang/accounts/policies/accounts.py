"""Permissions: write, administer, see administration, edit profiles."""

from madang.core.actor import Actor
from madang.core.errors import require
from madang.core.i18n import _

from ..models import User


def can_write(actor: Actor) -> bool:
    """Whether the actor may write at all: has an account that is not suspended."""
    return actor.is_authenticated and not actor.is_suspended


def can_administer(actor: Actor) -> bool:
    """Whether the actor may manage accounts and boards."""
    return actor.role == "admin" and not actor.is_suspended


def require_administrator(actor: Actor) -> None:
    """Raise `Forbidden` unless the actor may manage accounts and boards."""
    require(can_administer(actor), _("Only administrators can do this."))


def can_see_administration(actor: Actor) -> bool:
    """Whether the actor may open the staff pages."""
    return actor.is_staff and not actor.is_suspended


def can_edit_profile(actor: Actor, user: User) -> bool:
    """Whether the actor may edit a profile: only their own, and not while suspended, since others read it."""
    return can_write(actor) and actor.id == user.id
