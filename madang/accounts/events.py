"""Events of accounts: sign-up, renaming, roles, deletion, merging, sessions, staff actions."""

from collections.abc import Mapping
from dataclasses import dataclass

from .models import FormerAddress


@dataclass(frozen=True, slots=True)
class UserSignedUp:
    user_id: int


@dataclass(frozen=True, slots=True)
class UserRenamed:
    """The username or the display name has changed."""

    user_id: int


@dataclass(frozen=True, slots=True)
class UserDeleted:
    """An account was deleted; what does not outlive it is deleted already (`ownership`)."""

    user_id: int


@dataclass(frozen=True, slots=True)
class RoleChanged:
    """The role, and with it the permissions, has changed."""

    user_id: int


@dataclass(frozen=True, slots=True)
class EmailReplaced:
    """Staff changed the e-mail address of an account to an unconfirmed one."""

    user_id: int
    former: FormerAddress | None


@dataclass(frozen=True, slots=True)
class AddressChanged:
    """The account has another e-mail address, or has confirmed its own."""

    user_id: int


@dataclass(frozen=True, slots=True)
class AccountsMergeStarted:
    """The account `source_id` is being merged into `target_id`. Both still have their own rows and counters."""

    target_id: int
    source_id: int


@dataclass(frozen=True, slots=True)
class AccountsMerged:
    """The account `source_id` was merged: all its rows and counters belong to `target_id`."""

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
    """A guest was deleted, with all its rows."""

    user_id: int
