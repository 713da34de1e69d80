"""The background work of feeds."""

from collections.abc import Iterable

from madang.core.queue import job, scheduled

from .models import KINDS, PERSON, Target
from .operations.ending import forget_followed
from .operations.fan_out import fan_out_post, trim_feeds


@job("following.spread")
def spread(post_id: int, kinds: Iterable[str] = KINDS) -> None:
    """Put a post into the feeds of those whom it reaches by follows of these kinds."""
    fan_out_post(post_id, kinds)


@job("following.forget_person")
def forget_person(user_id: int) -> None:
    """Nobody follows somebody who has left."""
    forget_followed(Target(PERSON, user_id))


@job("following.forget_thing")
def forget_thing(kind: str, target_id: int) -> None:
    """Nobody follows a tag or a board that was deleted."""
    forget_followed(Target(kind, target_id))


@scheduled(daily_at=4)
@job("following.trim")
def trim() -> None:
    """Keep the newest posts of each feed."""
    trim_feeds()
