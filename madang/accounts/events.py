"""What happens to accounts."""

from dataclasses import dataclass
from typing import Any, Protocol

from sqlalchemy import Select


class Archive(Protocol):
    """The file of personal data that subscribers fill (`operations/archive.py`)."""

    def add_rows(self, name: str, rows: Select) -> None: ...

    def add_picture(self, name: str) -> None: ...


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
class RoleChanged:
    """What the person may see and do is something else now."""

    user_id: int


@dataclass(frozen=True, slots=True)
class EmailReplaced:
    """Staff gave an account another address, which nobody has confirmed. `former` is the one that it had."""

    user_id: int
    former: str | None


@dataclass(frozen=True, slots=True)
class AccountsMerged:
    """Two accounts are one person's: everything of `gone_id` belongs to `kept_id` from now on.

    Every slice moves its own rows. Both accounts still stand as they were, with their counters and posts.
    """

    kept_id: int
    gone_id: int


@dataclass(frozen=True, slots=True)
class AccountsJoined:
    """The merge is done: what `gone_id` wrote stands under the name of `kept_id`."""

    kept_id: int
    gone_id: int


@dataclass(frozen=True, slots=True)
class StaffActionTaken:
    """Somebody did something as a moderator or administrator: `verb` with the thing `kind` `subject_id`.

    `actor_id` is None for a command. `payload` names no people but by their ids: names go when their owners do.
    """

    actor_id: int | None
    verb: str
    kind: str
    subject_id: int | None
    reason: str
    payload: dict[str, Any]


@dataclass(frozen=True, slots=True)
class SessionsEnded:
    """Somebody was logged out: of these sessions, or of all (None)."""

    user_id: int
    session_ids: tuple[int, ...] | None


@dataclass(frozen=True, slots=True)
class GuestDeleted:
    """A guest goes: its rows go with it by themselves; what lies outside the database is for the slices to remove."""

    user_id: int


@dataclass(frozen=True, slots=True)
class PersonalDataAsked:
    """A person downloads their data: every slice adds what it keeps of them to the archive."""

    user_id: int
    archive: Archive
