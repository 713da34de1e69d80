"""What happens to accounts."""

from dataclasses import dataclass

from .archive import Archive


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


@dataclass(frozen=True, slots=True)
class PersonalDataAsked:
    """A person downloads their data: every slice adds what it keeps of them to the archive."""

    user_id: int
    archive: Archive
