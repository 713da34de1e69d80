"""Who may flag, and who decides about flags."""

from typing import Protocol

from madang.accounts.policies.accounts import can_write
from madang.core.actor import Actor


class FlaggableContent(Protocol):
    """What the rule asks of a post or a comment; a row of a page has it as well as the entity."""

    @property
    def author_id(self) -> int | None: ...
    @property
    def is_deleted(self) -> bool: ...


def can_flag(actor: Actor, thing: FlaggableContent) -> bool:
    """What others wrote, also where it is locked."""
    return can_write(actor) and actor.id != thing.author_id and not thing.is_deleted


def can_resolve_flags(actor: Actor) -> bool:
    """Whoever moderates at present, also about what they wrote themselves: a site may have nobody else."""
    return can_write(actor) and actor.is_staff
