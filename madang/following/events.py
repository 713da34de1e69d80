"""What happens between those who follow and those who are followed."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PersonFollowed:
    follower_id: int
    user_id: int
