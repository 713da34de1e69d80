"""Who may follow what."""

from madang.accounts.models import User
from madang.accounts.policies.accounts import can_write
from madang.core.actor import Actor
from madang.posts.models import Post

from .models import Thing


def can_follow(actor: Actor, thing: Thing) -> bool:
    """Nobody follows themselves. Of posts only questions go on; who asked one is told of its answers anyway."""
    if not can_write(actor):
        return False
    if isinstance(thing, User):
        return actor.id != thing.id
    return not isinstance(thing, Post) or can_follow_question(actor, thing.kind, thing.author_id)


def can_follow_question(actor: Actor, kind: str, author_id: int | None) -> bool:
    """The same for a row of a page."""
    return can_write(actor) and kind == "question" and actor.id != author_id


def can_see_all_follows(actor: Actor, person: User) -> bool:
    """Everybody sees which people somebody follows; what else, is their own business."""
    return actor.is_authenticated and actor.id == person.id
