"""Counters of follows: of people and of tags."""

from madang.accounts.models import User
from madang.core.db.counting import Counter, count_of
from madang.tags.models import Tag

from .models import PERSON, TAG, Follow

COUNTERS = (
    Counter(User, "follower_count", count_of(Follow.kind == PERSON, Follow.target_id == User.id)),
    Counter(User, "following_count", count_of(Follow.kind == PERSON, Follow.follower_id == User.id)),
    Counter(Tag, "follower_count", count_of(Follow.kind == TAG, Follow.target_id == Tag.id)),
)
