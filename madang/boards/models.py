"""Boards, and how many posts of each month and day stand on them."""

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
    """A place for posts of one kind. One that is archived takes no new ones."""

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
    __table_args__ = table_args(
        UniqueConstraint("slug"),
        CheckConstraint("kind IN ('qa', 'talk', 'notice', 'gallery')", name="kind"),
    )

    @property
    def is_archived(self) -> bool:
        return self.archived_at is not None


class BoardPeriod(Base):
    """How many posts of a board were written in a month (`period` 202611) or on a day (20261121), in UTC.

    A numbered page is found by walking months, then days, instead of counting every row before it.
    """

    __tablename__ = "board_periods"
    board_id: Mapped[int] = mapped_column(ForeignKey("boards.id", ondelete="CASCADE"), primary_key=True)
    period: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    post_count: Mapped[int]
