"""What happens to accounts."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class UserSignedUp:
    user_id: int


@dataclass(frozen=True, slots=True)
class UserRenamed:
    """The name that others see has changed."""

    user_id: int


@dataclass(frozen=True, slots=True)
class UserDeleted:
    user_id: int
