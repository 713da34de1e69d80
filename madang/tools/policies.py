"""Who may use which tool."""

from madang.core.actor import Actor

MEMBERS = ("member", "moderator", "admin")


def can_use_tools(actor: Actor) -> bool:
    """Whoever has an identity, unless they are suspended."""
    return actor.id is not None and not actor.is_suspended


def can_send_mail(actor: Actor, *, is_production: bool) -> bool:
    """In production members whose own address is confirmed: a stranger could write anything to anybody."""
    if not is_production:
        return can_use_tools(actor)
    return can_use_tools(actor) and actor.role in MEMBERS and actor.is_email_confirmed
