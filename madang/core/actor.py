"""The actor: the person behind a request, a job or a command, as plain values."""

import re
from dataclasses import dataclass
from datetime import datetime

STAFF = ("moderator", "admin")
GUEST = "guest"
HANDLE_LENGTH = 6
HANDLE = re.compile(f"[A-Z0-9]{{{HANDLE_LENGTH}}}")  # a guest's name; new ones begin with a digit
TYPED_HANDLE = re.compile("[A-Za-z0-9]{3,20}")  # what a guest may be called by a link


def staff_role(role: str) -> str | None:
    """The role of staff, which stands beside their names; None for everybody else's."""
    return role if role in STAFF else None


@dataclass(frozen=True, slots=True)
class Actor:
    """A person who acts. A visitor has no id; a guest has one, and a handle as username; others have an account."""

    id: int | None = None
    username: str = ""
    display_name: str = ""
    role: str = "visitor"  # visitor, guest, member, moderator or admin
    reputation: int = 0
    avatar_url: str | None = None
    locale: str | None = None
    timezone: str | None = None
    is_email_confirmed: bool = False
    unread_message_count: int = 0
    is_suspended: bool = False
    suspended_until: datetime | None = None
    suspended_reason: str | None = None
    unread_notification_count: int = 0
    session_id: int | None = None
    session_used_at: datetime | None = None
    token: str = ""
    group_ids: frozenset[int] = frozenset()  # of the groups that the actor is a member of

    @property
    def has_identity(self) -> bool:
        """Whether the actor is a row of `users`, as an account or a guest, and so can own rows."""
        return self.id is not None

    @property
    def is_guest(self) -> bool:
        return self.role == GUEST

    @property
    def is_authenticated(self) -> bool:
        """Whether the actor has an account."""
        return self.id is not None and self.role != GUEST

    @property
    def is_anonymous(self) -> bool:
        """Whether the actor has no account: a visitor or a guest."""
        return not self.is_authenticated

    @property
    def is_active(self) -> bool:
        return self.id is not None

    @property
    def face(self) -> tuple[str, str, str | None]:
        """What the top bar shows: handle or username, display name, avatar."""
        return self.username, self.display_name or self.username, self.avatar_url

    @property
    def is_staff(self) -> bool:
        return self.role in STAFF

    def get_id(self) -> str:
        """The value of Flask-Login's cookie: the session's secret, so that logging out invalidates the cookie."""
        return self.token


VISITOR = Actor()
COMMAND_LINE = Actor(role="admin")  # commands on the server, which no account runs
