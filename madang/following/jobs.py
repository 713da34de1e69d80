"""Background jobs that fill and trim feeds and delete follows."""

from collections.abc import Iterable

from madang.core.queue import job, scheduled

from .models import KINDS, PERSON, Target
from .operations.cleanup import delete_follows_of
from .operations.fan_out import fan_out_post, trim_feeds


@job("following.spread")
def fan_out_to_feeds(post_id: int, kinds: Iterable[str] = KINDS) -> None:
    """Add a post to the feeds of the people who follow it by one of these kinds."""
    fan_out_post(post_id, kinds)


@job("following.forget_person")
def delete_follows_of_person(user_id: int) -> None:
    """Delete the follows of a deleted person."""
    delete_follows_of(Target(PERSON, user_id))


@job("following.forget_thing")
def delete_follows_of_subject(kind: str, target_id: int) -> None:
    """Delete the follows of a deleted tag or board."""
    delete_follows_of(Target(kind, target_id))


@scheduled(daily_at=4)
@job("following.trim")
def trim_all_feeds() -> None:
    """Trim each feed to its newest posts."""
    trim_feeds()
