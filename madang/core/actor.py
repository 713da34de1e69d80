"""Who acts: the person behind a request, a job or a command, as plain values."""

from dataclasses import dataclass
from datetime import datetime

STAFF = ("moderator", "admin")


@dataclass(frozen=True, slots=True)
class Actor:
    """The one who acts. A visitor has no id; everybody else is an account."""

    id: int | None = None
    username: str = ""
    display_name: str = ""
    role: str = "visitor"  # visitor, member, moderator or admin
    reputation: int = 0
    avatar_url: str | None = None
    locale: str | None = None
    timezone: str | None = None
    is_email_confirmed: bool = False
    is_suspended: bool = False
    suspended_until: datetime | None = None
    suspended_reason: str | None = None
    session_id: int | None = None
    session_used_at: datetime | None = None
    token: str = ""

    @property
    def is_authenticated(self) -> bool:
        return self.id is not None

    @property
    def is_anonymous(self) -> bool:
        return self.id is None

    @property
    def is_active(self) -> bool:
        return self.id is not None

    @property
    def is_staff(self) -> bool:
        return self.role in STAFF

    def get_id(self) -> str:
        """What Flask-Login keeps in the cookie: the session's secret, so that ending the session ends the cookie."""
        return self.token


VISITOR = Actor()
