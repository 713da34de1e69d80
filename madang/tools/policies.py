"""Permissions for the tools."""

from madang.core.actor import Actor

MEMBERS = ("member", "moderator", "admin")


def can_use_tools(actor: Actor) -> bool:
    """Members and guests may use the tools unless they are suspended."""
    return actor.id is not None and not actor.is_suspended


def can_send_mail(actor: Actor, *, is_production: bool) -> bool:
    """In production only members with a confirmed address may send mail, to prevent anonymous abuse."""
    if not is_production:
        return can_use_tools(actor)
    return can_use_tools(actor) and actor.role in MEMBERS and actor.is_email_confirmed
