"""The log of what staff does."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from madang.core.db import Base, Id, table_args

REASON_KEPT = 500


class StaffLogEntry(Base):
    """A deed: `verb` by `actor_id` with the thing `kind` `subject_id`.

    It names people by their numbers alone, so that a name goes with its owner. A command has no actor.
    """

    __tablename__ = "staff_log"
    id: Mapped[Id]
    actor_id: Mapped[int | None]
    verb: Mapped[str] = mapped_column(String(30))
    kind: Mapped[str] = mapped_column(String(12))
    subject_id: Mapped[int | None]
    reason: Mapped[str] = mapped_column(String(REASON_KEPT), default="")
    payload: Mapped[dict[str, Any]] = mapped_column(JSON)
    created_at: Mapped[datetime]
    __table_args__ = table_args(
        Index(None, "actor_id", "id"),
        Index(None, "verb", "id"),
        Index(None, "kind", "subject_id", "id"),
    )
