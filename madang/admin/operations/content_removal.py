"""Remove the content of a deleted account in batches, and count it: what the slices declare as `Removal`s."""

from datetime import datetime

from madang.core.actor import Actor
from madang.core.ownership import removals

BATCH_SIZE = 50


def remove_next_content(user_id: int, *, actor: Actor, now: datetime, limit: int = BATCH_SIZE) -> int:
    """Remove a person's next content, at most `limit` of each kind. Returns how much; 0 when nothing is left."""
    return sum(removal.remove_next(user_id, actor, now, limit) for removal in removals())


def content_counts(user_id: int) -> dict[str, int]:
    """How much content of a person can be removed, by the name of its kind."""
    return {removal.name: removal.count(user_id) for removal in removals()}


def content_labels(user_id: int) -> list[str]:
    """The same as translated texts: `12 posts`."""
    return [removal.label(removal.count(user_id)) for removal in removals()]
