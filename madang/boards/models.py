"""Tables of boards, and of their numbers of posts per month and day."""

from datetime import datetime
from typing import Literal

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from madang.core.db import Base, Id, table_args

BoardKind = Literal["qa", "talk", "notice", "gallery"]
BOARD_KINDS: tuple[BoardKind, ...] = ("qa", "talk", "notice", "gallery")
SLUG_MAX = 40
NAME_MAX = 60
DESCRIPTION_MAX = 300


class Board(Base):
    """A board for posts of one kind. An archived board accepts no new posts; `uses_math` makes formulas of `$…$`."""

    __tablename__ = "boards"
    id: Mapped[Id]
    slug: Mapped[str] = mapped_column(String(SLUG_MAX))
    kind: Mapped[str] = mapped_column(String(10))
    name: Mapped[str] = mapped_column(String(NAME_MAX))
    description: Mapped[str] = mapped_column(String(DESCRIPTION_MAX), default="")
    position: Mapped[int] = mapped_column(default=0)
    post_count: Mapped[int] = mapped_column(default=0)
    unanswered_count: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime]
    archived_at: Mapped[datetime | None]
    uses_math: Mapped[bool] = mapped_column(default=False)
    __table_args__ = table_args(
        UniqueConstraint("slug"),
        CheckConstraint("kind IN ('qa', 'talk', 'notice', 'gallery')", name="kind"),
    )

    @property
    def is_archived(self) -> bool:
        return self.archived_at is not None


class BoardPeriod(Base):
    """The number of posts on a board written in a month (`period` 202611) or on a day (20261121), in UTC.

    They locate the start of a numbered page without counting every row before it.
    """

    __tablename__ = "board_periods"
    board_id: Mapped[int] = mapped_column(ForeignKey("boards.id", ondelete="CASCADE"), primary_key=True)
    period: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    post_count: Mapped[int]
