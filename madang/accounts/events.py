"""Events of accounts: sign-up, renaming, roles, deletion, merging, sessions, staff actions, data export."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from sqlalchemy import Select


class Archive(Protocol):
    """The export of personal data that subscribers add to (`operations/archive.py`)."""

    def add_rows(self, name: str, rows: Select) -> None: ...

    def add_picture(self, name: str) -> None: ...


@dataclass(frozen=True, slots=True)
class UserSignedUp:
    user_id: int


@dataclass(frozen=True, slots=True)
class UserRenamed:
    """The username or the display name has changed."""

    user_id: int


@dataclass(frozen=True, slots=True)
class UserDeleted:
    user_id: int


@dataclass(frozen=True, slots=True)
class RoleChanged:
    """The role, and with it the permissions, has changed."""

    user_id: int


@dataclass(frozen=True, slots=True)
class EmailReplaced:
    """Staff changed the e-mail address of an account to an unconfirmed one. `former` is the previous address."""

    user_id: int
    former: str | None


@dataclass(frozen=True, slots=True)
class AccountsMerged:
    """Two accounts are being merged: every subscriber reassigns its slice's rows from `source_id` to `target_id`.

    Both accounts still have their counters and posts when this is emitted.
    """

    target_id: int
    source_id: int


@dataclass(frozen=True, slots=True)
class AccountsMergeFinished:
    """Emitted after `AccountsMerged`, when all rows and counters of `source_id` belong to `target_id`."""

    target_id: int
    source_id: int


@dataclass(frozen=True, slots=True)
class StaffActionTaken:
    """A moderator or administrator did `verb` with the subject `subject_id` of the given `kind`.

    `actor_id` is None for a command. `payload` refers to people by id only, so that deleting an account deletes its
    name everywhere.
    """

    actor_id: int | None
    verb: str
    kind: str
    subject_id: int | None
    reason: str
    payload: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class SessionsEnded:
    """Sessions of a person have ended: those listed, or all (None)."""

    user_id: int
    session_ids: tuple[int, ...] | None


@dataclass(frozen=True, slots=True)
class GuestDeleted:
    """A guest is being deleted. Its rows cascade; subscribers remove what they store outside the database."""

    user_id: int


@dataclass(frozen=True, slots=True)
class PersonalDataRequested:
    """A person exports their data: every subscriber adds what its slice stores about them to the archive."""

    user_id: int
    archive: Archive
