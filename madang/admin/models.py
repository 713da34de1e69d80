"""Tables of the staff log, and of the settings that were changed in the browser."""

from datetime import datetime

from sqlalchemy import JSON, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from madang.core.db import Base, Id, LongText, table_args

LOGGED_REASON_MAX = 500


class StaffLogEntry(Base):
    """A staff action: `actor_id` did `verb` with the subject `subject_id` of the given `kind`.

    It refers to people by id only, so that deleting an account deletes its name everywhere. A command has no actor.
    """

    __tablename__ = "staff_log"
    id: Mapped[Id]
    actor_id: Mapped[int | None]
    verb: Mapped[str] = mapped_column(String(30))
    kind: Mapped[str] = mapped_column(String(12))
    subject_id: Mapped[int | None]
    reason: Mapped[str] = mapped_column(String(LOGGED_REASON_MAX), default="")
    payload: Mapped[dict[str, object]] = mapped_column(JSON)
    created_at: Mapped[datetime]
    __table_args__ = table_args(
        Index(None, "actor_id", "id"),
        Index(None, "verb", "id"),
        Index(None, "kind", "subject_id", "id"),
    )


class SettingChange(Base):
    """A change of a setting, the `number`th of this `name`: from the text `former` to `value`; None is the default.

    Of a secret no text is kept: `value` is empty where it was set. A command has no actor.
    """

    __tablename__ = "setting_changes"
    id: Mapped[Id]
    name: Mapped[str] = mapped_column(String(40))
    number: Mapped[int]
    former: Mapped[str | None] = mapped_column(LongText)
    value: Mapped[str | None] = mapped_column(LongText)
    actor_id: Mapped[int | None]
    created_at: Mapped[datetime]
    __table_args__ = table_args(UniqueConstraint("name", "number"))
