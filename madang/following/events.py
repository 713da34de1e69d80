"""Events of following."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PersonFollowed:
    follower_id: int
    user_id: int
