"""Permissions for following, and for seeing what somebody follows."""

from madang.accounts.models import User
from madang.accounts.policies.accounts import can_write
from madang.core.actor import Actor
from madang.posts.models import Post

from .models import Followable


def can_follow(actor: Actor, subject: Followable) -> bool:
    """Anybody who can write, but not themselves; of posts only the questions of others."""
    if not can_write(actor):
        return False
    if isinstance(subject, User):
        return actor.id != subject.id
    return not isinstance(subject, Post) or can_follow_question(actor, subject.kind, subject.author_id)


def can_follow_question(actor: Actor, kind: str, author_id: int | None) -> bool:
    """Do the same check as `can_follow` with the columns of a post's row."""
    return can_write(actor) and kind == "question" and actor.id != author_id


def can_see_private_follows(actor: Actor, person: User) -> bool:
    """Tags, boards and questions that a person follows are visible to that person only."""
    return actor.is_authenticated and actor.id == person.id
